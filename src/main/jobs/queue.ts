import { dirname } from 'node:path';
import type { Job, JobSettings, QueueInfo } from '../../shared/jobs';
import { FINAL_JOB_STATES } from '../../shared/jobs';
import type { EngineId } from '../../shared/scene';
import { UserError, messageOf } from '../../shared/user-error';
import type { WorkerInfo } from '../../shared/workers';
import type { RenderEngine, WorkerUsage } from '../engines/render-engine';
import type { Lifecycle } from '../events/lifecycle';
import { type ActiveJob, type Work, busyWorkers, createActiveJob, giveUpWork } from './active-job';
import { type Announcer, type QueueListener, createAnnouncer } from './announcer';
import { type FrameCare, type FrameRuns, createFrameRuns } from './frame-run';
import { checkWritable, imagesOf } from './output/output-files';
import { JobStore, type NewJob, type PlaceInQueue } from './store/job-store';
import { lookAt } from './output/existing-output';
import { type HoldKey, type OnStart, type QueueSwitch, createQueueSwitch } from './scheduling/pause-state';
import { repairFrames, repairHalfStates } from './recover-frames';
import { createSlotRests } from './workers/slot-backoff';
import { type TimesLeft, createTimesLeft } from './eta/times-left';
import { type Turns, createTurns } from './scheduling/runnable-jobs';
import { circleOf } from './store/dependencies';
import { WorkerPool } from './workers/worker-pool';

/** How often a worker may fail to start, one after another, before the job that wants it fails. */
const MAX_START_FAILURES = 3;
/** The most frames that are told one by one when many change at once. */
const MOST_TOLD = 10_000;
/** How soon writing is tried again after there was no room, in milliseconds. */
const TRY_AGAIN = 30_000;

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

export interface QueueOptions extends FrameCare {
  readonly store: JobStore;
  readonly engines: ReadonlyMap<EngineId, RenderEngine>;
  readonly lifecycle: Lifecycle;
  readonly listener: QueueListener;
  /** The most workers that may live at once when this job wants another; the job itself uses no more than its own settings say. */
  workerLimit(demand: WorkerDemand): number;
  /** Whether the queue goes on when it starts; `run` by default. */
  readonly onStart?: OnStart;
  /** The first rest of a worker that keeps failing, in milliseconds. */
  readonly firstRest?: number;
  /** How soon writing is tried again after there was no room, in milliseconds. */
  readonly tryAgain?: number;
}

/** Takes jobs, hands single frames to idle workers, puts verified images in their place, and tells what happens in the order of the lifecycle. */
export class RenderQueue {
  readonly #options: QueueOptions;
  readonly #store: JobStore;
  readonly #pool: WorkerPool;
  readonly #switch: QueueSwitch;
  readonly #times: TimesLeft;
  readonly #announcer: Announcer;
  readonly #turns: Turns;
  readonly #frames: FrameRuns;
  readonly #active = new Map<number, ActiveJob>();
  readonly #background = new Set<Promise<void>>();
  #tryAgain: NodeJS.Timeout | null = null;
  /** The database takes a frame to be in work that isn't. */
  #outOfStep = false;
  #running = false;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#switch = createQueueSwitch(options.store, options.onStart ?? 'run');
    this.#times = createTimesLeft(options.store);
    this.#announcer = createAnnouncer({ ...options, times: this.#times, info: () => this.info() });
    this.#turns = createTurns(options.store, (due) => {
      for (const id of due) this.#tellWait(id);
      this.#schedule();
    });
    this.#pool = new WorkerPool({
      engine: (id) => this.#engine(id),
      tally: options.tally,
      onChange: (worker, gone) => this.#announcer.worker(worker, gone, this.#pool.list()),
      onReady: () => this.#schedule(),
      onStartFailed: (jobId, slot, others, error) => this.#startFailed(jobId, slot, others, error),
    });
    this.#frames = createFrameRuns({
      store: options.store,
      pool: this.#pool,
      rests: createSlotRests(options.firstRest),
      announcer: this.#announcer,
      care: options,
      live: (active, work) => this.#live(active, work),
      onReady: () => this.#schedule(),
      onOver: (active, fatal) => this.#frameOver(active, fatal),
      onFull: (reason) => this.#holdForAWhile(reason),
    });
  }

  /** Repairs what the last host left half done, then begins to work. */
  async start(): Promise<void> {
    await repairHalfStates(this.#store);
    this.#running = true;
    this.#switch.keep();
    this.#turns.start();
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
    const left = this.#times.queue();
    return { ...this.#switch.info(), secondsLeft: left?.p50 ?? null, secondsLeftP90: left?.p90 ?? null };
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
    this.#announcer.event('job_queued', added, {});
    this.#turns.rank(added.id);
    this.#schedule();
    return this.#store.job(added.id) ?? added;
  }

  /** Cancels a job; what is done stays. @throws UserError when it is finished already */
  cancel(id: number): Job {
    const job = this.#job(id);
    if (FINAL_JOB_STATES.includes(job.state))
      throw new UserError(`Job ${id} is ${job.state} already: there is nothing to cancel.`);
    return this.#finish(id, 'cancelled', 'cancelled by the user');
  }

  /** Gives up a job's frames in work, which wait until it is resumed. @throws UserError when it is finished */
  pause(id: number): Job {
    const job = this.#job(id);
    if (FINAL_JOB_STATES.includes(job.state))
      throw new UserError(`Job ${id} is ${job.state}: only a job that is queued or rendering can be paused.`);
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
      throw new UserError(
        `No frame of job ${id} failed or was left out: requeue all of its frames to render it again.`,
      );
    }
    const active = this.#active.get(id);
    if (frames === 'all' && active) {
      if (job.state === 'rendering') this.#stop(id, 'queued', null);
      active.phase = 'new';
      active.replaceable.clear();
    }
    this.#times.forget(job);
    const requeued = this.#store.requeue(id, frames);
    this.#options.listener.job(requeued);
    for (const frame of this.#store.frames(id, { states: ['waiting'], limit: MOST_TOLD }))
      this.#options.listener.frame(id, frame);
    if (requeued.state !== job.state) this.#announcer.event('job_state', requeued, {});
    this.#standingChanged(id);
    this.#schedule();
    return this.#store.job(id) ?? requeued;
  }

  /** A new job with the same settings and place, which comes after the same jobs as far as they are still there. */
  duplicate(id: number): Promise<Job> {
    const { name, engine, settings, priority, after, startAt, warnings } = this.#job(id);
    return this.submit({
      name,
      engine,
      settings,
      priority,
      after: after.filter((other) => this.#store.standing(other)),
      startAt,
      warnings,
    });
  }

  /** Changes when a job's turn comes, at any time before its end. @throws UserError */
  setPlace(id: number, place: Partial<PlaceInQueue>): Job {
    const job = this.#job(id);
    if (FINAL_JOB_STATES.includes(job.state))
      throw new UserError(`Job ${id} is ${job.state}: requeue it to render it again.`);
    if (place.after) this.#checkAfter(id, place.after);
    this.#options.listener.job(
      this.#store.setPlace(id, { priority: job.priority, after: job.after, startAt: job.startAt, ...place }),
    );
    this.#turns.rank(id);
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
    this.#times.forget(this.#job(id));
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
    if (FINAL_JOB_STATES.includes(state))
      throw new UserError(`Job ${id} is ${state}: duplicate it, or requeue it, to render with other settings.`);
    if (state === 'rendering') throw new UserError(`Job ${id} is rendering: pause it before its settings are changed.`);
  }

  /** Puts a job before another in queue order; null: at the end. @throws UserError when there is no such job */
  move(id: number, before: number | null): Job {
    this.#job(id);
    if (before !== null) this.#job(before);
    const placed = this.#store.move(id, before);
    // Where the gap was too narrow, all have got new places.
    for (const other of this.#turns.ids()) this.#turns.rank(other);
    for (const job of placed) this.#options.listener.job(job);
    this.#schedule();
    return this.#job(id);
  }

  /** Takes a job that is not being worked on out of the list. @throws UserError when it is rendering */
  remove(id: number): void {
    const job = this.#job(id);
    if (job.state === 'rendering') throw new UserError(`Job ${id} is rendering: cancel it before removing it.`);
    if (!FINAL_JOB_STATES.includes(job.state)) this.#finish(id, 'cancelled', 'removed by the user');
    const followers = this.#store.followers(id);
    this.#turns.remove(id);
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
    this.#announcer.queue();
    this.#settle();
    this.#schedule();
    return this.info();
  }

  resumeAll(): QueueInfo {
    if (this.#switch.set('running')) this.#announcer.queue();
    this.#schedule();
    return this.info();
  }

  /** Holds the queue up for a reason that is not the user's: frames in work may end, no others begin. It goes on when it is released. */
  hold(reason: string, key: HoldKey = 'space'): void {
    if (!this.#switch.hold(key, reason)) return;
    this.#announcer.queue();
    this.#settle();
  }

  /** What held the queue up is over. */
  release(key: HoldKey = 'space'): void {
    if (!this.#switch.release(key)) return;
    this.#announcer.queue();
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
    this.#turns.close();
    if (this.#tryAgain) clearTimeout(this.#tryAgain);
    const left = [...this.#active.values()].map((active) => ({ id: active.id, frames: giveUpWork(active) }));
    this.#active.clear();
    await this.#pool.close();
    await Promise.all(this.#background);
    // Not before their folders are gone: a host that is killed meanwhile has them repaired by the next start.
    for (const { id, frames } of left) {
      for (const frame of frames) {
        try {
          if (this.#store.frame(id, frame)?.state === 'rendering') this.#store.frameReleased(id, frame, null);
        } catch (error) {
          this.#options.onFault(error);
        }
      }
    }
  }

  /** Hands out as many frames as there are workers for, to the best jobs first. Never waits, never throws. */
  #schedule(): void {
    if (!this.#running) return;
    try {
      this.#handOutAll();
    } catch (error) {
      this.#options.onFault(error);
      this.#holdForAWhile(notWritten(error));
    }
  }

  #handOutAll(): void {
    /** Workers that are starting and that a better job wants, by their kind. */
    const claimed = new Map<string, number>();
    for (const id of this.#turns.ids()) {
      const rendering = this.#store.standing(id)?.state === 'rendering';
      if (!this.#switch.open(rendering)) continue;
      // Where better jobs have every worker, the turn of the others has not come.
      if (!rendering && !this.#pool.hasRoom(this.#roomFor(this.#job(id), this.#active.get(id)))) return;
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
    const room = this.#roomFor(job, active);
    const limit = Math.min(room, settings.workers ?? room);
    this.#times.workers = Math.max(1, limit);
    const kind = { engine, setup };
    let waiting = frames.waiting;
    for (const slot of this.#pool.idle(kind, settings.scene)) {
      if (busyWorkers(active) >= limit || waiting === 0) return true;
      const frame = this.#store.nextWaiting(id, this.#pool.hasOther(slot, kind) ? slot : undefined);
      if (frame === null) continue;
      const worker = this.#pool.take(slot, settings.scene, id, frame);
      const work: Work = { slot, controller: new AbortController(), delivered: false };
      active.inWork.set(frame, work);
      waiting--;
      this.#track(
        this.#frames
          .run(active, frame, work, worker)
          .catch((error: unknown) => this.#frameFaulted(active, frame, work, error)),
      );
    }
    const missing = Math.min(limit - busyWorkers(active), waiting);
    if (missing <= 0) return true;
    const key = `${engine} ${setup}`;
    const already = claimed.get(key) ?? 0;
    claimed.set(key, already + missing);
    return this.#pool.want(kind, id, missing, already, room);
  }

  /** How many workers may live, of all jobs together, for this job to get another. */
  #roomFor({ engine, settings }: Job, active: ActiveJob | undefined): number {
    return this.#options.workerLimit({
      engine,
      settings,
      peakBytes: active?.peakBytes ?? null,
      rendered: active?.rendered ?? 0,
      living: this.#pool.living(),
    });
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
      // Written first: a job whose beginning could not be written has not begun.
      const rendering = this.#setState(id, 'rendering', null);
      this.#active.set(id, active);
      this.#announcer.event('render_init', rendering, { frame: this.#store.nextWaiting(id) ?? undefined });
    } else {
      this.#setState(id, 'rendering', null);
    }
    if (active.phase === 'new') {
      active.phase = 'looking';
      active.looks++;
      const begun = active;
      this.#track(this.#lookThroughOutput(begun).catch((error: unknown) => this.#lookFaulted(begun, error)));
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
        else if (finding.kind === 'skip') this.#frames.skip(active, frame, finding.file);
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

  /** @param fatal what is wrong with the whole job */
  #frameOver(active: ActiveJob, fatal: string | null): void {
    // Whoever was told of the frame may have cancelled the job.
    if (!this.#live(active)) return;
    if (fatal !== null) this.#finish(active.id, 'failed', fatal);
    else if (!this.#finishIfThrough(active.id)) this.#settle();
  }

  /** The database could not be written while a frame was rendered: most likely the disk is full. Nothing may be lost by that, and nothing may stand still for ever. */
  #frameFaulted(active: ActiveJob, frame: number, work: Work, error: unknown): void {
    this.#options.onFault(error);
    if (active.inWork.get(frame) === work) active.inWork.delete(frame);
    this.#pool.release(work.slot, false);
    this.#outOfStep = true;
    this.#holdForAWhile(notWritten(error));
  }

  #lookFaulted(active: ActiveJob, error: unknown): void {
    this.#options.onFault(error);
    if (this.#live(active)) this.#finish(active.id, 'failed', messageOf(error));
  }

  /** Ends a job whose frames are through, or of which too many failed. @returns whether it has ended */
  #finishIfThrough(id: number): boolean {
    const { frames, settings, suspicious } = this.#job(id);
    const { total, failed } = frames;
    const through = frames.waiting + frames.rendering === 0;
    const tooMany = failed > 0 && (failed / total > settings.failureShare || (through && failed === total));
    if (!through && !tooMany) return false;
    const odd = suspicious > 0 ? this.#store.firstSuspicious(id) : null;
    const looks =
      odd &&
      `${suspicious === 1 ? '1 frame looks' : `${suspicious} frames look`} suspicious; frame ${odd.frame}: ${odd.suspicion}`;
    const first = failed > 0 ? this.#store.firstFailed(id) : null;
    const lost = first && `${failed} of ${total} frames failed; frame ${first.frame}: ${first.reason}`;
    this.#finish(id, tooMany ? 'failed' : 'completed', lost && looks ? `${lost} ${looks}` : (lost ?? looks));
    return true;
  }

  #finish(id: number, state: 'completed' | 'failed' | 'cancelled', reason: string | null): Job {
    const active = this.#active.get(id);
    this.#active.delete(id);
    this.#times.forget(this.#job(id));
    const job = this.#stop(id, state, reason, active);
    this.#options.tally.jobEnded(state);
    // A job that never began had no render_init, and so has no end.
    if (active)
      this.#announcer.event(state === 'completed' ? 'render_complete' : 'render_cancel', job, {
        frame: job.lastFrame ?? undefined,
        reason: reason ?? undefined,
      });
    this.#settle();
    this.#announcer.queueNowAndThen();
    if (this.#turns.idle) this.#options.lifecycle.emit('queue_idle');
    this.#pool.wake(id);
    this.#schedule();
    return job;
  }

  /** Takes a job's frames away from their workers and brings it into a state in which it gets no others. */
  #stop(
    id: number,
    state: Exclude<Job['state'], 'rendering'>,
    reason: string | null,
    active = this.#active.get(id),
  ): Job {
    const interrupted = active ? giveUpWork(active) : [];
    // What was looked at may be otherwise when it goes on; the frames that may be replaced are known.
    if (active?.phase === 'looking') active.phase = 'new';
    const job = this.#setState(id, state, reason);
    for (const frame of interrupted) {
      const released = this.#store.frame(id, frame);
      if (!released) continue;
      this.#times.frame(job, released);
      this.#options.listener.frame(id, released);
    }
    return job;
  }

  /** When the queue is to stand still and the last frame in work is over: says so, and puts the jobs back into the queue. */
  #settle(): void {
    const { state } = this.#switch.info();
    if (state === 'running' || this.#outOfStep) return;
    for (const active of this.#active.values()) if (active.inWork.size > 0) return;
    if (state === 'after-job' && this.#store.ids(['rendering']).length > 0) return;
    for (const id of this.#store.ids(['rendering'])) this.#stop(id, 'queued', null);
    if (state !== 'paused' && this.#switch.set('paused')) this.#announcer.queue();
  }

  /** Stands still until writing is tried again; frames that the database lost sight of are looked for before. */
  #holdForAWhile(reason: string): void {
    this.hold(reason, 'full');
    if (this.#tryAgain || !this.#running) return;
    this.#tryAgain = setTimeout(() => {
      this.#tryAgain = null;
      const inWork = (jobId: number, frame: number): boolean => this.#active.get(jobId)?.inWork.has(frame) ?? false;
      this.#track(
        repairFrames(this.#store, inWork).then(
          () => {
            this.#outOfStep = false;
            for (const id of this.#store.ids(['rendering']))
              if (!this.#finishIfThrough(id)) this.#options.listener.job(this.#job(id));
            this.release('full');
            this.#settle();
          },
          () => this.#holdForAWhile(reason),
        ),
      );
    }, this.#options.tryAgain ?? TRY_AGAIN);
    this.#tryAgain.unref();
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
      this.#pool.rest(slot, jobId, job.engine, TRY_AGAIN, messageOf(error));
      return;
    }
    active.startFailures++;
    if (error instanceof UserError || active.startFailures >= MAX_START_FAILURES)
      this.#finish(jobId, 'failed', messageOf(error));
    else this.#schedule();
  }

  /** What a job waits for has changed. */
  #tellWait(id: number): void {
    this.#turns.rank(id);
    const job = this.#store.job(id);
    if (job?.state === 'queued') this.#options.listener.job(job);
  }

  /** A job's state has changed, and with it what the jobs after it wait for. */
  #standingChanged(id: number): void {
    this.#turns.rank(id);
    for (const follower of this.#store.followers(id)) this.#tellWait(follower);
  }

  #checkAfter(id: number | null, after: readonly number[]): void {
    for (const other of after)
      if (!this.#store.standing(other))
        throw new UserError(`There is no job ${other} that this one could come after.`, 'arguments');
    const circle = circleOf(id, after, (other) => this.#store.job(other)?.after ?? []);
    if (circle)
      throw new UserError(
        `These jobs would wait for each other for ever: ${circle}. Leave one of them out.`,
        'arguments',
      );
  }

  #setState(id: number, state: Job['state'], reason: string | null): Job {
    const before = this.#job(id).state;
    const job = this.#store.setState(id, state, reason);
    this.#options.listener.job(job);
    if (before !== state) this.#announcer.event('job_state', job, reason === null ? {} : { reason });
    this.#standingChanged(id);
    return job;
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

function notWritten(error: unknown): string {
  return `The queue could not be written to its database (${messageOf(error)}): it is tried again every half minute.`;
}
