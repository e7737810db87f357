import type { FrameProgress, Worker } from '../engines/render-engine';
import type { ActiveJob } from './active-job';
import type { Announcer } from './announcer';
import type { FrameResults } from './frame-results';
import { type FrameTools, type Outcome, renderTry, verifyTry } from './frame-run';
import type { Assignment, FramesInWork } from './frames-in-work';
import type { FrameTry } from './output/frame-folder';
import { type QueuePause, notWritten } from './queue-pause';
import type { JobStore } from './store/job-store';
import type { WorkerPool } from './workers/worker-pool';

/** Minimum interval between two `render_stats` events of one frame, in milliseconds. */
const STATS_INTERVAL = 200;

export interface FrameDispatcherOptions {
  readonly store: JobStore;
  readonly inWork: FramesInWork;
  readonly pool: WorkerPool;
  readonly results: FrameResults;
  readonly pause: QueuePause;
  readonly announcer: Announcer;
  readonly tools: FrameTools;
  onFault(error: unknown): void;
}

/** A dispatched frame. Neither promise rejects. */
export interface DispatchedFrame {
  /** Resolves when its worker may get another frame. */
  readonly workerFree: Promise<void>;
  /** Resolves when its outcome is stored. */
  readonly over: Promise<void>;
}

/** Dispatches a frame to a worker and follows it to its outcome. */
export class FrameDispatcher {
  readonly #options: FrameDispatcherOptions;

  constructor(options: FrameDispatcherOptions) {
    this.#options = options;
  }

  /**
   * @param slot of an idle worker
   * @param adopted the try of the last host that its machine has in work; undefined for a new one
   * @throws Error from the database; nothing is in work then
   */
  dispatch(active: ActiveJob, frame: number, slot: number, adopted?: FrameTry): DispatchedFrame {
    const { assignment, worker } = this.#assign(active, frame, slot, adopted);
    const { results } = this.#options;
    const rendered = this.#render(active, assignment, worker);
    return {
      workerFree: rendered.then(
        () => undefined,
        () => undefined,
      ),
      over: rendered
        .then(async (left) => left && results.settle(active, assignment, await left.outcome))
        .then(() => undefined)
        .catch((error: unknown) => this.#faulted(assignment, worker, error)),
    };
  }

  /** Assigns a frame to an idle worker. Stored first, so that the assignment survives a kill of the host. */
  #assign(
    active: ActiveJob,
    frame: number,
    slot: number,
    adopted?: FrameTry,
  ): { assignment: Assignment; worker: Worker } {
    const { store, inWork, pool, announcer } = this.#options;
    const { id, settings } = active;
    const machine = pool.places.ownerOf(slot);
    const { frame: started, lease } = adopted
      ? store.tries.resume(adopted, slot)
      : store.tries.start(id, frame, slot, machine, active.source.known);
    const assignment: Assignment = {
      jobId: id,
      frame,
      lease,
      slot,
      machine,
      attempt: started.attempts,
      busyAtStart: inWork.busyWorkers(id, machine) + 1,
      controller: new AbortController(),
      workerDone: false,
      live: { worker: null, progress: null, lastSeconds: active.failedSeconds.get(frame) ?? null },
    };
    inWork.add(assignment);
    const worker = pool.take(slot, settings.scene, id, frame);
    assignment.live.worker = worker;
    try {
      announcer.frame(id, started);
    } catch (error) {
      this.#drop(assignment, worker);
      throw error;
    }
    if (!adopted) announcer.event('render_pre', store.job(id)!, { frame, worker: slot, attempt: assignment.attempt });
    return { assignment, worker };
  }

  /** Drops a try that can't go on, although the database still has its frame in work. */
  #drop(assignment: Assignment, worker: Worker): void {
    const { inWork, pool } = this.#options;
    inWork.end(assignment);
    if (!assignment.workerDone) pool.release(assignment.slot, worker, false);
    inWork.outOfStep = true;
  }

  /** @returns its outcome, which comes while the worker goes on; null where it is stored already */
  async #render(
    active: ActiveJob,
    assignment: Assignment,
    worker: Worker,
  ): Promise<{ readonly outcome: Promise<Outcome> } | null> {
    const { store, inWork, pool, results, announcer, tools } = this.#options;
    const { frame, slot, machine, attempt, busyAtStart } = assignment;
    const begun = performance.now();
    const delivery = await renderTry(assignment, active, worker, this.#statsTeller(assignment), tools);
    inWork.workerDone(assignment);
    if (delivery.kind === 'source-changed') {
      const saved = active.source.saved(assignment.controller.signal);
      pool.release(slot, worker, false);
      return { outcome: saved.then(() => delivery) };
    }
    if (delivery.kind !== 'delivered') {
      pool.release(slot, worker, false);
      if (delivery.kind === 'failed') active.failedSeconds.set(frame, (performance.now() - begun) / 1_000);
      await results.settle(active, assignment, delivery);
      return null;
    }
    active.failedSeconds.delete(frame);
    const wanted = inWork.holds(assignment);
    const { seconds } = delivery.rendered;
    if (wanted) {
      active.startFailures = 0;
      const busyAtEnd = inWork.busyWorkers(active.id, machine) + 1;
      if (machine === null) active.trial.frameDone({ slot, seconds, busyAtStart, busyAtEnd });
      announcer.event('render_post', store.job(active.id)!, { frame, worker: slot, attempt, seconds });
    }
    // The worker renders the next frame while this one is verified and written.
    pool.release(slot, worker, wanted);
    return { outcome: verifyTry(delivery, assignment, active, tools) };
  }

  #statsTeller(assignment: Assignment): (progress: FrameProgress) => void {
    const { store, inWork, announcer } = this.#options;
    const { jobId, frame, slot } = assignment;
    let last = Number.NEGATIVE_INFINITY;
    return (progress) => {
      assignment.live.progress = progress;
      const now = performance.now();
      if (now - last < STATS_INTERVAL || !inWork.holds(assignment)) return;
      last = now;
      announcer.event('render_stats', store.job(jobId)!, { frame, worker: slot, ...progress });
    };
  }

  /**
   * A database write failed while a frame was in work, most likely because the disk is full. No frame may be lost by
   * it, and the queue must not stall for ever.
   */
  #faulted(assignment: Assignment, worker: Worker, error: unknown): void {
    const { pause, onFault } = this.#options;
    onFault(error);
    this.#drop(assignment, worker);
    pause.holdUntilWritable(notWritten(error));
  }
}
