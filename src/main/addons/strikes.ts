/** Strikes within this many milliseconds count together. */
const MEMORY = 3_600_000;
/** This many put an add-on into quarantine. */
export const MAX_STRIKES = 3;

/** Counts how often an add-on was stopped because it went over a limit. */
export interface Strikes {
  /** Records one. @returns how many there were within the last hour, this one included */
  add(): number;
  /** After a person let it go on. */
  forget(): void;
}

/** @param now milliseconds of a monotonic clock */
export function createStrikes(now: () => number = () => performance.now()): Strikes {
  let times: number[] = [];
  return {
    add() {
      const time = now();
      times = [...times.filter((earlier) => time - earlier < MEMORY), time];
      return times.length;
    },
    forget() {
      times = [];
    },
  };
}
