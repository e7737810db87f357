import { createFrameSet } from './frame-set';
import { type FrameTimeCurve, type Forecast, createFrameTimeCurve } from './frame-time-curve';
import { spreadToP90 } from './upper-percentile';

/**
 * Up to this many remaining frames, their assignment to workers is simulated frame by frame; beyond it, the uneven
 * finish hardly matters.
 */
const MAX_SIMULATED = 500;
/**
 * A worker's first frame is used unless it took this much longer than any other: then it includes loading the scene.
 */
const COLD = 1.5;
/**
 * A worker without a finished frame for this long, in milliseconds, has been stopped meanwhile: its next frame counts
 * as a first one.
 */
const IDLE = 60_000;
/** The curve is refitted once the number of observed frames has grown by this share. */
const NEWS = 0.02;
/** Widens the predicted deviations: they were slightly too narrow in replays. */
const CAUTION = 1.15;
/** Estimated seconds left: the median and the 90th percentile. */
export interface TimeLeft {
  readonly p50: number;
  readonly p90: number;
}

/** Remaining work of a job. */
export interface RemainingWork {
  /** Worker seconds for all remaining frames. */
  readonly seconds: number;
  /** Variance of `seconds`. */
  readonly variance: number;
  /** Seconds per frame. */
  readonly frame: number;
  /** Maximum number of workers the job may use. */
  readonly workers: number;
}

export interface SeenFrame {
  readonly frame: number;
  /** Render time on its worker; null where unknown, as for an image found at the start. */
  readonly seconds: number | null;
  /** Slot of the worker that rendered it. */
  readonly slot: number | null;
  /** Milliseconds since 1970. */
  readonly writtenAt: number | null;
}

/**
 * Estimates the time left of one job from observed frame times. Recording a frame takes nanoseconds; a query takes a
 * fraction of a millisecond however many frames there are, and is cached until something changes.
 */
export interface JobEstimate {
  /** A frame was dispatched to a worker. @param now milliseconds since 1970, as in all methods here */
  started(frame: number, now: number): void;
  /** A frame was returned to the waiting frames. */
  waits(frame: number): void;
  /** A frame's output files were written. */
  done(seen: SeenFrame): void;
  /** A frame no longer needs rendering: it was skipped or failed for good. */
  gone(frame: number): void;
  /** Null before the first frame was written. @param workers number of workers rendering the job in parallel */
  left(workers: number, now: number): TimeLeft | null;
  /** Remaining work, for the queue's estimate. @param limit maximum number of workers the job may use */
  work(limit: number, now: number): RemainingWork | null;
  /** Mean seconds per frame; null before the first was written. */
  mean(): number | null;
}

/**
 * @param outstanding the frames to render, in dispatch order
 * @param seen frames written before; of a long list the last few thousand are enough
 */
export function createJobEstimate(outstanding: readonly number[], seen: readonly SeenFrame[] = []): JobEstimate {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const list of [outstanding, seen.map(({ frame }) => frame)]) {
    for (const frame of list) {
      if (frame < first) first = frame;
      if (frame > last) last = frame;
    }
  }
  if (first > last) first = last = 0;
  const curve: FrameTimeCurve = createFrameTimeCurve(first, last, outstanding.length + seen.length);
  /** Waiting frames in each segment. */
  const left = Array.from({ length: curve.segments }, () => 0);
  const waiting = createFrameSet(first, last);
  const rendering = new Map<number, number>();
  /** First frames of workers, which may include loading times. */
  let cold: { frame: number; seconds: number }[] = [];
  let warmest = 0;
  let warm = 0;
  let total = 0;
  let count = 0;
  const lastWritten = new Map<number, number>();
  /** Intervals between frames of one worker, against their render times: dispatching and verifying take time, too. */
  let gaps = 0;
  let within = 0;
  let pairs = 0;
  /** The last forecast, and the number of frames it was based on. */
  let cached: { forecast: Forecast; count: number } | null = null;

  const order = Int32Array.from(outstanding);
  for (const frame of order) wait(frame);
  for (const frame of seen) see(frame);

  function wait(frame: number): void {
    if (waiting.has(frame)) return;
    waiting.add(frame);
    left[curve.segmentOf(frame)]!++;
  }

  function leave(frame: number): void {
    rendering.delete(frame);
    if (!waiting.delete(frame)) return;
    left[curve.segmentOf(frame)]!--;
  }

  function see({ frame, seconds, slot, writtenAt }: SeenFrame): void {
    if (seconds === null || !Number.isFinite(seconds) || seconds < 0) return;
    total += seconds;
    count++;
    const before = slot === null ? undefined : lastWritten.get(slot);
    if (slot !== null && writtenAt !== null) lastWritten.set(slot, writtenAt);
    const gap = before === undefined || writtenAt === null ? null : (writtenAt - before) / 1000;
    if (slot !== null && (gap === null || gap > seconds + IDLE / 1000)) {
      cold.push({ frame, seconds });
      return;
    }
    warm++;
    warmest = Math.max(warmest, seconds);
    curve.see(frame, seconds);
    // A longer gap was a pause, or the worker rendered another job.
    if (gap !== null && gap >= 0 && gap < seconds * 2 + 1) {
      gaps += gap;
      within += seconds;
      pairs++;
    }
  }

  const overhead = (): number => (pairs < 4 || within === 0 ? 1 : Math.min(2, Math.max(1, gaps / within)));

  function forecastNow(): Forecast | null {
    if (cached && count <= cached.count * (1 + NEWS)) return rescaled(cached.forecast);
    if (warm >= 3) {
      for (const frame of cold) if (frame.seconds <= warmest * COLD) curve.see(frame.frame, frame.seconds);
      cold = cold.filter(({ seconds }) => seconds > warmest * COLD);
    }
    const forecast = curve.forecast(left, warm < 3 ? cold : []);
    cached = forecast && { forecast, count };
    return forecast;
  }

  /** Rescales a cached forecast to the frames left now. */
  function rescaled(forecast: Forecast): Forecast {
    const sum = left.reduce((all, frames, index) => all + frames * forecast.means[index]!, 0);
    return {
      ...forecast,
      sum,
      variance: forecast.sum === 0 ? forecast.noise * waiting.size : forecast.variance * (sum / forecast.sum) ** 2,
    };
  }

  /** Expected remaining seconds of each frame in work. An overdue frame gets a positive remainder, too. */
  function inWork({ means, noise }: Forecast, factor: number, now: number): number[] {
    const deviation = Math.sqrt(noise);
    return [...rendering].map(([frame, since]) => {
      const over = Math.max(0, now - since) / 1000 / factor - means[curve.segmentOf(frame)]!;
      // Mean of a normal distribution truncated below; the root approximates its hazard function.
      const scaled = deviation === 0 ? 0 : over / deviation;
      return Math.max(0, (deviation * (scaled + Math.sqrt(scaled ** 2 + 8 / Math.PI))) / 2 - over) * factor;
    });
  }

  return {
    started(frame, now) {
      leave(frame);
      rendering.set(frame, now);
    },
    waits(frame) {
      rendering.delete(frame);
      wait(frame);
    },
    done(frame) {
      leave(frame.frame);
      see(frame);
    },
    gone: leave,
    left(workers, now) {
      if (waiting.size + rendering.size === 0) return { p50: 0, p90: 0 };
      const seenSoFar = forecastNow();
      if (!seenSoFar) return null;
      const factor = overhead();
      const { means, sum, variance, noise } = seenSoFar;
      const begun = inWork(seenSoFar, factor, now);
      const slots = Math.max(1, workers);
      let p50: number;
      if (waiting.size <= MAX_SIMULATED) {
        const inOrder: number[] = [];
        for (const frame of order) if (waiting.has(frame)) inOrder.push(means[curve.segmentOf(frame)]! * factor);
        p50 = simulate(inOrder, begun, slots);
      } else {
        p50 =
          (sum * factor + begun.reduce((all, seconds) => all + seconds, 0)) / slots +
          (sum / waiting.size / 2) * factor * (1 - 1 / slots);
      }
      // Adds the wait for the last frame, which grows with the number of workers and the noise.
      p50 += Math.sqrt((noise * Math.log(slots)) / 2) * (1 - 1 / slots) * factor;
      const deviation =
        Math.sqrt((variance + begun.length * noise) / slots ** 2 + (noise * (1 - 1 / slots)) / 2) * factor * CAUTION;
      return { p50, p90: p50 + spreadToP90(p50, deviation) };
    },
    work(limit, now) {
      const known = forecastNow();
      if (!known) return null;
      const factor = overhead();
      const begun = inWork(known, factor, now);
      return {
        seconds: known.sum * factor + begun.reduce((all, seconds) => all + seconds, 0),
        variance: (known.variance + begun.length * known.noise) * factor ** 2,
        frame: (waiting.size > 0 ? known.sum / waiting.size : total / count) * factor,
        workers: limit,
      };
    },
    mean: () => (count === 0 ? null : total / count),
  };
}

/**
 * Simulates dispatch in order to whichever worker is free first.
 *
 * @param begun remaining seconds of frames in work
 * @returns seconds until the last frame is done
 */
function simulate(frames: readonly number[], begun: readonly number[], workers: number): number {
  const free = begun.slice(0, workers);
  while (free.length < workers) free.push(0);
  for (const seconds of frames) {
    let soonest = 0;
    for (let index = 1; index < free.length; index++) if (free[index]! < free[soonest]!) soonest = index;
    free[soonest]! += seconds;
  }
  return Math.max(...free, ...begun);
}
