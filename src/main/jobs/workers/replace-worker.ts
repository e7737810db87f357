import type { RestartReason } from '../../../shared/totals';
import type { WorkerInfo } from '../../../shared/workers';
import type { Worker, WorkerExit } from '../../engines/render-engine';
import type { RenderCounters } from '../render-counters';
import type { BackoffSlots } from './backoff-slots';
import type { WorkerSlot } from './worker-slot';

export interface WorkerReplacementsOptions {
  /** The pool's slots, by number. */
  readonly slots: Map<number, WorkerSlot>;
  readonly backoff: Pick<BackoffSlots, 'info'>;
  readonly counters: Pick<RenderCounters, 'restarted'>;
  /** A slot's worker is gone, or its backoff is displayed instead. @param gone why; null for a backoff */
  onChange(slot: WorkerInfo, gone: string | null): void;
  /** A slot is free: the scheduler has a worker started in it if a frame waits for one. */
  onReady(): void;
}

/**
 * Replaces workers that are gone: one that got stuck or held too much memory and was killed by its watchdog
 * (engines/worker-watchdog.ts), that crashed, or that gave way to a worker of another engine or setup. Its slot is freed
 * for the next worker, which the pool starts and which is counted as a restart.
 */
export class WorkerReplacements {
  readonly #options: WorkerReplacementsOptions;
  /** Why the last worker of a slot ended, where the next one counts as its replacement. */
  readonly #reasons = new Map<number, RestartReason>();

  constructor(options: WorkerReplacementsOptions) {
    this.#options = options;
  }

  /** The worker of a slot has started; when it is gone, its slot is freed. */
  started(slot: WorkerSlot, worker: Worker): void {
    const reason = this.#reasons.get(slot.number);
    this.#reasons.delete(slot.number);
    if (reason) this.#options.counters.restarted(slot.number, reason);
    void worker.exited.then((exit) => this.#gone(slot, exit));
  }

  #gone(slot: WorkerSlot, { reason, message }: WorkerExit): void {
    const { slots, backoff, onChange, onReady } = this.#options;
    const { number } = slot;
    slots.delete(number);
    slot.gone();
    // One that was stopped on purpose is replaced only if it gave way.
    if (reason !== 'stopped') this.#reasons.set(number, reason);
    else if (slot.givesWay) this.#reasons.set(number, 'scene');
    onChange({ ...slot.info, state: 'stopping' }, message);
    const resting = backoff.info(number);
    if (resting) onChange(resting, null);
    onReady();
  }
}
