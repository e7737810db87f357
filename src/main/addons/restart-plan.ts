/** Milliseconds. */
export interface RestartTiming {
  /** Before each start that follows a crash; one crash more than there are pauses is one too many. */
  readonly pauses: readonly number[];
  /** Crashes longer ago than this no longer count. */
  readonly memory: number;
}

const TIMING: RestartTiming = { pauses: [250, 1_000, 4_000, 15_000], memory: 120_000 };

/** Decides whether an add-on that ended by itself is started again. */
export interface RestartPlan {
  /** How many crashes in a short time are followed by a start. */
  readonly limit: number;
  /** Takes note of a crash. @returns the milliseconds to wait before the next start, or null to give up */
  crashed(): number | null;
  /** Forgets earlier crashes, for somebody started it by hand. */
  forget(): void;
}

/** @param now milliseconds of a clock that is never set */
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
