/** Strikes within this many milliseconds count together. */
const MEMORY = 3_600_000;
/** This many put an add-on into quarantine. */
export const MAX_STRIKES = 3;

/** Counts how often an add-on was stopped because it went over a limit. */
export interface Strikes {
  /** Records one. @param reason a clause @returns how many there were within the last hour, this one included */
  add(reason: string): number;
  /** What there was within the last hour, as a sentence; null for nothing. */
  told(): string | null;
  /** After a person let it go on. */
  forget(): void;
}

/** @param now milliseconds of a monotonic clock */
export function createStrikes(now: () => number = () => performance.now()): Strikes {
  let strikes: { readonly time: number; readonly reason: string }[] = [];
  const recent = (): typeof strikes => strikes.filter(({ time }) => now() - time < MEMORY);
  return {
    add(reason) {
      strikes = [...recent(), { time: now(), reason }];
      return strikes.length;
    },
    told() {
      const { length, [length - 1]: last } = recent();
      if (!last) return null;
      const times = length === 1 ? 'once' : `${length} times`;
      return `It was stopped ${times} within an hour, the last time because ${last.reason}. After ${MAX_STRIKES} times it is in quarantine.`;
    },
    forget() {
      strikes = [];
    },
  };
}
