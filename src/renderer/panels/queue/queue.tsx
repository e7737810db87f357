import { useState } from 'react';
import { t } from '../../../shared/texts/translate';
import { useApp, useAppState } from '../../app-context';
import { Button } from '../../controls/button';
import { below, PopupMenu } from '../../controls/popup-menu';
import { formatCount } from '../../model/format';
import { useReadOnly } from '../../read-only';
import { isMultiple } from '../../model/job-selection';
import { keyWords } from '../../model/key-words';
import { isFiltering } from '../../model/queue-filter';
import { AddonPanels } from '../addon-panels';
import { Area } from '../area';
import { FilterBar } from './filter-bar';
import { JobList } from './job-list';
import { QueueState } from './queue-state';
import { SelectionBar } from './selection-bar';
import { queueViewMenu } from './view-menu';
import './queue.css';

/** As many jobs as fit into a small window as cards: with more of them one looks for something. */
const FEW = 12;

/** The jobs: those to come in the host's order, and below them those that have ended. */
export function Queue() {
  const open = useAppState((state) => state.model.jobs.open.length);
  const finished = useAppState((state) => state.model.jobs.finished.length);
  const density = useAppState((state) => state.view.queue.density);
  const sorted = useAppState((state) => state.view.queue.sort !== null);
  const filter = useAppState((state) => state.filter);
  const several = useAppState((state) => isMultiple(state.selection));
  const readOnly = useReadOnly();
  const hasScene = useAppState(({ model }) => model.host?.scene != null);
  const many = open + finished > FEW;
  const rows = density === 'rows' || (density === 'auto' && many);
  return (
    <Area
      name={t('Queue')}
      className="queue"
      tools={
        <>
          <span className="queue-count dim">
            {open + finished === 0
              ? ''
              : open === 0
                ? t('All finished')
                : t('{open} to do', { open: formatCount(open) })}
          </span>
          <SearchButton />
          <ViewButton />
          <QueueButton />
        </>
      }
    >
      <QueueState />
      {open + finished === 0 ? (
        <p className="queue-empty">
          {readOnly !== null
            ? t('No jobs yet.')
            : hasScene
              ? t('No jobs yet. Press F12 to render the current frame, or Ctrl+F12 for the whole animation.')
              : t('No jobs yet. Open a scene first ({keys}), or drop one on this window.', {
                  keys: keyWords('Ctrl+O'),
                })}
        </p>
      ) : (
        <>
          {(many || filter.open || isFiltering(filter) || sorted) && <FilterBar />}
          <JobList rows={rows} />
          {several && <SelectionBar />}
        </>
      )}
      <AddonPanels place="job" />
    </Area>
  );
}

function SearchButton() {
  const { actions } = useApp();
  return (
    <Button
      kind="bare"
      icon="search"
      className="queue-button"
      aria-label={t('Search the queue')}
      title={t('Search the queue (Ctrl+F)')}
      onClick={() => actions.searchJobs()}
    />
  );
}

/** Density, order and columns; and what is done with the list as a whole. */
function ViewButton() {
  const app = useApp();
  const { actions } = app;
  const rendering = useAppState((state) => state.model.jobs.rendering.length);
  const finished = useAppState((state) => state.model.jobs.finished.length);
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  return (
    <>
      <Button
        kind="bare"
        icon="list"
        className="queue-button"
        aria-label={t('View of the queue')}
        title={t('Density, order and columns')}
        aria-haspopup="menu"
        aria-expanded={menu !== null}
        onClick={(event) => setMenu(below(event.currentTarget))}
      />
      {menu && (
        <PopupMenu
          label={t('View of the queue')}
          at={menu}
          onClose={() => setMenu(null)}
          items={[
            {
              label: t('Go to What Is Rendering'),
              keys: 'Ctrl+G',
              disabled: rendering === 0,
              run: () => actions.goToRendering(),
            },
            {
              label: t('Clear Finished…'),
              changes: true,
              disabled: finished === 0,
              run: () => actions.askToClearFinished(),
            },
            ...queueViewMenu(app),
          ]}
        />
      )}
    </>
  );
}

/** Stops the whole queue, in one of three ways, or lets it go on. */
function QueueButton() {
  const { actions } = useApp();
  const state = useAppState(({ model }) => model.host?.queue.state ?? 'running');
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  if (state !== 'running')
    return (
      <Button
        changes
        kind="bare"
        icon="play"
        className="queue-button"
        aria-label={t('Resume queue')}
        title={t('Resume the queue')}
        onClick={() => void actions.resumeQueue()}
      />
    );
  return (
    <>
      <Button
        changes
        kind="bare"
        icon="pause"
        className="queue-button"
        aria-label={t('Pause queue')}
        title={t('Pause the queue')}
        aria-haspopup="menu"
        aria-expanded={menu !== null}
        onClick={(event) => setMenu(below(event.currentTarget))}
      />
      {menu && (
        <PopupMenu
          label={t('Pause queue')}
          at={menu}
          onClose={() => setMenu(null)}
          items={[
            { label: t('Pause Now'), run: () => void actions.pauseQueue('now') },
            { label: t('Pause After Current Frames'), run: () => void actions.pauseQueue('frame') },
            { label: t('Pause After Current Job'), run: () => void actions.pauseQueue('job') },
          ]}
        />
      )}
    </>
  );
}
