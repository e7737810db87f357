import { useState } from 'react';
import { useApp, useAppState } from '../../app-context';
import { Button } from '../../controls/button';
import { PopupMenu } from '../../controls/popup-menu';
import { formatCount } from '../../model/format';
import { AddonPanels } from '../addon-panels';
import { Area } from '../area';
import { JobList } from './job-list';
import { QueueState } from './queue-state';
import './queue.css';

/** The jobs: those to come in the host's order, and below them those that have ended. */
export function Queue() {
  const open = useAppState((state) => state.model.jobs.open.length);
  const finished = useAppState((state) => state.model.jobs.finished.length);
  return (
    <Area
      name="Queue"
      className="queue"
      tools={
        <>
          <span className="dim">
            {open + finished === 0 ? '' : open === 0 ? 'All finished' : `${formatCount(open)} to do`}
          </span>
          <QueueButton />
        </>
      }
    >
      <QueueState />
      {open + finished === 0 ? (
        <p className="queue-empty">
          No jobs yet. Press F12 to render the current frame, or Ctrl+F12 for the whole animation.
        </p>
      ) : (
        <JobList />
      )}
      <AddonPanels place="job" />
    </Area>
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
        aria-label="Resume queue"
        title="Resume the queue"
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
        aria-label="Pause queue"
        title="Pause the queue"
        aria-haspopup="menu"
        aria-expanded={menu !== null}
        onClick={(event) => {
          const { left, bottom } = event.currentTarget.getBoundingClientRect();
          setMenu({ x: left, y: bottom + 2 });
        }}
      />
      {menu && (
        <PopupMenu
          label="Pause queue"
          at={menu}
          onClose={() => setMenu(null)}
          items={[
            { label: 'Pause Now', run: () => void actions.pauseQueue('now') },
            { label: 'Pause After Current Frames', run: () => void actions.pauseQueue('frame') },
            { label: 'Pause After Current Job', run: () => void actions.pauseQueue('job') },
          ]}
        />
      )}
    </>
  );
}
