import type { WorkerInfo } from '../../../shared/workers';

/** A slot in backoff, which gets no worker. */
interface BackoffSlot {
  /** What is displayed for it once its worker is gone. */
  readonly info: WorkerInfo;
  /** The job whose frames failed on it. */
  readonly jobId: number;
  readonly timer: NodeJS.Timeout;
}

/** The slots in backoff, each until its time is over or the job that caused it ends. */
export class BackoffSlots {
  readonly #slots = new Map<number, BackoffSlot>();
  readonly #onOver: (info: WorkerInfo) => void;

  /** @param onOver called when a slot may have a worker again, with what was displayed for it */
  constructor(onOver: (info: WorkerInfo) => void) {
    this.#onOver = onOver;
  }

  has(slot: number): boolean {
    return this.#slots.has(slot);
  }

  /** Whether a job has caused any. */
  hasOf(jobId: number): boolean {
    return [...this.#slots.values()].some((slot) => slot.jobId === jobId);
  }

  /** What is displayed for a slot; null when it is not in backoff. */
  info(slot: number): WorkerInfo | null {
    return this.#slots.get(slot)?.info ?? null;
  }

  /** What is displayed for all slots in backoff. */
  infos(): WorkerInfo[] {
    return [...this.#slots.values()].map(({ info }) => info);
  }

  add(info: WorkerInfo, jobId: number, milliseconds: number): void {
    const timer = setTimeout(() => this.#end(info.slot), milliseconds);
    timer.unref();
    this.#slots.set(info.slot, { info, jobId, timer });
  }

  /** Ends the backoffs that a job caused. */
  endOf(jobId: number): void {
    for (const [slot, { jobId: cause }] of this.#slots) if (cause === jobId) this.#end(slot);
  }

  /** Discards all backoffs without calling `onOver`. */
  close(): void {
    for (const { timer } of this.#slots.values()) clearTimeout(timer);
    this.#slots.clear();
  }

  #end(slot: number): void {
    const { info, timer } = this.#slots.get(slot)!;
    clearTimeout(timer);
    this.#slots.delete(slot);
    this.#onOver(info);
  }
}
