import type { EngineId } from '../../shared/scene';
import type { RenderEngine } from '../engines/render-engine';
import { activateJob } from './activate-job';
import type { ActiveJob, ActiveJobs } from './active-job';
import type { Announcer } from './announcer';
import type { BackgroundTasks } from './background-tasks';
import type { TimesLeft } from './eta/times-left';
import { afterFailedScan } from './failed-scan';
import type { FrameDispatcher } from './frame-dispatcher';
import type { FramesInWork } from './frames-in-work';
import type { JobStates } from './job-states';
import { type QueuePause, notWritten } from './queue-pause';
import type { DeferredJobs } from './scheduling/deferred-jobs';
import type { JobMachines } from './scheduling/job-machines';
import type { Obstacles } from './scheduling/obstacles';
import type { PauseState } from './scheduling/pause-state';
import { createRounds } from './scheduling/rounds';
import { type OfferOutcome, offerMachines } from './scheduling/offer-machines';
import type { RunnableJobs } from './scheduling/runnable-jobs';
import type { StartFailures } from './start-failures';
import type { JobStore } from './store/job-store';
import type { JobNeeds, ReservedMachines } from './workers/worker-places';
import type { WorkerPool } from './workers/worker-pool';
import type { StoredJob } from './store/job-row';

export interface SchedulerOptions {
  readonly store: JobStore;
  /** @throws UserError when the engine is not available */
  engine(id: EngineId): RenderEngine;
  readonly jobs: ActiveJobs;
  readonly inWork: FramesInWork;
  readonly pool: WorkerPool;
  readonly runnable: RunnableJobs;
  readonly machines: JobMachines;
  readonly obstacles: Obstacles;
  readonly deferred: DeferredJobs;
  readonly pauseState: PauseState;
  readonly pause: QueuePause;
  readonly states: JobStates;
  readonly starts: StartFailures;
  readonly dispatcher: FrameDispatcher;
  readonly times: TimesLeft;
  readonly announcer: Announcer;
  readonly background: BackgroundTasks;
  /** Scans a job's output before its first frame is dispatched. */
  scan(active: ActiveJob): Promise<void>;
  onFault(error: unknown): void;
}

/** Interval at which jobs that no machine may take are reconsidered, in milliseconds: their scenes may have changed. */
const RECONSIDER = 30_000;

/** Decides which job runs, and which worker gets the frame. */
export class Scheduler {
  readonly #options: SchedulerOptions;
  #running = false;
  /** When jobs were last reconsidered, from performance.now(). */
  #reconsidered = 0;
  readonly #rounds = createRounds(() => this.#round());

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = true;
    this.schedule();
  }

  stop(): void {
    this.#running = false;
  }

  /** Dispatches frames to all available workers, best-ranked jobs first. Never waits, never throws. */
  schedule(): void {
    this.#rounds.now();
  }

  #round(): void {
    if (!this.#running) return;
    try {
      this.#handOutAll();
    } catch (error) {
      this.#faulted(error);
    }
  }

  /** As {@link scheduleSoon}, after machines or what they can render have changed. */
  reconsider(): void {
    this.#options.runnable.reconsider();
    this.scheduleSoon();
  }

  /** As {@link schedule}, with whatever else happens now. */
  scheduleSoon(): void {
    this.#rounds.soon();
  }

  /** A worker could not be started for a job. Never throws. @param others workers of its kind that are alive */
  startFailed(jobId: number, slot: number, others: number, error: unknown): void {
    if (!this.#running) return;
    try {
      this.#options.starts.judge(jobId, slot, others, error);
    } catch (fault) {
      this.#faulted(fault);
    }
    this.schedule();
  }

  #faulted(error: unknown): void {
    this.#options.onFault(error);
    this.#options.pause.holdUntilWritable(notWritten(error));
  }

  /** Looks at jobs only as far as machines are open to them, however many there are. */
  #handOutAll(): void {
    const { store, jobs, pool, machines, runnable, pauseState, obstacles } = this.#options;
    if (!pauseState.open(true)) return;
    const now = performance.now();
    if (now - this.#reconsidered > RECONSIDER) {
      runnable.reconsider();
      this.#reconsidered = now;
    }
    /** Starting workers that better-ranked jobs will use, by kind. */
    const claimed = new Map<string, number>();
    /** Machines that better-ranked jobs lack workers on. */
    const reserved = new Set<string | null>();
    offerMachines({ turns: runnable.turns(), machines, obstacles }, reserved, (id) => {
      // Better-ranked jobs use every worker, so lower-ranked ones have to wait.
      if (!pool.places.anyOpen(reserved)) return 'over';
      const rendering = store.standing(id)!.state === 'rendering';
      if (!pauseState.open(rendering)) return 'served';
      const outcome = this.#offer(id, rendering, claimed, reserved);
      // Machines that it avoids are forgiven, and nothing tells.
      if (outcome === 'none' && jobs.has(id)) this.#rounds.within(RECONSIDER);
      return outcome;
    });
  }

  /**
   * Gives a job what it can get.
   *
   * A job being scanned will have frames in a moment; jobs ranked below it wait, to preserve the order.
   */
  #offer(id: number, rendering: boolean, claimed: Map<string, number>, reserved: Set<string | null>): OfferOutcome {
    const { store, jobs, pool, machines, deferred, states } = this.#options;
    const begun = jobs.get(id);
    if (deferred.passesOver(begun)) return 'none';
    // A worker would find its scene half saved.
    if (begun?.source.beingSaved) return 'served';
    const choice = machines.choose(id, reserved);
    if (choice.kind === 'fails') states.finish(id, 'failed', choice.text);
    if (choice.kind !== 'machines') return choice.kind === 'fails' ? 'failed' : 'none';
    const { needs } = choice;
    const theirs = pool.places.machinesFor(needs);
    if (reserved.size > 0 && theirs.every((one) => reserved.has(one))) return 'served';
    const reserve = (): void => theirs.forEach((one) => reserved.add(one));
    if (!rendering && !pool.hasRoom(needs, machines.roomFor(id), reserved)) {
      reserve();
      return 'served';
    }
    const active = this.#begin(store.job(id)!);
    if (!active) return 'served';
    if (active.phase !== 'ready') return 'over';
    const handed = this.#handOut(active, needs, claimed, reserved);
    if (handed === 'later') this.scheduleSoon();
    if (handed === false) reserve();
    return handed === 'later' ? 'over' : 'served';
  }

  /** As {@link activateJob}. */
  activate(job: StoredJob): ActiveJob | null {
    return activateJob(this.#options, job);
  }

  /** @returns null when the job ended at once */
  #begin(job: StoredJob): ActiveJob | null {
    const { background, scan } = this.#options;
    const active = this.activate(job);
    if (!active) return null;
    if (active.phase === 'new') {
      const begun = active;
      background.add(
        scan(begun)
          .catch((error: unknown) => afterFailedScan(this.#options, begun, error))
          .then(() => this.schedule()),
      );
    }
    return active;
  }

  /** @returns whether workers may be left for other jobs; `later` where the next round goes on */
  #handOut(
    active: ActiveJob,
    needs: JobNeeds,
    claimed: Map<string, number>,
    reserved: ReservedMachines,
  ): boolean | 'later' {
    const { store, inWork, pool, machines, times, background, dispatcher } = this.#options;
    const { id, settings } = active;
    const job = store.job(id)!;
    const { frames } = job;
    const here = machines.roomFor(id);
    const room = pool.places.capacityFor(needs, here);
    const limit = Math.min(room, settings.workers ?? room);
    times.workers = Math.max(1, limit);
    let waiting = frames.waiting;
    const idle = pool.idle(needs, reserved);
    const others = idle.length > 1 || (idle.length === 1 && pool.hasOther(idle[0]!, needs));
    let busy = inWork.busyWorkers(id);
    for (const slot of idle) {
      if (busy >= limit || waiting === 0) return true;
      if (waiting < frames.waiting && this.#rounds.long) return 'later';
      const frame = store.frames.nextWaiting(id, others ? slot : undefined);
      if (frame === null) continue;
      const { workerFree, over } = dispatcher.dispatch(active, frame, slot);
      waiting--;
      busy++;
      void workerFree.then(() => this.scheduleSoon());
      background.add(over.then(() => this.scheduleSoon()));
    }
    const missing = Math.min(limit - inWork.busyWorkers(id), waiting);
    if (missing <= 0 || this.#options.starts.awaits(active)) return true;
    const key = `${needs.engine} ${needs.setup}`;
    const already = claimed.get(key) ?? 0;
    claimed.set(key, already + missing);
    return pool.want(needs, id, missing, already, here, reserved);
  }
}
