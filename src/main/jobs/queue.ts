import { rmSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Frame, Job, JobSettings } from '../../shared/jobs';
import { FINAL_JOB_STATES } from '../../shared/jobs';
import { expandOutputPattern } from '../../shared/output-pattern';
import type { EngineId } from '../../shared/scene';
import type { FailureKind } from '../../shared/totals';
import { UserError, messageOf } from '../../shared/user-error';
import type { WorkerInfo } from '../../shared/workers';
import { FrameError, type FrameProgress, type RenderEngine, type RenderedFrame, type Worker, type WorkerUsage } from '../engines/render-engine';
import type { Lifecycle, LifecycleFields } from '../handlers/lifecycle';
import { checkWritable, existingImage, flush, frameFolder, makeFrameFolder, place, removeFrameFolder } from './image-place';
import { JobStore } from './job-store';
import type { Tally } from './tally';
import { WorkerPool } from './worker-pool';

/** How often a frame is handed to a worker before it is given up. */
const MAX_ATTEMPTS = 3;
/** How often a worker may fail to start, one after another, before the job that wants it fails. */
const MAX_START_FAILURES = 3;
/** By how much the file system's clock may lag behind ours, in milliseconds: the kernel stamps files with the time of its last tick. */
const CLOCK_GRAIN = 50;
/** The least time between two `render_stats` of one frame, in milliseconds. */
const STATS_INTERVAL = 200;

/** What the rest of the host wants to know as it happens; each is called after the change was written. */
export interface QueueListener {
  job(job: Job): void;
  frame(jobId: number, frame: Frame): void;
  workers(workers: WorkerInfo[]): void;
}

export interface QueueOptions {
  readonly store: JobStore;
  readonly engines: ReadonlyMap<EngineId, RenderEngine>;
  readonly lifecycle: Lifecycle;
  readonly listener: QueueListener;
  readonly tally: Tally;
  /** Checks that bytes are a whole image of that size. @throws with a sentence when they are not */
  verify(bytes: Uint8Array, width: number, height: number): Promise<void>;
  /** The most workers that may live at once. */
  workerLimit(): number;
  /** Told what went wrong where nobody waits for the outcome: a fault of ours, or of the database. */
  onFault(error: unknown): void;
}

/** A job that this host is working on. */
interface Active {
  readonly id: number;
  readonly settings: JobSettings;
  /** Its output was looked through, and frames may be handed out. */
  ready: boolean;
  /** Frames at whose place something lies that is no whole image. */
  readonly replaceable: Set<number>;
  /** Frames in work, each with what gives it up. */
  readonly inWork: Map<number, AbortController>;
}

/** Takes jobs, hands single frames to idle workers, puts verified images in their place, and tells what happens in the order of the lifecycle. */
export class RenderQueue {
  readonly #options: QueueOptions;
  readonly #store: JobStore;
  readonly #pool: WorkerPool;
  readonly #active = new Map<number, Active>();
  readonly #background = new Set<Promise<void>>();
  #startFailures = 0;
  #running = false;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#pool = new WorkerPool({
      engine: (id) => this.#engine(id),
      limit: options.workerLimit,
      tally: options.tally,
      onChange: (worker, reason) => this.#workerChanged(worker, reason),
      onReady: () => {
        this.#startFailures = 0;
        this.#schedule();
      },
      onStartFailed: (engine, error) => this.#startFailed(engine, error),
    });
  }

  /** Repairs what the last host left half done, then begins to work. */
  async start(): Promise<void> {
    await this.#repair();
    this.#running = true;
    this.#schedule();
  }

  workers(): WorkerInfo[] {
    return this.#pool.list();
  }

  /** What each live worker takes of the machine, by slot; null where that can't be read. */
  usage(): Promise<ReadonlyMap<number, WorkerUsage | null>> {
    return this.#pool.usage();
  }

  /**
   * Takes a job.
   *
   * @throws UserError when its output can't be written to
   */
  async submit(job: { name: string; engine: EngineId; settings: JobSettings }): Promise<Job> {
    await checkWritable(dirname(expandOutputPattern(job.settings.output, 0)));
    const added = this.#store.add(job);
    this.#options.listener.job(added);
    this.#emit('job_queued', added, {});
    this.#schedule();
    return this.#store.job(added.id) ?? added;
  }

  /** Cancels a job; what is done stays. @throws UserError when it is finished already */
  cancel(id: number): Job {
    const job = this.#job(id);
    if (FINAL_JOB_STATES.includes(job.state)) throw new UserError(`Job ${id} is ${job.state} already: there is nothing to cancel.`);
    return this.#finish(id, 'cancelled', 'cancelled by the user');
  }

  /** Takes a finished job out of the list. @throws UserError when it is not finished */
  remove(id: number): void {
    const job = this.#job(id);
    if (!FINAL_JOB_STATES.includes(job.state)) throw new UserError(`Job ${id} is ${job.state}: cancel it before removing it.`);
    this.#store.remove(id);
  }

  /** The number of workers allowed has changed. */
  limitChanged(): void {
    this.#pool.trim();
    this.#schedule();
  }

  /** Gives up the frames in work, which wait for the next start, and ends every worker. */
  async close(): Promise<void> {
    this.#running = false;
    for (const active of this.#active.values()) {
      for (const [frame, controller] of active.inWork) {
        controller.abort();
        this.#store.frameReleased(active.id, frame, null);
      }
      active.inWork.clear();
    }
    this.#active.clear();
    await this.#pool.close();
    await Promise.all(this.#background);
  }

  /** Frames that were in work when the last host ended: those whose image made it to its place are done, the others wait again. */
  async #repair(): Promise<void> {
    for (const { jobId, frame, startedAt } of this.#store.interrupted()) {
      const { settings } = this.#job(jobId);
      const file = fileOf(settings, frame);
      await removeFrameFolder(frameFolder(file, jobId, frame));
      const written = await stat(file).catch(() => null);
      const ours = written !== null && written.mtimeMs >= startedAt - CLOCK_GRAIN && (await existingImage(file, settings.width, settings.height)) === 'same';
      if (ours) this.#store.frameDone(jobId, frame, { file, seconds: null });
      else this.#store.frameReleased(jobId, frame, null);
    }
  }

  /** Hands out as many frames as there are workers for. Never waits. */
  #schedule(): void {
    if (!this.#running) return;
    for (const job of this.#store.unfinished()) {
      if (job.state === 'paused') continue;
      const active = this.#active.get(job.id) ?? this.#begin(job);
      // A job that looks through its output will have frames in a moment; those behind it wait, so that the order holds.
      if (!active.ready) return;
      while (active.inWork.size < (active.settings.workers ?? Number.POSITIVE_INFINITY)) {
        const frame = this.#store.nextWaiting(job.id);
        if (frame === null) break;
        const slot = this.#pool.take(job.engine, this.#engine(job.engine).setupOf(active.settings), active.settings.scene, job.id, frame);
        if (!slot) return;
        this.#track(this.#renderFrame(active, frame, slot.info.slot, slot.worker));
      }
    }
  }

  #begin(job: Job): Active {
    const active: Active = { id: job.id, settings: job.settings, ready: false, replaceable: new Set(), inWork: new Map() };
    this.#active.set(job.id, active);
    const rendering = this.#setState(job.id, 'rendering', null);
    this.#emit('render_init', rendering, { frame: this.#store.nextWaiting(job.id) ?? undefined });
    this.#track(this.#lookThroughOutput(active));
    return active;
  }

  /** Skips the frames whose image is there already. */
  async #lookThroughOutput(active: Active): Promise<void> {
    const { id, settings } = active;
    if (!settings.overwrite) {
      for (const frame of this.#store.waiting(id)) {
        const file = fileOf(settings, frame);
        const existing = await existingImage(file, settings.width, settings.height);
        if (!this.#live(active)) return;
        if (existing === 'none') continue;
        if (existing === 'broken') {
          active.replaceable.add(frame);
          continue;
        }
        if (existing !== 'same') {
          this.#finish(id, 'failed', existing.other);
          return;
        }
        this.#skip(active, frame, file);
      }
    }
    active.ready = true;
    if (!this.#finishIfThrough(id)) this.#schedule();
  }

  async #renderFrame(active: Active, frame: number, slot: number, worker: Worker): Promise<void> {
    const { id, settings } = active;
    const controller = new AbortController();
    active.inWork.set(frame, controller);
    const started = this.#store.frameStarted(id, frame);
    this.#tellFrame(id, started);
    const at = { frame, worker: slot, attempt: started.attempts };
    this.#emit('render_pre', this.#job(id), at);

    const file = fileOf(settings, frame);
    const folder = frameFolder(file, id, frame);
    try {
      await this.#produce(active, frame, slot, worker, controller, file, folder, at);
    } finally {
      await removeFrameFolder(folder).catch(this.#options.onFault);
    }
  }

  async #produce(
    active: Active,
    frame: number,
    slot: number,
    worker: Worker,
    controller: AbortController,
    file: string,
    folder: string,
    at: { frame: number; worker: number; attempt: number },
  ): Promise<void> {
    const { id, settings } = active;
    let image: RenderedFrame;
    try {
      await makeFrameFolder(folder);
      const { scene, fps, width, height, samples, camera, format, sceneName, renderEngine } = settings;
      const request = { scene, frame, fps, width, height, samples, camera, format, sceneName, renderEngine, folder };
      image = await worker.render(request, this.#statsTeller(active, frame, slot), controller.signal);
    } catch (error) {
      this.#pool.release(slot, false);
      if (controller.signal.aborted) this.#schedule();
      this.#frameFailed(active, frame, controller, slot, error);
      return;
    }
    const live = this.#live(active, controller);
    if (live) this.#emit('render_post', this.#job(id), { ...at, seconds: image.seconds });
    // The worker goes on with the next frame while this one is verified and written.
    this.#pool.release(slot, live);
    this.#schedule();
    if (!live) return;

    const temporary = image.files[0]!.path;
    let placed: boolean;
    try {
      await this.#options.verify(await readFile(temporary), settings.width, settings.height).catch((error: unknown) => {
        throw new FrameError(messageOf(error), false, 'image');
      });
      await flush(temporary);
      if (!this.#live(active, controller)) return;
      placed = place(temporary, file, settings.overwrite || active.replaceable.has(frame));
      // In the same turn, so that nothing but images is in the output folder when the job's end is told.
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      this.#frameFailed(active, frame, controller, slot, error);
      return;
    }
    active.inWork.delete(frame);
    if (placed) {
      const done = this.#store.frameDone(id, frame, { file, seconds: image.seconds });
      this.#options.tally.frameRendered(this.#job(id).engine, slot, image.seconds);
      this.#tellFrame(id, done);
      this.#emit('render_write', this.#job(id), { ...at, file, seconds: image.seconds });
    } else {
      this.#skip(active, frame, file);
    }
    if (!this.#finishIfThrough(id)) this.#schedule();
  }

  #frameFailed(active: Active, frame: number, controller: AbortController, worker: number, error: unknown): void {
    if (!this.#live(active, controller)) return;
    active.inWork.delete(frame);
    const reason = messageOf(error);
    const hopeless = error instanceof UserError || (error instanceof FrameError && error.final);
    const attempt = this.#store.frame(active.id, frame)?.attempts ?? 0;
    const again = !hopeless && attempt < MAX_ATTEMPTS;
    const changed = again ? this.#store.frameReleased(active.id, frame, reason) : this.#store.frameFailed(active.id, frame, reason);
    const job = this.#job(active.id);
    this.#options.tally.tryFailed(job.engine, worker, kindOf(error), !again);
    this.#tellFrame(active.id, changed);
    this.#emit('frame_failed', job, { frame, worker, attempt, reason });
    if (hopeless) {
      // What is wrong is wrong for every frame: trying the others would only say it again.
      this.#finish(active.id, 'failed', reason);
      return;
    }
    if (!this.#finishIfThrough(active.id)) this.#schedule();
  }

  #skip(active: Active, frame: number, file: string): void {
    const skipped = this.#store.frameSkipped(active.id, frame, file);
    this.#options.tally.frameSkipped(this.#job(active.id).engine);
    this.#tellFrame(active.id, skipped);
  }

  /** @returns whether the job is finished now */
  #finishIfThrough(id: number): boolean {
    const { frames } = this.#job(id);
    if (frames.waiting + frames.rendering > 0) return false;
    if (frames.failed === 0) {
      this.#finish(id, 'completed', null);
    } else {
      const first = this.#store.frames(id).find((frame) => frame.state === 'failed');
      this.#finish(id, 'failed', `${frames.failed} of ${frames.total} frames failed; frame ${first?.frame}: ${first?.reason}`);
    }
    return true;
  }

  #finish(id: number, state: 'completed' | 'failed' | 'cancelled', reason: string | null): Job {
    const active = this.#active.get(id);
    this.#active.delete(id);
    for (const controller of active?.inWork.values() ?? []) controller.abort();
    const interrupted = [...(active?.inWork.keys() ?? [])];
    const job = this.#setState(id, state, reason);
    for (const frame of interrupted) {
      const released = this.#store.frame(id, frame);
      if (released) this.#options.listener.frame(id, released);
    }
    this.#options.tally.jobEnded(state);
    // A job that never began had no render_init, and so has no end.
    if (active) this.#emit(state === 'completed' ? 'render_complete' : 'render_cancel', job, { frame: job.lastFrame ?? undefined, reason: reason ?? undefined });
    if (this.#store.unfinished().length === 0) this.#options.lifecycle.emit('queue_idle');
    this.#schedule();
    return job;
  }

  #startFailed(engine: EngineId, error: unknown): void {
    if (!this.#running) return;
    this.#startFailures++;
    if (!(error instanceof UserError) && this.#startFailures < MAX_START_FAILURES) {
      this.#schedule();
      return;
    }
    this.#startFailures = 0;
    const wanting = this.#store.unfinished().find((job) => job.engine === engine && this.#active.has(job.id));
    if (wanting) this.#finish(wanting.id, 'failed', messageOf(error));
  }

  #statsTeller(active: Active, frame: number, worker: number): (progress: FrameProgress) => void {
    let last = 0;
    return (progress) => {
      const now = Date.now();
      if (now - last < STATS_INTERVAL || !this.#live(active)) return;
      last = now;
      this.#emit('render_stats', this.#job(active.id), { frame, worker, ...progress });
    };
  }

  #workerChanged(worker: WorkerInfo, reason: string | null): void {
    this.#options.listener.workers(this.#pool.list());
    const gone = reason !== null;
    this.#options.lifecycle.emit('worker_state', {
      worker: worker.slot,
      engine: worker.engine,
      state: gone ? 'gone' : worker.state,
      ...(worker.scene === null ? {} : { scene: worker.scene }),
      ...(gone ? { reason } : {}),
    });
  }

  #setState(id: number, state: Job['state'], reason: string | null): Job {
    const before = this.#job(id).state;
    const job = this.#store.setState(id, state, reason);
    this.#options.listener.job(job);
    if (before !== state) this.#emit('job_state', job, reason === null ? {} : { reason });
    return job;
  }

  #tellFrame(id: number, frame: Frame): void {
    this.#options.listener.frame(id, frame);
    this.#options.listener.job(this.#job(id));
  }

  #emit(name: Parameters<Lifecycle['emit']>[0], job: Job, fields: LifecycleFields): void {
    this.#options.lifecycle.emit(name, { job: { id: job.id, name: job.name, state: job.state }, scene: job.settings.scene, engine: job.engine, ...fields });
  }

  #live(active: Active, controller?: AbortController): boolean {
    return this.#running && this.#active.get(active.id) === active && !controller?.signal.aborted;
  }

  #job(id: number): Job {
    const job = this.#store.job(id);
    if (!job) throw new UserError(`There is no job ${id}.`, 'arguments');
    return job;
  }

  #engine(id: EngineId): RenderEngine {
    const engine = this.#options.engines.get(id);
    if (!engine) throw new UserError(`No engine here renders ${id} scenes.`);
    return engine;
  }

  #track(work: Promise<void>): void {
    const tracked = work.catch(this.#options.onFault).finally(() => this.#background.delete(tracked));
    this.#background.add(tracked);
  }
}

/** Place of a frame's image, the first where there are several. */
function fileOf(settings: JobSettings, frame: number): string {
  return expandOutputPattern(settings.output, frame, settings.format, settings.views[0]);
}

/** What a failure counts as. A UserError while an image is written says that it could not be. */
function kindOf(error: unknown): FailureKind {
  if (error instanceof FrameError) return error.kind;
  return error instanceof UserError ? 'output' : 'render';
}
