import { createRateLimit } from '../../shared/rate-limit';

/** What follows when a limit is passed. */
export interface LimitSteps {
  /** The first time. */
  readonly tell: () => void;
  /** Once it goes on. */
  readonly stop: () => void;
}

/** When it counts as going on. */
export interface Patience {
  /** In milliseconds: earlier times are forgotten. */
  readonly within: number;
  /** This many times within that time are the last. */
  readonly times: number;
}

/** Returns a function to be called whenever a limit is passed. @param now milliseconds of a monotonic clock */
export function createEscalation(
  { within, times }: Patience,
  { tell, stop }: LimitSteps,
  now: () => number = () => performance.now(),
): () => void {
  let passed: number[] = [];
  return () => {
    const time = now();
    passed = [...passed.filter((earlier) => time - earlier < within), time];
    if (passed.length === 1) tell();
    if (passed.length === times) stop();
  };
}

/** A limit per second whose excess is told, and ends a process that goes on. */
export interface Allowance {
  /** @returns whether it is allowed; the caller leaves out what is not */
  take(size?: number): boolean;
}

/** @param seconds this many seconds above the limit within a minute are the last */
export function createAllowance(
  perSecond: number,
  seconds: number,
  steps: LimitSteps,
  now: () => number = () => performance.now(),
): Allowance {
  const limit = createRateLimit(perSecond, now);
  const passed = createEscalation({ within: 60_000, times: seconds }, steps, now);
  let breaches = 0;
  return {
    take(size) {
      const allowed = limit.take(size);
      if (limit.breaches > breaches) {
        breaches = limit.breaches;
        passed();
      }
      return allowed;
    },
  };
}
