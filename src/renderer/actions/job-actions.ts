import type { OperationInput } from '../../shared/host-api';
import type { Job } from '../../shared/jobs';
import { msg, t } from '../../shared/texts/translate';
import type { ActionContext } from './action-context';
import { copyOf } from './job-copy';
import { shownJob, type AppState } from '../app-store';
import { againWords, allCancelled, offersNewVersion } from '../model/job-sentences';
import { isFinished, renderingJob } from '../model/job-table';

/** What can be done with jobs and the queue. @param revealJob shows a job that may be anywhere in the list */
export function createJobActions(
  { client, store, set, call, tell, refused, eachJob }: ActionContext,
  revealJob: (id: number) => void,
) {
  const jobsOf = (ids: readonly number[]): Job[] => {
    const { byId } = store.getState().model.jobs;
    return ids.flatMap((id) => byId.get(id) ?? []);
  };
  /** Those to come last first, so that no worker begins with one that is about to be stopped. */
  const lastFirst = (jobs: readonly Job[]): number[] => {
    const rank = new Map(store.getState().model.jobs.open.map((id, at) => [id, at]));
    return jobs.map(({ id }) => id).sort((a, b) => (rank.get(b) ?? 0) - (rank.get(a) ?? 0));
  };

  /** Cancels jobs, says so once, and offers to take it back. */
  async function cancelJobs(ids: readonly number[]): Promise<void> {
    const before = new Map(jobsOf(ids).map((job) => [job.id, job]));
    const ended: Job[] = [];
    await eachJob(lastFirst(jobsOf(ids).filter((job) => !isFinished(job))), msg('cancelled'), async (id) => {
      const job = await client.call('job.cancel', { id });
      if (job.state === 'cancelled') ended.push(job);
    });
    if (ended.length === 0) return;
    const undo = (): Promise<unknown> =>
      eachJob(
        ended.map(({ id }) => id),
        msg('taken up again'),
        async (id) => {
          await client.call('job.requeue', { id, frames: 'remaining' });
          if (before.get(id)?.state === 'paused') await client.call('job.pause', { id });
        },
      );
    tell('info', allCancelled(ended), {
      topic: ended.length === 1 ? topicOf(ended[0]!.id) : `cancelled ${ended.map(({ id }) => id).join()}`,
      passing: true,
      action: { label: t('Undo'), run: () => void undo() },
    });
  }
  const cancel = (job: Job): Promise<void> => cancelJobs([job.id]);

  /** A copy of a job, which is shown. */
  async function copy(of: OperationInput<'job.duplicate'>): Promise<void> {
    const made = await call('job.duplicate', of);
    if (made) revealJob(made.id);
  }

  /** Renders a job's frames once more: all, those that failed or were never rendered, or only the latter. */
  async function requeue({ id }: Pick<Job, 'id'>, frames: 'all' | 'failed' | 'remaining'): Promise<void> {
    const requeued = await call('job.requeue', { id, frames }, (sentence) =>
      offersNewVersion(sentence) ? { label: t('New Version'), run: () => void copy({ id, newVersion: true }) } : null,
    );
    if (requeued) revealJob(id);
  }
  const requeueEach = (jobs: readonly Job[], frames: 'all' | 'failed'): Promise<unknown> =>
    eachJob(
      jobs.map(({ id }) => id),
      msg('rendered again'),
      (id) => client.call('job.requeue', { id, frames }),
    );

  /** Renders all frames of jobs once more, whatever is there. */
  async function requeueAll(ids: readonly number[]): Promise<void> {
    const [only] = ids;
    if (only !== undefined && ids.length === 1) await requeue({ id: only }, 'all');
    else await requeueEach(jobsOf(ids).filter(isFinished), 'all');
  }

  return {
    cancelJobs,
    async pauseJobs(ids: readonly number[]): Promise<void> {
      const going = jobsOf(ids).filter((job) => !isFinished(job) && job.state !== 'paused');
      await eachJob(lastFirst(going), msg('paused'), (id) => client.call('job.pause', { id }));
    },
    async resumeJobs(ids: readonly number[]): Promise<void> {
      const paused = jobsOf(ids).filter(({ state }) => state === 'paused');
      await eachJob(
        paused.map(({ id }) => id),
        msg('resumed'),
        (id) => client.call('job.resume', { id }),
      );
    },
    /** Renders those frames of several jobs once more that failed or were never rendered. */
    async requeueFailed(ids: readonly number[]): Promise<void> {
      const able = jobsOf(ids).filter((job) => againWords(job) !== null);
      await requeueEach(able, 'failed');
    },
    requeueAll,
    /** Does that at once where no image is there yet; else it says how many are rendered anew, and asks. */
    async askToRenderAll(ids: readonly number[]): Promise<void> {
      if (refused()) return;
      if (jobsOf(ids).some(({ frames }) => frames.done > 0))
        set({ dialog: 'render-again', dialogJobs: ids, dialogFrames: [] });
      else await requeueAll(ids);
    },
    /** Asks for the priority that jobs are to have. */
    askForPriority(ids: readonly number[]): void {
      if (!refused()) set({ dialog: 'set-priority', dialogJobs: ids });
    },
    async pauseJob(job: Job): Promise<void> {
      await call('job.pause', { id: job.id });
    },
    async resumeJob(job: Job): Promise<void> {
      await call('job.resume', { id: job.id });
    },
    /** Cancels a job, says so, and offers to take it back. */
    cancel,
    /** Cancels what is rendering, the job shown before others; never one that waits. */
    async cancelRendering(): Promise<void> {
      const job = renderingNow(store.getState());
      if (job) await cancel(job);
    },
    requeue,
    /**
     * The same once more as a new job, over the images that are there. To requeue it would leave its frames out again,
     * and a duplicate could have done so before it is told to overwrite.
     */
    async renderOver(job: Job): Promise<void> {
      const copy = await call('job.submit', copyOf(job, { overwrite: true }));
      if (copy) revealJob(copy.id);
    },
    duplicate: ({ id }: Job): Promise<void> => copy({ id }),
    editJob(job: Job): void {
      if (!refused()) set({ dialog: 'edit-job', dialogJob: job.id });
    },
    async pauseQueue(after: NonNullable<OperationInput<'queue.pause'>['after']>): Promise<void> {
      await call('queue.pause', { after });
    },
    async resumeQueue(): Promise<void> {
      await call('queue.resume', {});
    },
  };
}

/** What Esc ends: the job shown while it is rendering, else the first that is. */
function renderingNow(state: AppState): Job | null {
  const shown = shownJob(state);
  return shown?.state === 'rendering' ? shown : renderingJob(state.model.jobs);
}

/** Of messages about a job's end. */
export function topicOf(jobId: number): string {
  return `job ${jobId}`;
}
