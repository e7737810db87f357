import { MAX_PAGE } from '../../shared/host-api';
import { FINAL_JOB_STATES, type Job, type JobState } from '../../shared/jobs';
import { msg, t } from '../../shared/texts/translate';
import { LEADING } from '../model/subject';
import { holdJobs, releaseJobs } from '../model/host-model';
import type { ActionContext } from './action-context';

/** How long a deletion can be taken back, in milliseconds. */
const UNDO_MS = 10_000;

/**
 * Deleting jobs. The host deletes only once there is no way back: until then they are gone from this window, and those
 * that wait are paused, so that none renders unseen. When the window is closed or loaded anew they are there again.
 */
export function createDeletionActions({
  client,
  store,
  set,
  tell,
  settle,
  refused,
  call,
  eachJob,
  withBusy,
}: ActionContext) {
  let lastDeletion = 0;

  const release = (ids: readonly number[]): void => set({ model: releaseJobs(store.getState().model, ids) });

  /** @returns number of files that went with it */
  async function removeJob(id: number, files: boolean): Promise<number> {
    // Its turn may have come meanwhile, and the person has said that it is to go.
    const job = store.getState().model.held.get(id);
    if (job?.state === 'rendering') await client.call('job.cancel', { id });
    return (await client.call('job.remove', { id, files })).filesDeleted;
  }

  /** Pauses those of the jobs that wait, the last first, so that no worker begins with one. @returns those paused */
  async function pauseWaiting(ids: readonly number[]): Promise<number[]> {
    const { open, byId } = store.getState().model.jobs;
    const wanted = new Set(ids);
    const waiting = open.filter((id) => wanted.has(id) && byId.get(id)!.state === 'queued');
    return eachJob(waiting.toReversed(), msg('paused'), (id) => client.call('job.pause', { id }));
  }

  /** Brings jobs back; those that wait again are those that were paused. */
  async function takeBack(ids: readonly number[], paused: Promise<readonly number[]>): Promise<void> {
    release(ids);
    const back = new Set(ids);
    const resumed = (await paused).filter((id) => back.has(id)).toReversed();
    await eachJob(resumed, msg('resumed'), (id) => client.call('job.resume', { id }));
  }

  async function commit(ids: readonly number[], files: boolean, paused: Promise<readonly number[]>): Promise<void> {
    await paused;
    let count = 0;
    const removed = new Set(
      await eachJob(ids, msg('deleted'), async (id) => {
        count += await removeJob(id, files);
      }),
    );
    const left = ids.filter((id) => !removed.has(id));
    if (left.length > 0) await takeBack(left, paused);
    if (files && count > 0)
      tell('info', t('{count, plural, one {# file was deleted.} other {# files were deleted.}}', { count }), {
        passing: true,
      });
  }

  /** Deletes jobs, and their images where that is asked for, unless it is taken back in time. */
  function deleteJobs(ids: readonly number[], files: boolean): void {
    if (ids.length === 0 || refused()) return;
    const { model, subject } = store.getState();
    const [name] = ids.flatMap((id) => model.jobs.byId.get(id)?.name ?? []);
    const paused = pauseWaiting(ids);
    set({ model: holdJobs(model, ids) });
    if (subject.kind === 'job' && ids.includes(subject.id)) set({ subject: LEADING, pinnedFrame: null });
    const topic = `deletion ${++lastDeletion}`;
    const timer = setTimeout(() => {
      settle(topic);
      void commit(ids, files, paused);
    }, UNDO_MS);
    const undo = (): void => {
      clearTimeout(timer);
      void takeBack(ids, paused);
    };
    const values = { count: ids.length, name: name ?? '', id: String(ids[0]) };
    const told =
      ids.length === 1 && name !== undefined
        ? files
          ? t('{name} (job {id}) is deleted, with the files.', values)
          : t('{name} (job {id}) is deleted.', values)
        : files
          ? t(
              '{count, plural, one {# job is deleted, with the files.} other {# jobs are deleted, with the files.}}',
              values,
            )
          : t('{count, plural, one {# job is deleted.} other {# jobs are deleted.}}', values);
    tell('info', told, {
      topic,
      action: { label: t('Undo'), run: undo },
    });
  }

  return {
    deleteJobs,
    /** Says what would go, and asks. */
    askToDelete(job: Job): void {
      if (!refused()) set({ dialog: 'delete-job', dialogJob: job.id });
    },
    /** Asks once for all of them. */
    askToDeleteJobs(ids: readonly number[]): void {
      if (!refused()) set({ dialog: 'delete-jobs', dialogJobs: ids });
    },
    /** Asks which of the jobs that have ended are to go. */
    askToClearFinished(): void {
      if (!refused()) set({ dialog: 'clear-finished' });
    },
    /** Deletes the jobs that have ended in one of these states, older ones too that the window does not list. */
    async clearFinished(states: readonly JobState[]): Promise<void> {
      const ids = await withBusy(t('Finding the finished jobs'), async () => {
        const found: number[] = [];
        for (;;) {
          const page = await call('job.list', {
            states: states.filter((state) => FINAL_JOB_STATES.includes(state)),
            order: 'finished',
            offset: found.length,
            limit: MAX_PAGE,
          });
          if (!page) return [];
          for (const { id } of page.jobs) found.push(id);
          if (page.jobs.length === 0 || found.length >= page.total) return found;
        }
      });
      const { held } = store.getState().model;
      deleteJobs(
        ids.filter((id) => !held.has(id)),
        false,
      );
    },
  };
}
