/** As many frames as a job's own pace is taken from (src/main/jobs/store/throughput.ts), so that both tell the same. */
const WINDOW = 24;

/** The pace of the whole queue, which slows down while no frame comes. Times are milliseconds since 1970. */
export interface QueuePace {
  written(at: number): void;
  /** Nothing renders any more: what comes next has a pace of its own. */
  reset(): void;
  /** Null until two frames were written. */
  framesPerMinute(now: number): number | null;
}

export function createQueuePace(): QueuePace {
  let times: number[] = [];
  return {
    written(at) {
      times.push(at);
      if (times.length > WINDOW) times.shift();
    },
    reset() {
      times = [];
    },
    framesPerMinute(now) {
      const first = times[0];
      const last = times.at(-1);
      if (first === undefined || last === undefined || last <= first) return null;
      // A frame that is overdue counts as if it came right now: so a render that hangs goes down to nothing instead of keeping its last pace for ever.
      const perMillisecond = Math.min((times.length - 1) / (last - first), times.length / Math.max(1, now - first));
      return perMillisecond * 60_000;
    },
  };
}
