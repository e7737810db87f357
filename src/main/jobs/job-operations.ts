import type { z } from 'zod';
import { formatFrameRange, parseFrameRange } from '../../shared/frame-range';
import type { OperationName, OperationOutput, operations } from '../../shared/host-api';
import { checkConflictPolicy } from '../../shared/job-words';
import {
  FINAL_JOB_STATES,
  type FrameState,
  type Job,
  type JobChanges,
  type JobRequest,
  type JobSettings,
} from '../../shared/jobs';
import { oneAtATimePerKey } from '../../shared/one-at-a-time';
import type { EngineId } from '../../shared/scene';
import { UserError } from '../../shared/user-error';
import { imagesOf } from './output/image-path';
import { type ChosenOutput, type OutputChoice, folderOf, versionAfter } from './output/choose-output';
import { partChanges, renderedAnew, requestToChange } from './planning/edit-job';
import type { FrameLogs } from './output/frame-logs';
import type { StoredJob } from './store/job-row';
import type { JobStore } from './store/job-store';
import type { Previews } from './output/previews';
import type { RenderQueue } from './queue';
import { deleteFiles, unchangedFiles } from './output/delete-output';

type JobOperation = Extract<OperationName, `job.${string}` | `queue.${string}`>;

/** States of frames that are not rendered again with those that failed or were left out. */
const DONE: readonly FrameState[] = ['done', 'skipped', 'rendering'];

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
  readonly previews: Previews;
  /** Fills in what a request leaves open. @throws UserError when it doesn't fit its scene */
  plan(request: JobRequest): Promise<{
    name: string;
    engine: EngineId;
    settings: JobSettings;
    warnings: readonly string[];
    sceneFolder?: string | null;
  }>;
}

/** The operations on jobs and the queue, for the UI, the CLI and other clients. */
export function createJobOperations({
  store,
  queue,
  logs,
  previews,
  plan: planned,
}: JobOperationsOptions): JobOperations {
  function job(id: number): StoredJob {
    const found = store.job(id);
    if (!found) throw new UserError(`There is no job ${id}.`, 'not-found');
    return found;
  }

  const edits = oneAtATimePerKey<number>();

  const shown = (stored: StoredJob): Job => queue.shown(stored);

  async function plan(request: JobRequest): ReturnType<typeof planned> {
    const job = await planned(request);
    return request.preview ? { ...job, settings: previews.inNewFolder(job.settings), sceneFolder: null } : job;
  }

  /**
   * Checks the frames a job will render for output conflicts.
   *
   * @param kept states of frames that it will not render, even where somebody changed their files since
   */
  async function check(
    id: number,
    settings: JobSettings,
    kept: readonly FrameState[],
    choice: OutputChoice | 'again',
  ): Promise<Pick<ChosenOutput, 'settings' | 'folder'>> {
    const done = new Set(store.frames.numbers(id, kept));
    const frames =
      done.size === 0
        ? settings.frames
        : formatFrameRange(parseFrameRange(settings.frames).filter((frame) => !done.has(frame)));
    if (frames === '') return { settings, folder: await folderOf(settings) };
    const chosen = await queue.checkOutput(
      id,
      { ...settings, frames },
      choice === 'again' ? {} : choice,
      choice === 'again',
    );
    return { ...chosen, settings: { ...chosen.settings, frames: settings.frames } };
  }

  async function edit(id: number, changes: JobChanges): Promise<Job> {
    const { labels, schedule, rendering } = partChanges(changes);
    const scheduled = Object.keys(schedule).length > 0;
    if ((FINAL_JOB_STATES.includes(job(id).state) && scheduled) || rendering) queue.checkEditable(id);
    if (rendering) {
      const { settings } = job(id);
      const former = await requestToChange(settings, rendering, planned);
      // The ways to resolve conflicts are mutually exclusive: a new choice replaces the old one.
      const unlessChanged =
        rendering.overwrite || rendering.keepExisting || rendering.newVersion
          ? { overwrite: false, keepExisting: false }
          : {};
      const next = await plan({ ...former, ...unlessChanged, ...rendering }).catch((error: unknown) => {
        // The request names the job, not the scene: a missing scene must not read as a missing job.
        if (error instanceof UserError && error.kind === 'not-found') throw new UserError(error.message);
        throw error;
      });
      const { settings: changed, folder } = await check(
        id,
        next.settings.output === settings.output ? { ...next.settings, versionOf: settings.versionOf } : next.settings,
        renderedAnew(settings, next.settings) === 'images' ? [] : DONE,
        { newVersion: rendering.newVersion },
      );
      queue.setSettings(id, changed, renderedAnew(settings, changed), folder);
    }
    const others = { ...labels, ...schedule };
    return shown(Object.keys(others).length > 0 ? queue.setSchedule(id, others) : job(id));
  }

  async function remove(id: number): Promise<void> {
    const { settings } = job(id);
    queue.remove(id);
    await previews.remove(settings);
  }

  return {
    'job.submit': async (request) => {
      const { priority, after, startAt, newVersion, name, note } = request;
      const { sceneFolder, ...job } = await plan(request);
      const labels = { name: name ?? job.name, note };
      const taken = await queue.submit({ ...job, ...labels, priority, after, startAt }, { newVersion, sceneFolder });
      if (request.preview) for (const id of await previews.outdated()) await remove(id);
      return shown(taken);
    },
    'job.plan': async (request) => {
      const { sceneFolder, ...job } = await plan(request);
      const planned = await queue.plan(job, { newVersion: request.newVersion, sceneFolder });
      const { settings, conflict, there, warnings } = planned;
      const frames = parseFrameRange(settings.frames);
      return {
        settings,
        frames: frames.length,
        there,
        images: { first: imagesOf(settings, frames[0]!)[0]!, last: imagesOf(settings, frames.at(-1)!)[0]! },
        warnings: [...new Set([...job.warnings, ...warnings])],
        conflict: conflict && { sentence: conflict.sentence, frames: conflict.frames, job: conflict.job },
        newVersion: await versionAfter(store, settings.output),
      };
    },
    'job.get': ({ id }) => shown(job(id)),
    'job.list': ({ states, machine, order, offset, limit }) => {
      const all = order === 'queue' ? store.ranked(states) : store.ids(states);
      const ids = machine === undefined ? all : all.filter((id) => store.job(id)?.machines.includes(machine));
      if (order === 'queue')
        return { jobs: ids.slice(offset, offset + limit).map((id) => shown(job(id))), total: ids.length };
      const ended = ids
        .map((id) => ({ id, at: store.standing(id)?.finishedAt ?? null }))
        .filter((entry): entry is { id: number; at: number } => entry.at !== null);
      ended.sort((a, b) => b.at - a.at || b.id - a.id);
      return { jobs: ended.slice(offset, offset + limit).map(({ id }) => shown(job(id))), total: ended.length };
    },
    'job.frame': ({ id, frame }) => store.frames.get(job(id).id, frame),
    'job.frames': ({ id, states, offset, limit }) => store.frames.list(job(id).id, { states, offset, limit }),
    'job.frameInWork': ({ id, frame }) => queue.frameInWork(job(id).id, frame),
    'job.log': ({ id, frame }) => logs.read(job(id).id, frame),
    'job.cancel': ({ id }) => shown(queue.cancel(id)),
    'job.pause': ({ id }) => shown(queue.pause(id)),
    'job.resume': ({ id }) => shown(queue.resume(id)),
    'job.requeue': async ({ id, frames }) => {
      const chosen =
        frames === 'all' || frames === 'failed' || frames === 'remaining' ? frames : parseFrameRange(frames);
      const { settings } = job(id);
      const ofThose = typeof chosen === 'string' ? settings : { ...settings, frames };
      const kept = chosen === 'failed' ? DONE : chosen === 'remaining' ? [...DONE, 'failed' as const] : [];
      await check(id, ofThose, kept, 'again');
      return shown(queue.requeue(id, chosen));
    },
    'job.duplicate': async ({ id, ...way }) => {
      checkConflictPolicy(way);
      const settings = job(id).settings.preview ? previews.inNewFolder(job(id).settings) : undefined;
      return shown(await queue.duplicate(id, settings, way));
    },
    // Each starts from what the one before it has left: changes of different settings add up.
    'job.edit': ({ id, changes }) => edits(id, () => edit(id, changes)),
    'job.move': ({ id, before, priority }) => {
      const moved = job(id);
      const next = before === null ? null : store.job(before);
      if (before !== null && !next)
        throw new UserError(`There is no job ${before} that this one could be moved before.`, 'arguments');
      const differs = next !== null && !FINAL_JOB_STATES.includes(next.state) && next.priority !== moved.priority;
      if (!differs) return shown(queue.move(id, before));
      if (priority === 'keep') {
        const order =
          moved.priority > next.priority ? 'is rendered before it anyway' : 'would still be rendered after it';
        throw new UserError(
          `Job ${id} has the priority ${moved.priority} and job ${next.id} has ${next.priority}: it ${order}. Give it that priority too (--take-priority), or move it among the jobs of its own.`,
          'arguments',
        );
      }
      queue.setSchedule(id, { priority: next.priority });
      return shown(queue.move(id, before));
    },
    'job.removal': async ({ id }) => {
      const files = await unchangedFiles(store.frames.stamps(job(id).id));
      return { files: files.map(({ path }) => path), bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
    },
    'job.remove': async ({ id, files }) => {
      const stamps = files ? store.frames.stamps(job(id).id) : [];
      await remove(id);
      return { filesDeleted: await deleteFiles(await unchangedFiles(stamps)) };
    },
    'queue.get': () => queue.info(),
    'queue.pause': ({ after }) => queue.pauseAll(after),
    'queue.resume': () => queue.resumeAll(),
  };
}
