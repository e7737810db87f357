import type { OperationInput } from '../../shared/host-api';
import type { Job, JobRequest } from '../../shared/jobs';
import type { ActionContext } from './action-context';
import { shownJob } from '../app-store';
import { isFinished, renderingJob } from '../model/job-table';

/** What can be done with jobs and the queue. */
export function createJobActions({ store, set, call }: ActionContext) {
  return {
    selectJob(id: number): void {
      set({ selectedJob: id, pinnedFrame: null });
    },
    async pauseJob(job: Job): Promise<void> {
      await call('job.pause', { id: job.id });
    },
    async resumeJob(job: Job): Promise<void> {
      await call('job.resume', { id: job.id });
    },
    async cancel(job: Job): Promise<void> {
      await call('job.cancel', { id: job.id });
    },
    /** Cancels what is shown if it is still going, else what is rendering. */
    async cancelCurrent(): Promise<void> {
      const state = store.getState();
      const shown = shownJob(state);
      const job = shown && !isFinished(shown) ? shown : renderingJob(state.model.jobs);
      if (job) await call('job.cancel', { id: job.id });
    },
    /** Renders a job's frames once more: all, or those that failed or were never rendered. */
    async requeue(job: Job, frames: 'all' | 'failed'): Promise<void> {
      if (await call('job.requeue', { id: job.id, frames })) set({ selectedJob: job.id, pinnedFrame: null });
    },
    /**
     * The same once more as a new job, over the images that are there. To requeue it would leave its frames out again, and a duplicate could have done so before it is told to
     * overwrite.
     */
    async renderOver(job: Job): Promise<void> {
      const { installation, views: _, ...settings } = job.settings;
      const own = Object.fromEntries(
        Object.entries({ ...settings, engine: installation }).filter(([, value]) => value !== null),
      );
      const copy = await call('job.submit', { ...own, scene: settings.scene, overwrite: true } as JobRequest);
      if (copy) set({ selectedJob: copy.id, pinnedFrame: null });
    },
    async duplicate(job: Job): Promise<void> {
      const copy = await call('job.duplicate', { id: job.id });
      if (copy) set({ selectedJob: copy.id, pinnedFrame: null });
    },
    /** Puts a job before another in the queue; null: at its end. */
    async moveJob(id: number, before: number | null): Promise<void> {
      if (id !== before) await call('job.move', { id, before });
    },
    /** One place up or down, or to either end, among the jobs that have not ended. */
    async stepJob(id: number, to: 'up' | 'down' | 'first' | 'last'): Promise<void> {
      const { open } = store.getState().model.jobs;
      const at = open.indexOf(id);
      if (
        at === -1 ||
        (at === 0 && (to === 'up' || to === 'first')) ||
        (at === open.length - 1 && (to === 'down' || to === 'last'))
      )
        return;
      const before = { up: open[at - 1], down: open[at + 2], first: open[0], last: undefined }[to];
      await call('job.move', { id, before: before ?? null });
    },
    editJob(job: Job): void {
      set({ dialog: 'edit-job', dialogJob: job.id });
    },
    /** Says what would go, and asks. */
    askToDelete(job: Job): void {
      set({ dialog: 'delete-job', dialogJob: job.id });
    },
    async pauseQueue(after: NonNullable<OperationInput<'queue.pause'>['after']>): Promise<void> {
      await call('queue.pause', { after });
    },
    async resumeQueue(): Promise<void> {
      await call('queue.resume', {});
    },
  };
}
