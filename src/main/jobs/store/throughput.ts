/**
 * Number of recently written frames the throughput is measured over: enough to be steady, few enough to follow changes
 * in the scene.
 */
const WINDOW = 24;

/** The throughput of one job, from the times its frames were written. */
export interface Throughput {
  /** Records a frame. @param at milliseconds of a monotonic clock */
  written(at: number): void;
  /** Over all workers rendering the job; null before two frames were written. */
  framesPerMinute(): number | null;
}

export function createThroughput(): Throughput {
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
