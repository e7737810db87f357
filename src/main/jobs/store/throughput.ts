/** How many of the frames last written the pace is taken from: enough to be steady, few enough to follow a change of scene content. */
const WINDOW = 24;

/** The pace of one job, from when its frames were written. */
export interface Pace {
  /** @param at milliseconds since 1970 */
  written(at: number): void;
  /** Null until two frames were written. */
  framesPerMinute(): number | null;
}

/** Follows a job's pace over the last frames, so workers that run at once are counted together. */
export function createPace(): Pace {
  const times: number[] = [];
  return {
    written(at) {
      times.push(at);
      if (times.length > WINDOW) times.shift();
    },
    framesPerMinute() {
      const first = times[0];
      const last = times.at(-1);
      if (first === undefined || last === undefined || last <= first) return null;
      return ((times.length - 1) / (last - first)) * 60_000;
    },
  };
}
