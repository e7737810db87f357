import type { OperationInput } from '../../shared/host-api';
import type { Job, JobRequest } from '../../shared/jobs';
import type { ActionContext } from './action-context';
import { shownJob, type AppState } from '../app-store';
import { cancelled, priorityChanged } from '../model/job-sentences';
import { priorityGroups, renderingJob } from '../model/job-table';
import { signed } from '../model/format';

/** What can be done with jobs and the queue. */
export function createJobActions({ store, set, call, tell, refused }: ActionContext) {
  const selectJob = (id: number): void => set({ subject: { kind: 'job', id }, pinnedFrame: null });
  /** Shows a job that may be anywhere in the list. */
  const revealJob = (id: number): void =>
    set({ subject: { kind: 'job', id }, pinnedFrame: null, revealed: { job: id } });

  async function cancel(job: Job): Promise<void> {
    const ended = await call('job.cancel', { id: job.id });
    if (!ended || ended.state !== 'cancelled') return;
    const action = { label: 'Undo', run: () => void call('job.requeue', { id: job.id, frames: 'failed' }) };
    tell('info', cancelled(ended), { topic: topicOf(job.id), action });
  }

  /** Gives a job another priority and ranks it before another, and says so. */
  async function moveToPriority(job: Job, priority: number, before: number | null): Promise<void> {
    const group = priorityGroups(store.getState().model.jobs).find((one) => one.priority === job.priority)?.ids ?? [];
    const next = group[group.indexOf(job.id) + 1] ?? null;
    if (
      !(await call('job.edit', { id: job.id, changes: { priority } })) ||
      !(await call('job.move', { id: job.id, before }))
    )
      return;
    const undo = async (): Promise<void> => {
      if (await call('job.edit', { id: job.id, changes: { priority: job.priority } }))
        await call('job.move', { id: job.id, before: next });
    };
    tell('info', priorityChanged(job, priority), {
      topic: `priority ${job.id}`,
      action: { label: 'Undo', run: () => void undo() },
    });
  }

  return {
    selectJob,
    revealJob,
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
    /** Renders a job's frames once more: all, or those that failed or were never rendered. */
    async requeue(job: Job, frames: 'all' | 'failed'): Promise<void> {
      if (await call('job.requeue', { id: job.id, frames })) revealJob(job.id);
    },
    /**
     * The same once more as a new job, over the images that are there. To requeue it would leave its frames out again,
     * and a duplicate could have done so before it is told to overwrite.
     */
    async renderOver(job: Job): Promise<void> {
      const { installation, views: _, ...settings } = job.settings;
      const own = Object.fromEntries(
        Object.entries({ ...settings, engine: installation }).filter(([, value]) => value !== null),
      );
      const copy = await call('job.submit', { ...own, scene: settings.scene, overwrite: true } as JobRequest);
      if (copy) revealJob(copy.id);
    },
    async duplicate(job: Job): Promise<void> {
      const copy = await call('job.duplicate', { id: job.id });
      if (copy) revealJob(copy.id);
    },
    /**
     * Puts a job beside another, where it is rendered just before or after that one: among jobs of another priority it
     * gets theirs, and the person is told.
     *
     * @param below whether after it
     */
    async dropJob(id: number, target: number, below: boolean): Promise<void> {
      const { jobs } = store.getState().model;
      const [job, other] = [jobs.byId.get(id), jobs.byId.get(target)];
      if (!job || !other || id === target) return;
      const group = priorityGroups(jobs).find(({ priority }) => priority === other.priority)?.ids ?? [];
      const others = group.filter((one) => one !== id);
      const at = others.indexOf(target) + (below ? 1 : 0);
      // Already there.
      if (job.priority === other.priority && group.indexOf(id) === at) return;
      const before = others[at] ?? null;
      if (job.priority === other.priority) await call('job.move', { id, before });
      else await moveToPriority(job, other.priority, before);
    },
    /** One rank up or down, or to either end, among the jobs of its priority. */
    async stepJob(id: number, to: 'up' | 'down' | 'first' | 'last'): Promise<void> {
      const groups = priorityGroups(store.getState().model.jobs);
      const group = groups.find(({ ids }) => ids.includes(id));
      if (!group) return;
      const { ids, priority } = group;
      const at = ids.indexOf(id);
      const upwards = to === 'up' || to === 'first';
      if (at === (upwards ? 0 : ids.length - 1)) {
        const beyond = groups[groups.indexOf(group) + (upwards ? -1 : 1)];
        if (beyond)
          tell(
            'info',
            `This job is already the ${upwards ? 'first' : 'last'} of priority ${signed(priority)}. To move it ${upwards ? 'before' : 'behind'} jobs of another priority, drag it there or change its priority (F2).`,
            { topic: 'step' },
          );
        return;
      }
      const before = { up: ids[at - 1], down: ids[at + 2], first: ids[0], last: undefined }[to];
      await call('job.move', { id, before: before ?? null });
    },
    editJob(job: Job): void {
      if (!refused()) set({ dialog: 'edit-job', dialogJob: job.id });
    },
    /** Says what would go, and asks. */
    askToDelete(job: Job): void {
      if (!refused()) set({ dialog: 'delete-job', dialogJob: job.id });
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
