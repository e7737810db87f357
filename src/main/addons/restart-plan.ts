/** In milliseconds. */
export interface RestartTiming {
  /** Backoff before each restart; one crash more than there are pauses within `memory` gives up. */
  readonly pauses: readonly number[];
  readonly memory: number;
}

const TIMING: RestartTiming = { pauses: [250, 1_000, 4_000, 15_000], memory: 120_000 };
/** So many crashes within an hour give up too, however far apart they are. */
const MOST_PER_HOUR = 10;
const HOUR = 3_600_000;

/** Decides whether an add-on that ended by itself is restarted. */
export interface RestartPlan {
  /** Whether one that ended is restarted at all. */
  readonly restarts: boolean;
  /** Records a crash. @returns the backoff in milliseconds; or that it gives up, after how many crashes: a clause */
  crashed(): { readonly pause: number } | { readonly gaveUp: string };
  /** Forgets earlier crashes, after a start by hand. */
  forget(): void;
}

/** @param now milliseconds of a monotonic clock */
export function createRestartPlan(
  given: Partial<RestartTiming> = {},
  now: () => number = () => performance.now(),
): RestartPlan {
  const { pauses, memory } = { ...TIMING, ...given };
  let crashes: number[] = [];
  return {
    restarts: pauses.length > 0,
    crashed() {
      const time = now();
      crashes = [...crashes.filter((earlier) => time - earlier < HOUR), time];
      const lately = crashes.filter((earlier) => time - earlier < memory).length;
      if (lately > pauses.length) return { gaveUp: `it has ended by itself ${lately} times in a short time` };
      if (crashes.length >= MOST_PER_HOUR)
        return { gaveUp: `it has ended by itself ${crashes.length} times within an hour` };
      return { pause: pauses[Math.min(crashes.length, pauses.length) - 1]! };
    },
    forget() {
      crashes = [];
    },
  };
}
