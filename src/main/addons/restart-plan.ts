/** In milliseconds. */
export interface RestartTiming {
  /** Backoff before each restart; one crash more than there are pauses gives up. */
  readonly pauses: readonly number[];
  /** Crashes older than this no longer count. */
  readonly memory: number;
}

const TIMING: RestartTiming = { pauses: [250, 1_000, 4_000, 15_000], memory: 120_000 };

/** Decides whether an add-on that ended by itself is restarted. */
export interface RestartPlan {
  /** Number of crashes within `memory` that are followed by a restart. */
  readonly limit: number;
  /** Records a crash. @returns the backoff in milliseconds, or null to give up */
  crashed(): number | null;
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
    limit: pauses.length,
    crashed() {
      const time = now();
      crashes = [...crashes.filter((earlier) => time - earlier < memory), time];
      return pauses[crashes.length - 1] ?? null;
    },
    forget() {
      crashes = [];
    },
  };
}
