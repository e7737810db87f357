/** Number of frames, the same as for a job's throughput (src/main/jobs/store/throughput.ts), so that both agree. */
const WINDOW = 24;

/** Throughput of the whole queue, which decreases while no frame is finished. Times are milliseconds since 1970. */
export interface QueuePace {
  written(at: number): void;
  /** Nothing renders any more: starts over. */
  reset(): void;
  /** Null before two frames were written. */
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
      // An overdue frame counts as if it came right now: the throughput of a hanging render goes down to zero instead
      // of keeping its last value.
      const perMillisecond = Math.min((times.length - 1) / (last - first), times.length / Math.max(1, now - first));
      return perMillisecond * 60_000;
    },
  };
}
