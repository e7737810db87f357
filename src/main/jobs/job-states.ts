import type { FailureCode } from '../../shared/failures';
import { FINAL_JOB_STATES } from '../../shared/jobs';
import type { Lifecycle } from '../events/lifecycle';
import type { FrameTry } from './output/frame-folder';
import type { ActiveJob, ActiveJobs } from './active-job';
import type { Announcer, ChangeListener } from './announcer';
import type { TimesLeft } from './eta/times-left';
import type { FramesInWork } from './frames-in-work';
import { jobVerdict } from './retry-policy';
import type { PauseState } from './scheduling/pause-state';
import type { RunnableJobs } from './scheduling/runnable-jobs';
import type { JobStore } from './store/job-store';
import type { RenderCounters } from './render-counters';
import type { WorkerPool } from './workers/worker-pool';
import type { StoredJob } from './store/job-row';

export interface JobStatesOptions {
  readonly store: JobStore;
  readonly jobs: ActiveJobs;
  readonly inWork: FramesInWork;
  readonly pauseState: PauseState;
  readonly runnable: RunnableJobs;
  readonly pool: WorkerPool;
  readonly times: TimesLeft;
  readonly announcer: Announcer;
  readonly listener: ChangeListener;
  readonly lifecycle: Lifecycle;
  readonly counters: RenderCounters;
}

/**
 * How jobs start, stop and end. Each change is stored first, then announced, and jobs that depend on it are ranked
 * again. Dispatching frames afterwards is up to the caller.
 */
export class JobStates {
  readonly #options: JobStatesOptions;
  /** Failed frames of jobs that stay so while chosen others are rendered again: see {@link jobVerdict}. */
  readonly #knownFailures = new Map<number, number>();

  constructor(options: JobStatesOptions) {
    this.#options = options;
  }

  /** Frames were chosen to be rendered again. @param left frames that failed and were not among them */
  leaveFailures(id: number, left: number): void {
    this.#knownFailures.set(id, left);
  }

  /** Whether this is still the active instance of the job. */
  isLive(active: ActiveJob): boolean {
    return this.#options.jobs.get(active.id) === active;
  }

  /** Whether this host has begun the job. */
  hasBegun(id: number): boolean {
    return this.#options.jobs.has(id);
  }

  set(id: number, state: StoredJob['state'], reason: string | null): StoredJob {
    const before = this.#options.store.standing(id)?.state;
    return this.#tell(before, this.#options.store.setState(id, state, reason), reason);
  }

  #tell(before: StoredJob['state'] | undefined, job: StoredJob, reason: string | null): StoredJob {
    const { listener, announcer } = this.#options;
    const { id, state } = job;
    listener.job(job);
    if (before !== state) announcer.event('job_state', job, reason === null ? {} : { reason });
    this.changed(id);
    return job;
  }

  /** Starts a job: `render_init` is emitted. */
  begin(active: ActiveJob): void {
    const { store, jobs, announcer } = this.#options;
    // Stored first: if that fails, the job has not started.
    const rendering = this.set(active.id, 'rendering', null);
    jobs.set(active.id, active);
    const { frames, settings } = rendering;
    // It would have ended with so many failures, unless chosen frames were to be rendered again before the host ended.
    if (jobVerdict(frames, settings.failureShare) === 'failed') this.leaveFailures(active.id, frames.failed);
    announcer.event('render_init', rendering, { frame: store.frames.nextWaiting(active.id) ?? undefined });
  }

  /** Aborts a job's frames in work and moves it into a state without dispatch. */
  stop(
    id: number,
    state: Exclude<StoredJob['state'], 'rendering'>,
    reason: string | null,
    failure: FailureCode | null = null,
  ): StoredJob {
    const { store, jobs, inWork, times, listener } = this.#options;
    const before = store.standing(id)?.state;
    // Stored first: if that fails, the frames are still in work.
    const job = store.setState(id, state, reason, failure);
    const interrupted = inWork.giveUp(id);
    const active = jobs.get(id);
    // Scan results may be outdated when the job continues; the replaceable frames remain valid.
    if (active?.phase === 'scanning') active.phase = 'new';
    if (FINAL_JOB_STATES.includes(state)) jobs.delete(id);
    this.#tell(before, job, reason);
    for (const { frame } of interrupted) {
      const released = store.frames.get(id, frame);
      if (!released) continue;
      times.frame(job, released);
      listener.frame(id, released);
    }
    return job;
  }

  /** @param failure what was wrong, where it failed */
  finish(
    id: number,
    state: 'completed' | 'failed' | 'cancelled',
    reason: string | null,
    failure: FailureCode | null = null,
  ): StoredJob {
    const { jobs, runnable, pool, times, announcer, lifecycle, counters } = this.#options;
    const begun = jobs.has(id);
    const job = this.stop(id, state, reason, failure);
    this.#knownFailures.delete(id);
    times.forget(job);
    counters.jobEnded(state, state === 'completed' && job.frames.failed > 0);
    // A job that never started had no render_init, so it gets no end event either.
    if (begun)
      announcer.event(state === 'completed' ? 'render_complete' : 'render_cancel', job, {
        frame: job.lastFrame ?? undefined,
        reason: reason ?? undefined,
      });
    this.settlePause();
    announcer.queueNowAndThen();
    if (runnable.idle) lifecycle.emit('queue_idle');
    pool.backoff.endOf(id);
    return job;
  }

  /** Ends a job when all its frames are finished or too many failed. @returns whether it ended */
  finishIfThrough(id: number): boolean {
    const { store } = this.#options;
    const { frames, settings, suspicious } = store.job(id)!;
    const verdict = jobVerdict(frames, settings.failureShare, this.#knownFailures.get(id));
    if (verdict === 'unfinished') return false;
    const odd = suspicious > 0 ? store.frames.firstSuspicious(id) : null;
    const suspicionNote =
      odd &&
      `${suspicious === 1 ? '1 frame looks' : `${suspicious} frames look`} suspicious; frame ${odd.frame}: ${odd.suspicion}`;
    const first = frames.failed > 0 ? store.frames.firstFailed(id) : null;
    const lost = first && `${frames.failed} of ${frames.total} frames failed; frame ${first.frame}: ${first.reason}`;
    const reason = lost && suspicionNote ? `${lost} ${suspicionNote}` : (lost ?? suspicionNote);
    // No higher limit mends a scene that can't be read.
    const failure = first?.failure === 'scene' ? 'scene' : 'too-many';
    this.finish(id, verdict, reason, verdict === 'failed' ? failure : null);
    return true;
  }

  /**
   * Completes a pending pause when the last frame in work is finished: announces it and returns rendering jobs to the
   * queue. Does nothing while the database is out of step, since the frames in work are unknown then.
   */
  settlePause(): void {
    const { store, inWork, pauseState, announcer } = this.#options;
    if (pauseState.info().state === 'running' || inWork.outOfStep || !inWork.empty) return;
    const { wanted } = pauseState;
    if (wanted === 'after-job' && store.ids(['rendering']).length > 0) return;
    for (const id of store.ids(['rendering'])) this.stop(id, 'queued', null);
    if (wanted !== 'running' && pauseState.set('paused')) announcer.queue();
  }

  /** Returns aborted frames to waiting as the host closes. @param onFault receives errors from storing them */
  release(tries: readonly FrameTry[], onFault: (error: unknown) => void): void {
    const { store } = this.#options;
    for (const held of tries) {
      try {
        if (store.frames.get(held.jobId, held.frame)?.state === 'rendering') store.tries.release(held, null);
      } catch (error) {
        onFault(error);
      }
    }
  }

  /** Call after a job's state changed: updates the jobs that depend on it. */
  changed(id: number): void {
    this.#options.runnable.rank(id);
    for (const follower of this.#options.store.followers(id)) this.tellWait(follower);
  }

  /** Call after a job's dependencies changed. */
  tellWait(id: number): void {
    const { store, runnable, listener } = this.#options;
    runnable.rank(id);
    const job = store.job(id);
    if (job?.state === 'queued') listener.job(job);
  }
}
