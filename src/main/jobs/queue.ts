import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ImageFormat } from '../../shared/image-format';
import type { Frame, Job, JobSettings, QueueInfo } from '../../shared/jobs';
import { FINAL_JOB_STATES } from '../../shared/jobs';
import type { EngineId } from '../../shared/scene';
import type { FailureKind } from '../../shared/totals';
import { UserError, messageOf } from '../../shared/user-error';
import type { WorkerInfo } from '../../shared/workers';
import { FrameError, type FrameProgress, type RenderEngine, type RenderedFrame, type Worker, type WorkerUsage } from '../engines/render-engine';
import type { ImageStatistics } from '../engines/images/pixel-statistics';
import type { Lifecycle, LifecycleFields } from '../handlers/lifecycle';
import { type ActiveJob, type Work, busyWorkers, createActiveJob, giveUpWork } from './active-job';
import type { TimeLeft } from './estimate';
import type { FrameLogs } from './frame-logs';
import type { FreeSpaceWatch } from './free-space';
import { type FileStamp, checkWritable, frameFolder, imagesOf, isFull, mergeStamps } from './image-place';
import { JobStore, type NewJob, type PlaceInQueue } from './job-store';
import { lookAt } from './look-through';
import { type QueueEstimates, createQueueEstimates } from './queue-estimates';
import { type HoldKey, type OnStart, type QueueSwitch, createQueueSwitch } from './queue-switch';
import { PlaceError, type ReadyFile, type VerifyImage, clearAway, makeReady, putInPlace, renderFrame } from './render-frame';
import { repairHalfStates } from './repair';
import { createRunOrder } from './run-order';
import { createSlotRests } from './slot-rests';
import { suspicionOf } from './suspicion';
import type { Tally } from './tally';
import { circleOf } from './waits';
import { WorkerPool } from './worker-pool';

/** How often a worker may fail to start, one after another, before the job that wants it fails. */
const MAX_START_FAILURES = 3;
/** For how long the queue's time left is good, in milliseconds. */
const RECKON_AGAIN = 1_000;
/** The least time between two tellings of the queue's time left, in milliseconds. */
const TELL_QUEUE = 2_000;
/** The least time between two `render_stats` of one frame, in milliseconds. */
const STATS_INTERVAL = 200;
/** The most frames that are told one by one when many change at once. */
const MOST_TOLD = 10_000;
/** How soon writing is tried again after the disk was full, and how often start times are looked at, since clocks are set: milliseconds. */
const LOOK_AGAIN = 30_000;

/** What the rest of the host wants to know as it happens; each is called after the change was written. */
export interface QueueListener {
  job(job: Job): void;
  frame(jobId: number, frame: Frame): void;
  workers(workers: WorkerInfo[]): void;
  jobRemoved(id: number): void;
  queue(queue: QueueInfo): void;
}

/** What the most workers of a job depend on. */
export interface WorkerDemand {
  readonly engine: EngineId;
  readonly settings: JobSettings;
  /** The most memory that a worker held for one of its frames, in bytes; null while none told. */
  readonly peakBytes: number | null;
  /** Frames of it that this host rendered. */
  readonly rendered: number;
  /** Workers that live now. */
  readonly living: number;
}

export interface QueueOptions {
  readonly store: JobStore;
  readonly engines: ReadonlyMap<EngineId, RenderEngine>;
  readonly lifecycle: Lifecycle;
  readonly listener: QueueListener;
  readonly tally: Tally;
  readonly verify: VerifyImage;
  /** The most workers that a job may use at once. */
  workerLimit(demand: WorkerDemand): number;
  /** Tells what is suspicious about an image's pixels; null where that can't be told. */
  look?(path: string, format: ImageFormat): Promise<ImageStatistics | null>;
  /** Keeps what engines print. */
  readonly logs?: Pick<FrameLogs, 'keep' | 'remove'>;
  /** Watches the free space where images go. */
  readonly space?: Pick<FreeSpaceWatch, 'look' | 'looked' | 'full'>;
  /** Whether the queue goes on when it starts; `run` by default. */
  readonly onStart?: OnStart;
  /** The first rest of a worker that keeps failing, in milliseconds. */
  readonly firstRest?: number;
  /** Told what went wrong where nobody waits for the outcome: a fault of ours, or of the database. */
  onFault(error: unknown): void;
}

/** Takes jobs, hands single frames to idle workers, puts verified images in their place, and tells what happens in the order of the lifecycle. */
export class RenderQueue {
  readonly #options: QueueOptions;
  readonly #store: JobStore;
  readonly #pool: WorkerPool;
  readonly #switch: QueueSwitch;
  readonly #rests;
  readonly #estimates: QueueEstimates;
  /** The most workers that the job last worked on may use: what the time left is reckoned with. */
  #workers = 1;
  #toldQueueAt = 0;
  #left: { readonly value: TimeLeft | null; readonly until: number } = { value: null, until: 0 };
  readonly #active = new Map<number, ActiveJob>();
  readonly #runnable = createRunOrder();
  /** Jobs that wait for their start time. */
  readonly #timed = new Set<number>();
  readonly #background = new Set<Promise<void>>();
  /** Tries that were given up and are not over yet, by job and frame: their folder is still in use. */
  readonly #leaving = new Map<string, Promise<void>>();
  #clock: NodeJS.Timeout | null = null;
  #fullTimer: NodeJS.Timeout | null = null;
  #running = false;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#switch = createQueueSwitch(options.store, options.onStart ?? 'run');
    this.#rests = createSlotRests(options.firstRest);
    this.#estimates = createQueueEstimates({ start: (id) => this.#store.estimateStart(id), workers: () => this.#workers });
    this.#store.reckonWith((job) => this.#estimates.job(job, Date.now()));
    this.#pool = new WorkerPool({
      engine: (id) => this.#engine(id),
      tally: options.tally,
      onChange: (worker, gone) => this.#workerChanged(worker, gone),
      onReady: () => this.#schedule(),
      onStartFailed: (jobId, slot, others, error) => this.#startFailed(jobId, slot, others, error),
    });
  }

  /** Repairs what the last host left half done, then begins to work. */
  async start(): Promise<void> {
    await repairHalfStates(this.#store);
    this.#running = true;
    this.#switch.keep();
    for (const id of this.#store.ids(['queued'])) this.#rank(id);
    this.#schedule();
  }

  workers(): WorkerInfo[] {
    return this.#pool.list();
  }

  /** What each live worker takes of the machine, by slot; null where that can't be read. */
  usage(): Promise<ReadonlyMap<number, WorkerUsage | null>> {
    return this.#pool.usage();
  }

  info(): QueueInfo {
    const left = this.#queueLeft();
    return { ...this.#switch.info(), secondsLeft: left?.p50 ?? null, secondsLeftP90: left?.p90 ?? null };
  }

  /** With thousands of jobs it takes some milliseconds, so it is reckoned once a second at most. */
  #queueLeft(): TimeLeft | null {
    if (this.#store.unfinishedCount === 0) return null;
    if (performance.now() >= this.#left.until) this.#left = { value: this.#estimates.queue(this.#store.unfinished(), Date.now()), until: performance.now() + RECKON_AGAIN };
    return this.#left.value;
  }

  /**
   * Takes a job.
   *
   * @throws UserError when its output can't be written to, or it is to come after a job that isn't there
   */
  async submit(job: NewJob): Promise<Job> {
    await checkWritable(dirname(imagesOf(job.settings, 0)[0]!));
    this.#checkAfter(null, job.after ?? []);
    const added = this.#store.add(job);
    this.#options.listener.job(added);
    this.#emit('job_queued', added, {});
    this.#rank(added.id);
    this.#schedule();
    return this.#store.job(added.id) ?? added;
  }

  /** Cancels a job; what is done stays. @throws UserError when it is finished already */
  cancel(id: number): Job {
    const job = this.#job(id);
    if (FINAL_JOB_STATES.includes(job.state)) throw new UserError(`Job ${id} is ${job.state} already: there is nothing to cancel.`);
    return this.#finish(id, 'cancelled', 'cancelled by the user');
  }

  /** Gives up a job's frames in work, which wait until it is resumed. @throws UserError when it is finished */
  pause(id: number): Job {
    const job = this.#job(id);
    if (FINAL_JOB_STATES.includes(job.state)) throw new UserError(`Job ${id} is ${job.state}: only a job that is queued or rendering can be paused.`);
    if (job.state === 'paused') return job;
    const paused = this.#stop(id, 'paused', 'paused by the user');
    this.#pool.wake(id);
    this.#settle();
    this.#schedule();
    return paused;
  }

  /** @throws UserError when it is not paused */
  resume(id: number): Job {
    const job = this.#job(id);
    if (job.state !== 'paused') throw new UserError(`Job ${id} is ${job.state}: only a paused job can be resumed.`);
    const resumed = this.#setState(id, 'queued', null);
    this.#schedule();
    return this.#store.job(id) ?? resumed;
  }

  /** Renders frames again: all, or those that failed. A job that had ended is queued again. @throws UserError when there is nothing to render */
  requeue(id: number, frames: 'all' | 'failed'): Job {
    const job = this.#job(id);
    const ended = FINAL_JOB_STATES.includes(job.state);
    if (frames === 'failed' && job.frames.failed === 0 && !(ended && job.frames.waiting > 0)) {
      throw new UserError(`No frame of job ${id} failed or was left out: requeue all of its frames to render it again.`);
    }
    const active = this.#active.get(id);
    if (frames === 'all' && active) {
      if (job.state === 'rendering') this.#stop(id, 'queued', null);
      active.phase = 'new';
      active.replaceable.clear();
    }
    this.#estimates.forget(job);
    const requeued = this.#store.requeue(id, frames);
    this.#options.listener.job(requeued);
    for (const frame of this.#store.frames(id, { states: ['waiting'], limit: MOST_TOLD })) this.#options.listener.frame(id, frame);
    if (requeued.state !== job.state) this.#emit('job_state', requeued, {});
    this.#standingChanged(id);
    this.#schedule();
    return this.#store.job(id) ?? requeued;
  }

  /** A new job with the same settings and place, which comes after the same jobs as far as they are still there. */
  duplicate(id: number): Promise<Job> {
    const { name, engine, settings, priority, after, startAt, warnings } = this.#job(id);
    return this.submit({ name, engine, settings, priority, after: after.filter((other) => this.#store.standing(other)), startAt, warnings });
  }

  /** Changes when a job's turn comes, at any time before its end. @throws UserError */
  setPlace(id: number, place: Partial<PlaceInQueue>): Job {
    const job = this.#job(id);
    if (FINAL_JOB_STATES.includes(job.state)) throw new UserError(`Job ${id} is ${job.state}: requeue it to render it again.`);
    if (place.after) this.#checkAfter(id, place.after);
    this.#options.listener.job(this.#store.setPlace(id, { priority: job.priority, after: job.after, startAt: job.startAt, ...place }));
    this.#rank(id);
    this.#schedule();
    return this.#job(id);
  }

  /**
   * Gives a job other settings.
   *
   * @param anew which frames wait again beside those that are new: `images`, all that are done or skipped, since their images would be others; `skipped`; or `none`
   * @throws UserError unless it is paused or waits for its turn
   */
  setSettings(id: number, settings: JobSettings, anew: 'images' | 'skipped' | 'none'): Job {
    this.checkEditable(id);
    this.#estimates.forget(this.#job(id));
    const changed = this.#store.setSettings(id, settings, anew);
    const active = this.#active.get(id);
    if (active) {
      active.settings = settings;
      active.setup = this.#engine(changed.engine).setupOf(settings);
      active.phase = 'new';
      active.replaceable.clear();
    }
    this.#options.listener.job(changed);
    this.#schedule();
    return this.#job(id);
  }

  /** @throws UserError unless a job's settings may be changed now */
  checkEditable(id: number): void {
    const { state } = this.#job(id);
    if (FINAL_JOB_STATES.includes(state)) throw new UserError(`Job ${id} is ${state}: duplicate it, or requeue it, to render with other settings.`);
    if (state === 'rendering') throw new UserError(`Job ${id} is rendering: pause it before its settings are changed.`);
  }

  /** Puts a job before another in queue order; null: at the end. @throws UserError when there is no such job */
  move(id: number, before: number | null): Job {
    this.#job(id);
    if (before !== null) this.#job(before);
    const moved = this.#store.move(id, before);
    // All may have got new places.
    for (const other of this.#runnable.ids()) this.#rank(other);
    this.#options.listener.job(moved);
    this.#schedule();
    return moved;
  }

  /** Takes a job that is not being worked on out of the list. @throws UserError when it is rendering */
  remove(id: number): void {
    const job = this.#job(id);
    if (job.state === 'rendering') throw new UserError(`Job ${id} is rendering: cancel it before removing it.`);
    if (!FINAL_JOB_STATES.includes(job.state)) this.#finish(id, 'cancelled', 'removed by the user');
    const followers = this.#store.followers(id);
    this.#runnable.remove(id);
    this.#timed.delete(id);
    this.#store.remove(id);
    void this.#options.logs?.remove(id);
    this.#options.listener.jobRemoved(id);
    for (const follower of followers) this.#tellWait(follower);
    this.#schedule();
  }

  /** Pauses the whole queue: `now` gives up the frames in work, `frame` lets them end, `job` lets the jobs in work end. */
  pauseAll(after: 'now' | 'frame' | 'job'): QueueInfo {
    if (this.#switch.info().state === 'paused' && this.#switch.info().reason === null) return this.info();
    this.#switch.set(after === 'now' ? 'paused' : `after-${after}`);
    if (after === 'now') for (const id of this.#store.ids(['rendering'])) this.#stop(id, 'queued', null);
    this.#options.listener.queue(this.info());
    this.#settle();
    this.#schedule();
    return this.info();
  }

  resumeAll(): QueueInfo {
    if (this.#switch.set('running')) this.#options.listener.queue(this.info());
    this.#schedule();
    return this.info();
  }

  /** Holds the queue up for a reason that is not the user's: frames in work may end, no others begin. It goes on when it is released. */
  hold(reason: string, key: HoldKey = 'space'): void {
    if (!this.#switch.hold(key, reason)) return;
    this.#options.listener.queue(this.info());
    this.#settle();
  }

  /** What held the queue up is over. */
  release(key: HoldKey = 'space'): void {
    if (!this.#switch.release(key)) return;
    this.#options.listener.queue(this.info());
    this.#schedule();
  }

  /** The number of workers allowed has changed. @param most workers of all engines together; null for no such limit */
  limitChanged(most: number | null = null): void {
    if (most !== null) this.#pool.trim(most);
    this.#schedule();
  }

  /** Gives up the frames in work, which wait for the next start, and ends every worker. */
  async close(): Promise<void> {
    this.#running = false;
    if (this.#clock) clearTimeout(this.#clock);
    if (this.#fullTimer) clearTimeout(this.#fullTimer);
    for (const active of this.#active.values()) for (const frame of giveUpWork(active)) this.#store.frameReleased(active.id, frame, null);
    this.#active.clear();
    await this.#pool.close();
    await Promise.all(this.#background);
  }

  /** Hands out as many frames as there are workers for, to the best jobs first. Never waits. */
  #schedule(): void {
    if (!this.#running) return;
    /** Workers that are starting and that a better job wants, by their kind. */
    const claimed = new Map<string, number>();
    for (const id of this.#runnable.ids()) {
      const rendering = this.#store.standing(id)?.state === 'rendering';
      if (!this.#switch.open(rendering)) continue;
      // Where better jobs have every worker, the turn of the others has not come.
      if (!rendering && !this.#pool.hasRoom(this.#limitOf(this.#job(id), this.#active.get(id)))) return;
      const active = this.#begin(id);
      if (!active) continue;
      // A job that looks through its output will have frames in a moment; those behind it wait, so that the order holds.
      if (active.phase !== 'ready') return;
      if (!this.#handOut(active, claimed)) return;
    }
  }

  /** @returns whether there may be workers left for other jobs */
  #handOut(active: ActiveJob, claimed: Map<string, number>): boolean {
    const { id, settings, setup } = active;
    const job = this.#job(id);
    const { engine, frames } = job;
    const limit = this.#limitOf(job, active);
    this.#workers = Math.max(1, limit);
    const kind = { engine, setup };
    let waiting = frames.waiting;
    const leavingOnly = (frame: number): boolean => this.#leaving.has(`${id}/${frame}`);
    for (const slot of this.#pool.idle(kind, settings.scene)) {
      if (busyWorkers(active) >= limit || waiting === 0) return true;
      const frame = this.#store.nextWaiting(id, this.#pool.hasOther(slot, kind) ? slot : undefined);
      if (frame === null) continue;
      const worker = this.#pool.take(slot, settings.scene, id, frame);
      const work: Work = { slot, controller: new AbortController(), delivered: false };
      active.inWork.set(frame, work);
      waiting--;
      const before = leavingOnly(frame) ? this.#leaving.get(`${id}/${frame}`)! : null;
      this.#track(this.#renderFrame(active, frame, work, worker, before));
    }
    const missing = Math.min(limit - busyWorkers(active), waiting);
    if (missing <= 0) return true;
    const key = `${engine} ${setup}`;
    const already = claimed.get(key) ?? 0;
    claimed.set(key, already + missing);
    return this.#pool.want(kind, id, missing, already, limit);
  }

  #limitOf({ engine, settings }: Job, active: ActiveJob | undefined): number {
    const demand = { engine, settings, peakBytes: active?.peakBytes ?? null, rendered: active?.rendered ?? 0, living: this.#pool.living() };
    return Math.min(this.#options.workerLimit(demand), settings.workers ?? Number.POSITIVE_INFINITY);
  }

  /** @returns null when the job ended at once */
  #begin(id: number): ActiveJob | null {
    const job = this.#job(id);
    let active = this.#active.get(id);
    if (active && active.phase !== 'new' && job.state === 'rendering') return active;
    if (!active) {
      try {
        active = createActiveJob(id, job.settings, this.#engine(job.engine).setupOf(job.settings));
      } catch (error) {
        this.#finish(id, 'failed', messageOf(error));
        return null;
      }
      this.#active.set(id, active);
      const rendering = this.#setState(id, 'rendering', null);
      this.#emit('render_init', rendering, { frame: this.#store.nextWaiting(id) ?? undefined });
    } else {
      this.#setState(id, 'rendering', null);
    }
    if (active.phase === 'new') {
      active.phase = 'looking';
      active.looks++;
      this.#track(this.#lookThroughOutput(active));
    }
    return active;
  }

  /** Skips the frames whose image is there already. */
  async #lookThroughOutput(active: ActiveJob): Promise<void> {
    const { id, settings, looks } = active;
    // A pause, or other settings, begin it anew.
    await this.#options.space?.looked();
    const current = (): boolean => this.#live(active) && active.phase === 'looking' && active.looks === looks;
    if (!settings.overwrite) {
      for (const frame of this.#store.waiting(id)) {
        const finding = await lookAt(settings, frame, this.#store.stamps(id, frame));
        if (!current()) return;
        if (finding.kind === 'replace') active.replaceable.add(frame);
        else if (finding.kind === 'skip') this.#skip(active, frame, finding.file);
        else if (finding.kind === 'refuse') {
          this.#finish(id, 'failed', finding.reason);
          return;
        }
      }
    }
    if (!current()) return;
    active.phase = 'ready';
    if (this.#finishIfThrough(id)) return;
    this.#settle();
    this.#schedule();
  }

  /** @param before an earlier try of the same frame that is not over yet */
  async #renderFrame(active: ActiveJob, frame: number, work: Work, worker: Worker, before: Promise<void> | null): Promise<void> {
    const { id, settings } = active;
    const started = this.#store.frameStarted(id, frame, work.slot);
    this.#tellFrame(id, started);
    const at = { frame, worker: work.slot, attempt: started.attempts };
    this.#emit('render_pre', this.#job(id), at);
    const key = `${id}/${frame}`;
    const over = this.#produce(active, { jobId: id, frame, settings }, work, worker, before, at).finally(() => {
      if (this.#leaving.get(key) === over) this.#leaving.delete(key);
    });
    this.#leaving.set(key, over);
    await over;
  }

  async #produce(
    active: ActiveJob,
    frameWork: { jobId: number; frame: number; settings: JobSettings },
    work: Work,
    worker: Worker,
    before: Promise<void> | null,
    at: { frame: number; worker: number; attempt: number },
  ): Promise<void> {
    const { jobId: id, frame, settings } = frameWork;
    let rendered: RenderedFrame;
    try {
      await before?.catch(() => undefined);
      rendered = await renderFrame(frameWork, worker, this.#statsTeller(active, frame, work), work.controller.signal);
    } catch (error) {
      if (error instanceof FrameError && error.log.length > 0) void this.#options.logs?.keep(id, frame, at.attempt, error.log);
      await clearAway(frameWork).catch(this.#options.onFault);
      this.#pool.release(work.slot, false);
      this.#frameFailed(active, frame, work, error);
      this.#schedule();
      return;
    }
    if (rendered.log.length > 0) void this.#options.logs?.keep(id, frame, at.attempt, rendered.log);
    const live = this.#live(active, work);
    if (live) {
      active.startFailures = 0;
      this.#emit('render_post', this.#job(id), { ...at, seconds: rendered.seconds });
    }
    work.delivered = true;
    // The worker goes on with the next frame while this one is verified and written.
    this.#pool.release(work.slot, live);
    this.#schedule();

    let ready: ReadyFile[] = [];
    let placed: FileStamp[] | null = null;
    let suspicion: string | null = null;
    try {
      if (live) {
        ready = await makeReady(frameWork, rendered, this.#options.verify);
        suspicion = await this.#suspicionOf(active, ready, rendered.seconds);
      }
      if (!this.#live(active, work)) {
        await clearAway(frameWork, ready).catch(this.#options.onFault);
        return;
      }
      placed = putInPlace(ready, settings.overwrite || active.replaceable.has(frame));
      // In the same turn, so that nothing but images is in the output folder when the job's end is told.
      rmSync(frameFolder(imagesOf(settings, frame)[0]!, id, frame), { recursive: true, force: true });
    } catch (error) {
      await clearAway(frameWork, ready).catch(this.#options.onFault);
      this.#frameFailed(active, frame, work, error);
      this.#schedule();
      return;
    }
    active.inWork.delete(frame);
    if (rendered.peakBytes !== null) active.peakBytes = Math.max(active.peakBytes ?? 0, rendered.peakBytes);
    if (placed) {
      this.#frameDone(active, frame, work, rendered, placed, suspicion, at);
    } else {
      this.#skip(active, frame, imagesOf(settings, frame)[0]!);
      this.#track(clearAway(frameWork, ready));
    }
    if (!this.#finishIfThrough(id)) this.#settle();
    this.#schedule();
  }

  #frameDone(
    active: ActiveJob,
    frame: number,
    { slot }: Work,
    { seconds, peakBytes, warnings }: RenderedFrame,
    stamps: FileStamp[],
    suspicion: string | null,
    at: { frame: number; worker: number; attempt: number },
  ): void {
    const { id } = active;
    active.rendered++;
    this.#rests.succeeded(slot);
    const file = stamps[0]!.path;
    const done = this.#store.frameDone(id, frame, { file, seconds, stamps, peakBytes, suspicion });
    if (warnings.length > 0) this.#store.addWarnings(id, warnings);
    this.#options.tally.frameRendered(this.#job(id).engine, slot, seconds);
    this.#tellFrame(id, done);
    this.#emit('render_write', this.#job(id), { ...at, file, seconds });
    this.#options.space?.look();
    this.#tellQueueNowAndThen();
  }

  /** What looks wrong with a frame, in words. Every view of it is looked at. */
  async #suspicionOf(active: ActiveJob, ready: readonly ReadyFile[], seconds: number): Promise<string | null> {
    const fast = active.speeds.seen(seconds);
    for (const { from } of ready.filter(({ own }) => own)) {
      const pixels = suspicionOf((await this.#options.look?.(from, active.settings.format)) ?? null);
      if (pixels !== null) return fast === null ? pixels : `${pixels} ${fast}`;
    }
    return fast;
  }

  #frameFailed(active: ActiveJob, frame: number, work: Work, error: unknown): void {
    if (!this.#live(active, work)) return;
    const { id, settings } = active;
    active.inWork.delete(frame);
    const reason = messageOf(error);
    const stamps = error instanceof PlaceError ? mergeStamps(error.placed, this.#store.stamps(id, frame)) : undefined;
    if (stamps) active.replaceable.add(frame);
    if (isFull(error)) {
      this.#tellFrame(id, this.#store.frameReleased(id, frame, null, stamps));
      if (!this.#options.space?.full(dirname(imagesOf(settings, frame)[0]!))) this.#holdWhileFull(reason);
      return;
    }
    const hopeless = error instanceof UserError || (error instanceof FrameError && error.final);
    const attempt = this.#store.frame(id, frame)?.attempts ?? 0;
    const again = !hopeless && this.#store.failures(id, frame) + 1 < settings.attempts;
    const changed = again ? this.#store.frameReleased(id, frame, reason, stamps) : this.#store.frameFailed(id, frame, reason, stamps);
    const job = this.#job(id);
    this.#options.tally.tryFailed(job.engine, work.slot, kindOf(error), !again);
    this.#tellFrame(id, changed);
    this.#emit('frame_failed', job, { frame, worker: work.slot, attempt, reason });
    if (hopeless) {
      // What is wrong is wrong for every frame: trying the others would only say it again.
      this.#finish(id, 'failed', reason);
      return;
    }
    const rest = this.#rests.failed(work.slot, `${id}/${frame}`);
    // A job of which nothing was rendered yet had better tell quickly what is wrong with it.
    if (rest > 0 && active.rendered > 0) this.#pool.rest(work.slot, id, job.engine, rest, reason);
    if (!this.#finishIfThrough(id)) this.#settle();
  }

  #skip(active: ActiveJob, frame: number, file: string): void {
    const skipped = this.#store.frameSkipped(active.id, frame, file);
    this.#options.tally.frameSkipped(this.#job(active.id).engine);
    this.#tellFrame(active.id, skipped);
  }

  /** Ends a job whose frames are through, or of which too many failed. @returns whether it has ended */
  #finishIfThrough(id: number): boolean {
    const { frames, settings, suspicious } = this.#job(id);
    const { total, failed } = frames;
    const through = frames.waiting + frames.rendering === 0;
    const tooMany = failed > 0 && (failed / total > settings.failureShare || (through && failed === total));
    if (!through && !tooMany) return false;
    const odd = suspicious > 0 ? this.#store.firstSuspicious(id) : null;
    const looks = odd && `${suspicious === 1 ? '1 frame looks' : `${suspicious} frames look`} suspicious; frame ${odd.frame}: ${odd.suspicion}`;
    const first = failed > 0 ? this.#store.firstFailed(id) : null;
    const lost = first && `${failed} of ${total} frames failed; frame ${first.frame}: ${first.reason}`;
    this.#finish(id, tooMany ? 'failed' : 'completed', lost && looks ? `${lost} ${looks}` : (lost ?? looks));
    return true;
  }

  #finish(id: number, state: 'completed' | 'failed' | 'cancelled', reason: string | null): Job {
    const active = this.#active.get(id);
    this.#active.delete(id);
    this.#estimates.forget(this.#job(id));
    const job = this.#stop(id, state, reason, active);
    this.#options.tally.jobEnded(state);
    // A job that never began had no render_init, and so has no end.
    if (active) this.#emit(state === 'completed' ? 'render_complete' : 'render_cancel', job, { frame: job.lastFrame ?? undefined, reason: reason ?? undefined });
    this.#settle();
    this.#tellQueueNowAndThen();
    if (this.#runnable.ids().length === 0 && this.#timed.size === 0) this.#options.lifecycle.emit('queue_idle');
    this.#pool.wake(id);
    this.#schedule();
    return job;
  }

  /** Takes a job's frames away from their workers and brings it into a state in which it gets no others. */
  #stop(id: number, state: Exclude<Job['state'], 'rendering'>, reason: string | null, active = this.#active.get(id)): Job {
    const interrupted = active ? giveUpWork(active) : [];
    // What was looked at may be otherwise when it goes on; the frames that may be replaced are known.
    if (active?.phase === 'looking') active.phase = 'new';
    const job = this.#setState(id, state, reason);
    for (const frame of interrupted) {
      const released = this.#store.frame(id, frame);
      if (released) this.#estimates.frame(job, released, Date.now());
      if (released) this.#options.listener.frame(id, released);
    }
    return job;
  }

  /** When the queue is to stand still and the last frame in work is over: says so, and puts the jobs back into the queue. */
  #settle(): void {
    const { state } = this.#switch.info();
    if (state === 'running') return;
    for (const active of this.#active.values()) if (active.inWork.size > 0) return;
    if (state === 'after-job' && this.#store.ids(['rendering']).length > 0) return;
    for (const id of this.#store.ids(['rendering'])) this.#stop(id, 'queued', null);
    if (state !== 'paused' && this.#switch.set('paused')) this.#options.listener.queue(this.info());
  }

  #holdWhileFull(reason: string): void {
    this.hold(reason, 'full');
    this.#fullTimer ??= setTimeout(() => {
      this.#fullTimer = null;
      this.release('full');
    }, LOOK_AGAIN);
    this.#fullTimer.unref();
  }

  #startFailed(jobId: number, slot: number, others: number, error: unknown): void {
    if (!this.#running) return;
    const active = this.#active.get(jobId);
    const job = this.#store.job(jobId);
    if (!active || job?.state !== 'rendering') {
      this.#schedule();
      return;
    }
    if (others > 0) {
      // It goes on with the workers that there are; this place is tried again later.
      this.#pool.rest(slot, jobId, job.engine, LOOK_AGAIN, messageOf(error));
      return;
    }
    active.startFailures++;
    if (error instanceof UserError || active.startFailures >= MAX_START_FAILURES) this.#finish(jobId, 'failed', messageOf(error));
    else this.#schedule();
  }

  /** Finds out whether a job may be worked on, and when. */
  #rank(id: number): void {
    const standing = this.#store.standing(id);
    const open = standing?.state === 'queued' || standing?.state === 'rendering';
    const wait = open ? this.#store.wait(id) : null;
    if (open && !wait) this.#runnable.put(id, standing);
    else this.#runnable.remove(id);
    if (wait?.endsByItself && standing!.startAt !== null) this.#timed.add(id);
    else this.#timed.delete(id);
    this.#setClock();
  }

  /** Looks at start times when the first is due, and now and then before: clocks are set. */
  #setClock(): void {
    if (this.#clock || this.#timed.size === 0 || !this.#running) return;
    let soonest = Number.POSITIVE_INFINITY;
    for (const id of this.#timed) soonest = Math.min(soonest, this.#store.standing(id)?.startAt ?? soonest);
    this.#clock = setTimeout(
      () => {
        this.#clock = null;
        for (const id of Array.from(this.#timed)) if (this.#store.wait(id) === null) this.#tellWait(id);
        this.#setClock();
        this.#schedule();
      },
      Math.max(1, Math.min(LOOK_AGAIN, soonest - Date.now())),
    );
    this.#clock.unref();
  }

  /** What a job waits for has changed. */
  #tellWait(id: number): void {
    this.#rank(id);
    const job = this.#store.job(id);
    if (job?.state === 'queued') this.#options.listener.job(job);
  }

  /** A job's state has changed, and with it what the jobs after it wait for. */
  #standingChanged(id: number): void {
    this.#rank(id);
    for (const follower of this.#store.followers(id)) this.#tellWait(follower);
  }

  #checkAfter(id: number | null, after: readonly number[]): void {
    for (const other of after) if (!this.#store.standing(other)) throw new UserError(`There is no job ${other} that this one could come after.`, 'arguments');
    const circle = circleOf(id, after, (other) => this.#store.job(other)?.after ?? []);
    if (circle) throw new UserError(`These jobs would wait for each other for ever: ${circle}. Leave one of them out.`, 'arguments');
  }

  #statsTeller(active: ActiveJob, frame: number, work: Work): (progress: FrameProgress) => void {
    let last = 0;
    return (progress) => {
      const now = Date.now();
      if (now - last < STATS_INTERVAL || !this.#live(active, work)) return;
      last = now;
      this.#emit('render_stats', this.#job(active.id), { frame, worker: work.slot, ...progress });
    };
  }

  #workerChanged(worker: WorkerInfo, gone: string | null): void {
    this.#options.listener.workers(this.#pool.list());
    const reason = gone ?? worker.reason;
    this.#options.lifecycle.emit('worker_state', {
      worker: worker.slot,
      engine: worker.engine,
      state: gone === null ? worker.state : 'gone',
      ...(worker.scene === null ? {} : { scene: worker.scene }),
      ...(reason === undefined ? {} : { reason }),
    });
  }

  #setState(id: number, state: Job['state'], reason: string | null): Job {
    const before = this.#job(id).state;
    const job = this.#store.setState(id, state, reason);
    this.#options.listener.job(job);
    if (before !== state) this.#emit('job_state', job, reason === null ? {} : { reason });
    this.#standingChanged(id);
    return job;
  }

  /** The time left changes with every frame; with many jobs it takes some milliseconds to reckon. */
  #tellQueueNowAndThen(): void {
    const begun = performance.now();
    if (begun < this.#toldQueueAt) return;
    this.#options.listener.queue(this.info());
    this.#toldQueueAt = performance.now() + Math.max(TELL_QUEUE, (performance.now() - begun) * 100);
  }

  #tellFrame(id: number, frame: Frame): void {
    this.#estimates.frame(this.#job(id), frame, Date.now());
    this.#options.listener.frame(id, frame);
    this.#options.listener.job(this.#job(id));
  }

  #emit(name: Parameters<Lifecycle['emit']>[0], job: Job, fields: LifecycleFields): void {
    this.#options.lifecycle.emit(name, { job: { id: job.id, name: job.name, state: job.state }, scene: job.settings.scene, engine: job.engine, ...fields });
  }

  #live(active: ActiveJob, work?: Work): boolean {
    return this.#running && this.#active.get(active.id) === active && !work?.controller.signal.aborted;
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

/** What a failure counts as. A UserError while an image is written says that it could not be. */
function kindOf(error: unknown): FailureKind {
  if (error instanceof FrameError) return error.kind;
  return error instanceof UserError ? 'output' : 'render';
}
