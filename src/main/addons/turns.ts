import { createRateLimit } from '../../shared/rate-limit';

/** Interval at which waiting is looked at, in milliseconds. */
const CHECK_INTERVAL = 50;

/** A limit per second whose excess waits for the next second. */
export interface Turns {
  /**
   * @returns true where it is one's turn at once, so that an answer keeps its position among the events; a promise of a
   *   turn; or false where too many wait already
   */
  take(): boolean | Promise<true>;
}

/** @param most how many may wait */
export function createTurns(perSecond: number, most: number): Turns {
  const limit = createRateLimit(perSecond);
  const waiting: (() => void)[] = [];
  let timer: NodeJS.Timeout | null = null;

  function release(): void {
    while (waiting.length > 0 && limit.take()) waiting.shift()!();
    timer = waiting.length > 0 ? setTimeout(release, CHECK_INTERVAL).unref() : null;
  }

  return {
    take() {
      if (waiting.length === 0 && limit.take()) return true;
      if (waiting.length >= most) return false;
      return new Promise((resolve) => {
        waiting.push(() => resolve(true));
        timer ??= setTimeout(release, CHECK_INTERVAL).unref();
      });
    },
  };
}
