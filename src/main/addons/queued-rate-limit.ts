import { createRateLimit } from '../../shared/rate-limit';

/** Interval at which waiting is looked at, in milliseconds. */
const CHECK_INTERVAL = 50;

/** A limit per second whose excess waits. */
export interface QueuedRateLimit {
  /**
   * @returns true where it is one's turn at once, so that an answer keeps its position among the events; a promise of a
   *   turn; or false where too many wait already
   */
  take(): boolean | Promise<true>;
  /** Counts time against the budget. @param milliseconds that a turn took */
  spend(milliseconds: number): void;
}

export interface QueuedRateLimits {
  readonly perSecond: number;
  /** How many may wait. */
  readonly waiting: number;
  /** Time that turns may take in a second, in milliseconds. What is spent above is owed by the seconds after. */
  readonly budget: number;
  /** A turn has to wait since the budget is spent. */
  readonly slowed?: () => void;
}

export function createQueuedRateLimit({ perSecond, waiting: most, budget, slowed }: QueuedRateLimits): QueuedRateLimit {
  const limit = createRateLimit(perSecond);
  const waiting: (() => void)[] = [];
  let scheduled = false;
  let owed = 0;
  let paid = performance.now();

  function isPaid(): boolean {
    const now = performance.now();
    owed = Math.max(0, owed - ((now - paid) / 1_000) * budget);
    paid = now;
    if (owed < budget) return true;
    slowed?.();
    return false;
  }

  function release(): void {
    scheduled = false;
    if (waiting.length === 0) return;
    const turn = isPaid() && limit.take();
    if (turn) waiting.shift()!();
    schedule(turn);
  }

  /** @param soon once the turn just given has spent its time */
  function schedule(soon: boolean): void {
    if (scheduled || waiting.length === 0) return;
    scheduled = true;
    if (soon) setImmediate(release);
    else setTimeout(release, CHECK_INTERVAL).unref();
  }

  return {
    take() {
      if (waiting.length === 0 && isPaid() && limit.take()) return true;
      if (waiting.length >= most) return false;
      return new Promise((resolve) => {
        waiting.push(() => resolve(true));
        schedule(false);
      });
    },
    spend(milliseconds) {
      owed += milliseconds;
    },
  };
}
