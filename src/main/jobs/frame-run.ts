import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ImageFormat } from '../../shared/image-format';
import type { FailureKind } from '../../shared/totals';
import { UserError, messageOf } from '../../shared/user-error';
import { FrameError, type FrameProgress, type RenderedFrame, type Worker } from '../engines/render-engine';
import type { ImageStatistics } from '../images/pixel-statistics';
import type { ActiveJob, Work } from './active-job';
import type { Announcer } from './announcer';
import type { FrameLogs } from './output/frame-logs';
import type { FreeSpaceWatch } from './output/free-space';
import { type FileStamp, frameFolder, fullOr, imagesOf, isFull, mergeStamps } from './output/output-files';
import type { JobStore } from './store/job-store';
import {
  type FrameWork,
  PlaceError,
  type ReadyFile,
  type VerifyImage,
  clearAway,
  makeReady,
  putInPlace,
  renderFrame,
} from './output/frame-output';
import type { SlotRests } from './workers/slot-backoff';
import { suspicionOf } from './output/suspicious-frame';
import type { Tally } from './tally';
import type { WorkerPool } from './workers/worker-pool';

/** The least time between two `render_stats` of one frame, in milliseconds. */
const STATS_INTERVAL = 200;

/** What is done with frames beside rendering them. */
export interface FrameCare {
  readonly tally: Tally;
  readonly verify: VerifyImage;
  /** Tells what is suspicious about an image's pixels; null where that can't be told. */
  look?(path: string, format: ImageFormat): Promise<ImageStatistics | null>;
  /** Keeps what engines print. */
  readonly logs?: Pick<FrameLogs, 'keep' | 'remove'>;
  /** Watches the free space where images go. */
  readonly space?: Pick<FreeSpaceWatch, 'look' | 'looked' | 'full'>;
  /** Told what went wrong where nobody waits for the outcome: a fault of ours, or of the database. */
  onFault(error: unknown): void;
}

export interface FrameRunsOptions {
  readonly store: JobStore;
  readonly pool: WorkerPool;
  readonly rests: SlotRests;
  readonly announcer: Announcer;
  readonly care: FrameCare;
  /** Whether a frame is still wanted. */
  live(active: ActiveJob, work: Work): boolean;
  /** A worker may be free. */
  onReady(): void;
  /** A frame came to an end, or waits again. @param fatal what is wrong with the whole job */
  onOver(active: ActiveJob, fatal: string | null): void;
  /** There is no room for images, and nobody watches that. */
  onFull(reason: string): void;
}

/** The way of single frames: from a worker over verification into their places. */
export interface FrameRuns {
  /** Has a worker render a frame that was put into the job's work. Settles when nothing of it is under way any more; rejects with a fault of the database's. */
  run(active: ActiveJob, frame: number, work: Work, worker: Worker): Promise<void>;
  /** A frame's image is there already. */
  skip(active: ActiveJob, frame: number, file: string): void;
}

/** Which try of which frame events are about. */
interface At {
  readonly frame: number;
  readonly worker: number;
  readonly attempt: number;
}

export function createFrameRuns({
  store,
  pool,
  rests,
  announcer,
  care,
  live,
  onReady,
  onOver,
  onFull,
}: FrameRunsOptions): FrameRuns {
  /** Tries that are not over yet, by job and frame: one that was given up still uses its folder. */
  const underWay = new Map<string, Promise<void>>();

  async function run(active: ActiveJob, frame: number, work: Work, worker: Worker): Promise<void> {
    const { id } = active;
    const key = `${id}/${frame}`;
    const before = underWay.get(key);
    const over = (async () => {
      const started = store.frameStarted(id, frame, work.slot);
      announcer.frame(id, started);
      const at = { frame, worker: work.slot, attempt: started.attempts };
      announcer.event('render_pre', store.job(id)!, at);
      await before?.catch(() => undefined);
      await produce(active, { jobId: id, frame, settings: active.settings }, work, worker, at);
    })();
    underWay.set(key, over);
    try {
      await over;
    } finally {
      if (underWay.get(key) === over) underWay.delete(key);
    }
  }

  async function produce(active: ActiveJob, frameWork: FrameWork, work: Work, worker: Worker, at: At): Promise<void> {
    const { jobId: id, frame, settings } = frameWork;
    const folder = frameFolder(imagesOf(settings, frame)[0]!, id, frame);
    let rendered: RenderedFrame;
    try {
      rendered = await renderFrame(frameWork, worker, statsTeller(active, work, at), work.controller.signal);
    } catch (error) {
      if (error instanceof FrameError && error.log.length > 0) void care.logs?.keep(id, frame, at.attempt, error.log);
      const cause = await fullOr(error, folder);
      await clearAway(frameWork).catch(care.onFault);
      pool.release(work.slot, false);
      failed(active, work, at, cause);
      onReady();
      return;
    }
    if (rendered.log.length > 0) void care.logs?.keep(id, frame, at.attempt, rendered.log);
    const wanted = live(active, work);
    if (wanted) {
      active.startFailures = 0;
      announcer.event('render_post', store.job(id)!, { ...at, seconds: rendered.seconds });
    }
    work.delivered = true;
    // The worker goes on with the next frame while this one is verified and written.
    pool.release(work.slot, wanted);
    onReady();

    let ready: ReadyFile[] = [];
    let placed: FileStamp[] | null;
    let suspicion: string | null = null;
    try {
      if (wanted) {
        ready = await makeReady(frameWork, rendered, care.verify);
        suspicion = await suspicionIn(active, ready, rendered.seconds);
      }
      if (!live(active, work)) {
        await clearAway(frameWork, ready).catch(care.onFault);
        return;
      }
      placed = putInPlace(ready, settings.overwrite || active.replaceable.has(frame));
      // In the same turn, so that nothing but images is in the output folder when the job's end is told.
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      const cause = await fullOr(error, folder);
      await clearAway(frameWork, ready).catch(care.onFault);
      failed(active, work, at, cause);
      onReady();
      return;
    }
    if (placed) done(active, work, at, rendered, placed, suspicion);
    else skip(active, frame, imagesOf(settings, frame)[0]!);
    active.inWork.delete(frame);
    onOver(active, null);
    onReady();
    if (!placed) await clearAway(frameWork, ready);
  }

  function done(
    active: ActiveJob,
    { slot }: Work,
    at: At,
    { seconds, peakBytes, warnings }: RenderedFrame,
    stamps: FileStamp[],
    suspicion: string | null,
  ): void {
    const { id } = active;
    const file = stamps[0]!.path;
    const frame = store.frameDone(id, at.frame, { file, seconds, stamps, peakBytes, suspicion });
    active.rendered++;
    if (peakBytes !== null) active.peakBytes = Math.max(active.peakBytes ?? 0, peakBytes);
    rests.succeeded(slot);
    if (warnings.length > 0) store.addWarnings(id, warnings);
    const { engine } = store.job(id)!;
    care.tally.frameRendered(engine, slot, seconds);
    announcer.frame(id, frame);
    announcer.event('render_write', store.job(id)!, { ...at, file, seconds });
    care.space?.look();
    announcer.queueNowAndThen();
  }

  function failed(active: ActiveJob, work: Work, at: At, error: unknown): void {
    if (!live(active, work)) return;
    const { id, settings } = active;
    const { frame } = at;
    const reason = messageOf(error);
    const stamps = error instanceof PlaceError ? mergeStamps(error.placed, store.stamps(id, frame)) : undefined;
    if (stamps) active.replaceable.add(frame);
    if (isFull(error)) {
      const waits = store.frameReleased(id, frame, null, stamps);
      active.inWork.delete(frame);
      announcer.frame(id, waits);
      if (!care.space?.full(dirname(imagesOf(settings, frame)[0]!))) onFull(reason);
      onOver(active, null);
      return;
    }
    // What is wrong with the scene or its output is wrong for every frame: trying the others would only say it again.
    const fatal = error instanceof UserError || (error instanceof FrameError && error.final);
    const again = !fatal && store.failures(id, frame) + 1 < settings.attempts;
    const changed = again
      ? store.frameReleased(id, frame, reason, stamps)
      : store.frameFailed(id, frame, reason, stamps);
    active.inWork.delete(frame);
    const job = store.job(id)!;
    care.tally.tryFailed(job.engine, work.slot, kindOf(error), !again);
    announcer.frame(id, changed);
    announcer.event('frame_failed', job, { ...at, reason });
    const rest = fatal ? 0 : rests.failed(work.slot, `${id}/${frame}`);
    // A job of which nothing was rendered yet had better tell quickly what is wrong with it.
    if (rest > 0 && active.rendered > 0) pool.rest(work.slot, id, job.engine, rest, reason);
    onOver(active, fatal ? reason : null);
  }

  function skip(active: ActiveJob, frame: number, file: string): void {
    const skipped = store.frameSkipped(active.id, frame, file);
    care.tally.frameSkipped(store.job(active.id)!.engine);
    announcer.frame(active.id, skipped);
  }

  /** What looks wrong with a frame, in words. Every view of it is looked at. */
  async function suspicionIn(active: ActiveJob, ready: readonly ReadyFile[], seconds: number): Promise<string | null> {
    const fast = active.speeds.seen(seconds);
    for (const { from } of ready.filter(({ own }) => own)) {
      const pixels = suspicionOf((await care.look?.(from, active.settings.format)) ?? null);
      if (pixels !== null) return fast === null ? pixels : `${pixels} ${fast}`;
    }
    return fast;
  }

  function statsTeller(active: ActiveJob, work: Work, { frame }: At): (progress: FrameProgress) => void {
    let last = Number.NEGATIVE_INFINITY;
    return (progress) => {
      const now = performance.now();
      if (now - last < STATS_INTERVAL || !live(active, work)) return;
      last = now;
      announcer.event('render_stats', store.job(active.id)!, { frame, worker: work.slot, ...progress });
    };
  }

  return { run, skip };
}

/** What a failure counts as. A UserError while an image is written says that it could not be. */
function kindOf(error: unknown): FailureKind {
  if (error instanceof FrameError) return error.kind;
  return error instanceof UserError ? 'output' : 'render';
}
