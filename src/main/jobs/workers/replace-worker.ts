import type { RestartReason } from '../../../shared/totals';
import type { WorkerExit } from '../../engines/render-engine';
import type { RenderCounters } from '../render-counters';
import type { WorkerSlot } from './worker-slot';

/**
 * Counts the workers that replace others: one that got stuck, that the watchdog ended, that crashed, or that gave way to
 * another scene. The pool starts the next worker of a slot when a frame wants one.
 */
export class WorkerReplacements {
  readonly #counters: RenderCounters;
  /** Why the last worker of a slot ended, where the next one counts as its replacement. */
  readonly #reasons = new Map<number, RestartReason>();

  constructor(counters: RenderCounters) {
    this.#counters = counters;
  }

  /** The worker of a slot is gone. One that was stopped on purpose is replaced only if it gave way. */
  ended({ number, givesWay }: WorkerSlot, { reason }: WorkerExit): void {
    if (reason !== 'stopped') this.#reasons.set(number, reason);
    else if (givesWay) this.#reasons.set(number, 'scene');
  }

  /** A worker of a slot has started. */
  started(number: number): void {
    const reason = this.#reasons.get(number);
    this.#reasons.delete(number);
    if (reason) this.#counters.restarted(number, reason);
  }
}
