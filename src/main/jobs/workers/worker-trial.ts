/** A delivered frame, and how many workers rendered the job at its start and end. */
export interface TimedFrame {
  readonly slot: number;
  /** Render time on the worker. */
  readonly seconds: number;
  /** Workers rendering the job when it started, itself included. */
  readonly busyAtStart: number;
  /** Workers rendering the job when it was delivered. */
  readonly busyAtEnd: number;
}

/** Rate gain required to keep another worker: within that, two rates count as equal. */
const WORTH = 1.03;
/**
 * From this many seconds, loading is a small part of a first frame, so it is used. It still distorts the rate, so a
 * rate compared with it must be higher by {@link WORTH_COLD}.
 */
const LONG = 20;
const WORTH_COLD = 1.15;
/**
 * Frame times that differ by this factor indicate different content, for which the number of workers is tried again.
 */
const OTHER_PACE = 1.5;
/** Number of frames over which a change of pace is detected. */
const PACE_FRAMES = 4;

/** Finds the number of workers that gives a job the highest frame rate. */
export interface WorkerTrial {
  /** Number of workers allowed now. */
  readonly level: number;
  frameDone(frame: TimedFrame): void;
}

/**
 * Starts with one worker and adds another as long as that raises the frame rate; goes back by one where it doesn't, and
 * starts over when frame times change. A worker's first frame is ignored unless it is long, since it includes loading,
 * and so is any frame during which the number of busy workers differed from the one being tried.
 */
export function createWorkerTrial(): WorkerTrial {
  let level = 1;
  /** Best number so far, and its frames per second; null while it is being measured. */
  let best: { level: number; rate: number; seconds: number; cold: boolean } | null = null;
  let settled = false;
  let measured: number[] = [];
  let cold = false;
  const warm = new Set<number>();

  function decide(): void {
    const seconds = mean(measured);
    const rate = level / seconds;
    measured = [];
    if (best === null || rate > best.rate * (best.cold && !cold ? WORTH_COLD : WORTH)) {
      best = { level, rate, seconds, cold };
      cold = false;
      level++;
      return;
    }
    level = best.level;
    settled = true;
  }

  /** Detects whether frame times have changed since the number of workers was settled. */
  function watch(): void {
    if (measured.length < PACE_FRAMES) return;
    const factor = mean(measured) / best!.seconds;
    measured = [];
    if (factor < OTHER_PACE && factor > 1 / OTHER_PACE) return;
    // Starts one below: the number may be too high now as well as too low.
    level = Math.max(1, best!.level - 1);
    best = null;
    settled = false;
  }

  return {
    get level() {
      return level;
    },
    frameDone({ slot, seconds, busyAtStart, busyAtEnd }) {
      const first = !warm.has(slot);
      warm.add(slot);
      if ((first && seconds < LONG) || busyAtStart !== level || busyAtEnd !== level || !(seconds > 0)) return;
      cold ||= first;
      measured.push(seconds);
      if (settled) watch();
      else if (measured.length >= level) decide();
    },
  };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
