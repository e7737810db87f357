/** Allows a fixed amount per second. */
export interface RateLimit {
  /** @param size in the unit of the limit @returns whether it is allowed */
  take(size?: number): boolean;
  /** Number of seconds in which something was refused. */
  readonly breaches: number;
}

/** @param now milliseconds of a monotonic clock */
export function createRateLimit(perSecond: number, now: () => number = () => performance.now()): RateLimit {
  let began = Number.NEGATIVE_INFINITY;
  let taken = 0;
  let breaches = 0;
  let breached = false;
  return {
    take(size = 1) {
      const time = now();
      if (time - began >= 1_000) {
        began = time;
        taken = 0;
        breached = false;
      }
      taken += size;
      if (taken <= perSecond) return true;
      if (!breached) breaches++;
      breached = true;
      return false;
    },
    get breaches() {
      return breaches;
    },
  };
}
