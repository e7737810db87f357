import type { z } from 'zod';
import type { OperationName, OperationOutput, operations } from '../../shared/host-api';
import { FINAL_JOB_STATES, type Job, type JobRequest, type JobSettings } from '../../shared/jobs';
import type { EngineId } from '../../shared/scene';
import { UserError } from '../../shared/user-error';
import { partChanges, renderedAnew, requestOf } from './planning/edit-job';
import type { FrameLogs } from './output/frame-logs';
import type { JobStore } from './store/job-store';
import type { RenderQueue } from './queue';
import { deleteFiles, unchangedFiles } from './output/delete-output';

type JobOperation = Extract<OperationName, `job.${string}` | `queue.${string}`>;

/** Handlers of the operations on jobs and the queue. */
export type JobOperations = {
  [N in JobOperation]: (
    input: z.output<(typeof operations)[N]['input']>,
  ) => Promise<OperationOutput<N>> | OperationOutput<N>;
};

export interface JobOperationsOptions {
  readonly store: JobStore;
  readonly queue: RenderQueue;
  readonly logs: Pick<FrameLogs, 'read'>;
  /** Decides what a request leaves open. @throws UserError when it doesn't fit its scene */
  plan(
    request: JobRequest,
  ): Promise<{ name: string; engine: EngineId; settings: JobSettings; warnings: readonly string[] }>;
}

/** What people, the CLI and other programs can do with jobs and the queue. */
export function createJobOperations({ store, queue, logs, plan }: JobOperationsOptions): JobOperations {
  function job(id: number): Job {
    const found = store.job(id);
    if (!found) throw new UserError(`There is no job ${id}.`, 'arguments');
    return found;
  }

  return {
    'job.submit': async (request) => {
      const { priority, after, startAt } = request;
      return queue.submit({ ...(await plan(request)), priority, after, startAt });
    },
    'job.get': ({ id }) => job(id),
    'job.list': ({ states, order, offset, limit }) => {
      const ids = store.ids(states);
      if (order === 'queue') return { jobs: ids.slice(offset, offset + limit).map(job), total: ids.length };
      const ended = ids
        .map((id) => ({ id, at: store.standing(id)?.finishedAt ?? null }))
        .filter((entry): entry is { id: number; at: number } => entry.at !== null);
      ended.sort((a, b) => b.at - a.at || b.id - a.id);
      return { jobs: ended.slice(offset, offset + limit).map(({ id }) => job(id)), total: ended.length };
    },
    'job.frame': ({ id, frame }) => store.frame(job(id).id, frame),
    'job.frames': ({ id, states, offset, limit }) => store.frames(job(id).id, { states, offset, limit }),
    'job.log': ({ id, frame }) => logs.read(job(id).id, frame),
    'job.cancel': ({ id }) => queue.cancel(id),
    'job.pause': ({ id }) => queue.pause(id),
    'job.resume': ({ id }) => queue.resume(id),
    'job.requeue': ({ id, frames }) => queue.requeue(id, frames),
    'job.duplicate': ({ id }) => queue.duplicate(id),
    'job.edit': async ({ id, changes }) => {
      const { place, rest } = partChanges(changes);
      if (FINAL_JOB_STATES.includes(job(id).state) || rest) queue.checkEditable(id);
      if (rest) {
        const { settings } = job(id);
        // A size that is said in per cent is meant of the scene's own.
        const { width, height, ...others } = requestOf(settings);
        const size = rest.percentage === undefined ? { width, height } : {};
        const planned = await plan({ ...others, ...size, ...rest });
        queue.setSettings(id, planned.settings, renderedAnew(settings, planned.settings));
      }
      return Object.keys(place).length > 0 ? queue.setPlace(id, place) : job(id);
    },
    'job.move': ({ id, before }) => queue.move(id, before),
    'job.removal': async ({ id }) => {
      const files = await unchangedFiles(store.stamps(job(id).id));
      return { files: files.map(({ path }) => path), bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
    },
    'job.remove': async ({ id, files }) => {
      const stamps = files ? store.stamps(job(id).id) : [];
      queue.remove(id);
      return { filesDeleted: await deleteFiles(await unchangedFiles(stamps)) };
    },
    'queue.get': () => queue.info(),
    'queue.pause': ({ after }) => queue.pauseAll(after),
    'queue.resume': () => queue.resumeAll(),
  };
}
