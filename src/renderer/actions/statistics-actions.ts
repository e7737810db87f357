import { t } from '../../shared/texts/translate';
import type { StatisticsView } from '../app-store';
import type { ActionContext } from './action-context';

/**
 * What the Statistics workspace shows, and what leads from there.
 *
 * @param revealJob shows a job that may be anywhere
 * @param openFrame shows a frame for itself
 */
export function createStatisticsActions(
  { store, set, tell }: ActionContext,
  revealJob: (id: number) => void,
  openFrame: (job: number, frame: number) => void,
) {
  return {
    setStatisticsView(change: Partial<StatisticsView>): void {
      set({ statistics: { ...store.getState().statistics, ...change } });
    },
    /** Shows a frame in the Render workspace, with its job selected. */
    showPoint(job: number, frame: number): void {
      if (!store.getState().model.jobs.byId.has(job)) {
        tell(
          'info',
          t('Job {job} is not in the list any more, so frame {frame} can’t be shown.', {
            job: String(job),
            frame: String(frame),
          }),
          { topic: 'statistics', passing: true },
        );
        return;
      }
      revealJob(job);
      openFrame(job, frame);
    },
  };
}
