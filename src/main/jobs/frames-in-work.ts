import type { FrameProgress, Worker } from '../engines/render-engine';
import type { FrameTry } from './output/frame-folder';

/** What is told of a try while it runs. */
export interface LiveTry {
  /** Null before it has one. */
  worker: Worker | null;
  /** What the engine told last; null before. */
  progress: FrameProgress | null;
  /** Seconds that a failed try before it took; null where there was none. */
  readonly lastSeconds: number | null;
}

/** One try of one frame, from dispatch until its outcome is stored. */
export interface Assignment extends FrameTry {
  /** Slot of the worker. */
  readonly slot: number;
  /** Name of the machine of its worker; null for this one. */
  readonly machine: string | null;
  /** Number of tries of the frame, including this one. */
  readonly attempt: number;
  /** Workers of its machine rendering the job at dispatch, including this one. */
  readonly busyAtStart: number;
  /** Aborts the try. */
  readonly controller: AbortController;
  /** The worker has finished; its result is being verified. Set by {@link FramesInWork.workerDone}. */
  workerDone: boolean;
  readonly live: LiveTry;
}

/**
 * The frames in work in this host: the single owner of that state. The database's `rendering` tells the next host what
 * to repair; a worker's `rendering` tells what it is doing now.
 */
export class FramesInWork {
  /** By job id, then frame number. */
  readonly #jobs = new Map<number, Map<number, Assignment>>();
  /** Number of busy workers of each job by machine: with hundreds of frames in work they are not counted again for each. */
  readonly #busy = new Map<number, Map<string | null, number>>();
  /**
   * Set when storing an outcome failed: the database may list frames as in work that are not. Until they are repaired,
   * no state derived from it can be trusted.
   */
  outOfStep = false;

  add(assignment: Assignment): void {
    const { jobId, frame } = assignment;
    const frames = this.#jobs.get(jobId) ?? new Map<number, Assignment>();
    const before = frames.get(frame);
    if (before) this.end(before);
    this.#jobs.set(jobId, frames);
    frames.set(frame, assignment);
    if (!assignment.workerDone) this.#count(assignment, 1);
  }

  /** A worker has finished a frame, whose result is being verified. */
  workerDone(assignment: Assignment): void {
    if (!assignment.workerDone && this.holds(assignment)) this.#count(assignment, -1);
    assignment.workerDone = true;
  }

  /**
   * Whether the frame still belongs to a try: not after the try was aborted or the frame was assigned to another
   * worker.
   */
  holds(assignment: Assignment): boolean {
    return this.#jobs.get(assignment.jobId)?.get(assignment.frame) === assignment;
  }

  has(jobId: number, frame: number): boolean {
    return this.#jobs.get(jobId)?.has(frame) ?? false;
  }

  get(jobId: number, frame: number): Assignment | undefined {
    return this.#jobs.get(jobId)?.get(frame);
  }

  /** Ends a try; does nothing when the frame no longer belongs to it. */
  end(assignment: Assignment): void {
    if (!this.holds(assignment)) return;
    const frames = this.#jobs.get(assignment.jobId)!;
    frames.delete(assignment.frame);
    if (frames.size === 0) this.#jobs.delete(assignment.jobId);
    if (!assignment.workerDone) this.#count(assignment, -1);
  }

  /** Aborts all tries of a job. @returns them */
  giveUp(jobId: number): Assignment[] {
    const frames = this.#jobs.get(jobId);
    if (!frames) return [];
    this.#jobs.delete(jobId);
    this.#busy.delete(jobId);
    for (const { controller } of frames.values()) controller.abort();
    return [...frames.values()];
  }

  /** Number of workers rendering a frame of a job. @param machine only those on it, null being this one */
  busyWorkers(jobId: number, machine?: string | null): number {
    const machines = this.#busy.get(jobId);
    if (machine !== undefined) return machines?.get(machine) ?? 0;
    let busy = 0;
    for (const count of machines?.values() ?? []) busy += count;
    return busy;
  }

  /** Whether a job has frames in work, also those that were rendered and are being verified or written. */
  hasAny(jobId: number): boolean {
    return this.#jobs.has(jobId);
  }

  /** Machines that render frames of a job; null for this one. */
  machinesOf(jobId: number): Set<string | null> {
    return new Set(this.#busy.get(jobId)?.keys());
  }

  #count({ jobId, machine }: Assignment, more: number): void {
    const machines = this.#busy.get(jobId) ?? new Map<string | null, number>();
    const count = (machines.get(machine) ?? 0) + more;
    if (count > 0) machines.set(machine, count);
    else machines.delete(machine);
    if (machines.size > 0) this.#busy.set(jobId, machines);
    else this.#busy.delete(jobId);
  }

  /** Whether no frame of any job is in work. */
  get empty(): boolean {
    return this.#jobs.size === 0;
  }
}
