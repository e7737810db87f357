import { useEffect, useState } from 'react';
import type { JobState } from '../../shared/jobs';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Dialog } from '../controls/dialog';
import { CheckBox } from '../controls/field';
import { formatCount, JOB_STATE_WORDS } from '../model/format';
import { stateCounts } from '../model/queue-filter';
import './small-dialogs.css';

type Ended = (typeof STATES)[number];
const STATES = ['completed', 'cancelled', 'failed'] as const satisfies readonly JobState[];

/** Which of the jobs that have ended leave the list. Those that failed stay unless they are ticked. */
export function ClearFinishedDialog() {
  const { actions } = useApp();
  const counts = useCounts();
  const [chosen, setChosen] = useState<readonly Ended[]>(['completed', 'cancelled']);
  const states = chosen.filter((state) => counts[state] > 0);
  return (
    <Dialog title={t('Clear Finished')} size="small" onClose={() => actions.showDialog(null)}>
      <div className="small-form">
        <p>{t('The jobs and the records of their frames are removed. Their images stay on disk.')}</p>
        <div className="delete-files">
          {STATES.map((state) => (
            <CheckBox
              key={state}
              label={`${t(JOB_STATE_WORDS[state])} (${formatCount(counts[state])})`}
              checked={chosen.includes(state) && counts[state] > 0}
              disabled={counts[state] === 0}
              onChange={(on) => setChosen(on ? [...chosen, state] : chosen.filter((one) => one !== state))}
            />
          ))}
        </div>
        <div className="small-buttons">
          <Button onClick={() => actions.showDialog(null)}>{t('Keep')}</Button>
          <Button
            kind="primary"
            data-autofocus=""
            disabled={states.length === 0}
            onClick={() => {
              actions.showDialog(null);
              void actions.clearFinished(states);
            }}
          >
            {t('Clear')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** How many jobs the host has in each state. The window lists its newest only, which are counted until it has answered. */
function useCounts(): Record<Ended, number> {
  const { client } = useApp();
  const jobs = useAppState((state) => state.model.jobs);
  const held = useAppState((state) => state.model.held);
  const [totals, setTotals] = useState<Record<Ended, number> | null>(null);
  useEffect(() => {
    let live = true;
    const count = async (state: Ended): Promise<[Ended, number]> => [
      state,
      (await client.call('job.list', { states: [state], limit: 1 })).total,
    ];
    Promise.all(STATES.map(count)).then(
      (counted) => live && setTotals(Object.fromEntries(counted) as Record<Ended, number>),
      // Clearing says what is wrong.
      () => {},
    );
    return () => {
      live = false;
    };
  }, [client]);
  if (totals === null) return stateCounts(jobs);
  // Those that are about to be deleted are still the host's.
  const leaving = stateCounts({ byId: held });
  return {
    completed: totals.completed - leaving.completed,
    cancelled: totals.cancelled - leaving.cancelled,
    failed: totals.failed - leaving.failed,
  };
}
