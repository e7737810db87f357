import { useState } from 'react';
import { t } from '../../../shared/texts/translate';
import { useApp, useAppState } from '../../app-context';
import { Button } from '../../controls/button';
import { below, PopupMenu } from '../../controls/popup-menu';
import { formatCount } from '../../model/format';
import { bulkMenu, bulkTargets } from './bulk-menu';

/** What can be done with the selected jobs, where there are several. */
export function SelectionBar() {
  const app = useApp();
  const { actions } = app;
  const { ids } = useAppState((state) => state.selection);
  // What can be done with them changes with their states.
  const jobs = useAppState((state) => state.model.jobs);
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  const targets = bulkTargets(ids, jobs.byId);
  const tool = (label: string, icon: 'pause' | 'play' | 'stop' | 'bin', able: readonly number[], run: () => void) => (
    <Button
      changes
      kind="bare"
      icon={icon}
      disabled={able.length === 0}
      aria-label={t('{label} selected jobs', { label })}
      title={
        able.length === 0
          ? t('{label}: for none of them', { label })
          : t('{label} {count} of {size}', { label, count: formatCount(able.length), size: formatCount(ids.size) })
      }
      onClick={run}
    />
  );
  const selected = t('{count} selected', { count: ids.size });
  return (
    <div className="queue-selection" role="toolbar" aria-label={t('Selected jobs')}>
      <span className="queue-selected-count" role="status" title={selected}>
        {selected}
      </span>
      {tool(t('Pause'), 'pause', targets.pause, () => void actions.pauseJobs(targets.pause))}
      {tool(t('Resume'), 'play', targets.resume, () => void actions.resumeJobs(targets.resume))}
      {tool(t('Cancel'), 'stop', targets.cancel, () => void actions.cancelJobs(targets.cancel))}
      {tool(t('Delete'), 'bin', targets.remove, () => actions.askToDeleteJobs([...ids]))}
      <Button
        kind="bare"
        icon="dots"
        aria-label={t('Actions for selected jobs')}
        title={t('More actions')}
        aria-haspopup="menu"
        onClick={(event) => setMenu(below(event.currentTarget))}
      />
      <Button
        kind="bare"
        icon="cross"
        aria-label={t('Clear selection')}
        title={t('Clear selection (Esc)')}
        onClick={() => actions.clearSelection()}
      />
      {menu && (
        <PopupMenu
          label={t('Actions for selected jobs')}
          at={menu}
          items={bulkMenu([...ids], app)}
          onClose={() => setMenu(null)}
        />
      )}
    </div>
  );
}
