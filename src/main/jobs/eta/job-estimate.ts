import { type FrameTimeCurve, type Outlook, createFrameTimeCurve } from './frame-time-curve';

/** Where no more frames than this are left, they are handed out in thought, one by one; with more, how they fall on the workers at the end hardly matters. */
const HANDED_OUT_AT_MOST = 500;
/** The first frame of a worker counts unless it took this much longer than any other: then it was the scene's loading. */
const COLD = 1.5;
/** A worker that wrote nothing for so long was ended meanwhile, in milliseconds: its next frame is a first one again. */
const IDLE = 60_000;
/** Standard deviations from the middle to the 90th percentile of a normal distribution. */
const TO_P90 = 1.2816;
/** The curve is made anew once this share of frames more was seen than when it was made. */
const NEWS = 0.02;
/** Replayed, the deviations that the curve gives cover a little too little. */
const CAUTION = 1.15;
/** What frames of a job that nothing is known of may be off by, as a factor's logarithm: from a third to three times. */
const UNKNOWN = 0.85;

/** Seconds that are left: as likely less as more, and enough nine times out of ten. */
export interface TimeLeft {
  readonly p50: number;
  readonly p90: number;
}

/** Work that is left of a job. */
export interface Work {
  /** Seconds of one worker, all frames together. */
  readonly seconds: number;
  /** Variance of that. */
  readonly variance: number;
  /** Seconds of a single frame. */
  readonly frame: number;
  /** The most workers that the job may use. */
  readonly workers: number;
}

export interface SeenFrame {
  readonly frame: number;
  /** What it took its worker; null where that is not known, as for an image found at the start. */
  readonly seconds: number | null;
  /** Of the worker. */
  readonly slot: number | null;
  /** Milliseconds since 1970. */
  readonly writtenAt: number | null;
}

/**
 * The time left of one job, from the frame times seen. Seeing a frame takes some nanoseconds, an answer a part of a millisecond however many frames there are, and it is remembered until something changes.
 */
export interface JobEstimate {
  /** A frame was handed to a worker. @param now milliseconds since 1970, as everywhere here */
  started(frame: number, now: number): void;
  /** A frame waits again. */
  waits(frame: number): void;
  /** A frame was written. */
  done(seen: SeenFrame): void;
  /** A frame needs no rendering any more: skipped, or given up. */
  gone(frame: number): void;
  /** Null until the first frame was written. @param workers that work on the job at once */
  left(workers: number, now: number): TimeLeft | null;
  /** What of a job is left, for the queue's time. @param limit the most workers that the job may use */
  work(limit: number, now: number): Work | null;
  /** Seconds that a frame took on average; null until one was written. */
  mean(): number | null;
}

/**
 * @param outstanding the frames to be rendered, in the order in which they will be
 * @param seen frames that were written before; of very many, the last some thousand suffice
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
  /** Waiting frames of each stretch. */
  const left = Array.from({ length: curve.stretches }, () => 0);
  const waiting = createFrameSet(first, last);
  const rendering = new Map<number, number>();
  /** First frames of workers, of which it is not certain that they tell anything. */
  let cold: { frame: number; seconds: number }[] = [];
  let warmest = 0;
  let warm = 0;
  let total = 0;
  let count = 0;
  const lastWritten = new Map<number, number>();
  /** What frames took from one to the next, against what they took their worker: handing over costs time too. */
  let gaps = 0;
  let within = 0;
  let pairs = 0;
  /** The last outlook, and how many frames had been seen. */
  let looked: { outlook: Outlook; count: number } | null = null;

  const order = Int32Array.from(outstanding);
  for (const frame of order) wait(frame);
  for (const frame of seen) see(frame);

  function wait(frame: number): void {
    if (waiting.has(frame)) return;
    waiting.add(frame);
    left[curve.stretchOf(frame)]!++;
  }

  function leave(frame: number): void {
    rendering.delete(frame);
    if (!waiting.delete(frame)) return;
    left[curve.stretchOf(frame)]!--;
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
    // A longer gap was a pause, or the worker did something else.
    if (gap !== null && gap >= 0 && gap < seconds * 2 + 1) {
      gaps += gap;
      within += seconds;
      pairs++;
    }
  }

  const overhead = (): number => (pairs < 4 || within === 0 ? 1 : Math.min(2, Math.max(1, gaps / within)));

  function look(): Outlook | null {
    if (looked && count <= looked.count * (1 + NEWS)) return brought(looked.outlook);
    if (warm >= 3) {
      for (const frame of cold) if (frame.seconds <= warmest * COLD) curve.see(frame.frame, frame.seconds);
      cold = cold.filter(({ seconds }) => seconds > warmest * COLD);
    }
    const outlook = curve.outlook(left, warm < 3 ? cold : []);
    looked = outlook && { outlook, count };
    return outlook;
  }

  /** The same curve, for the frames that are left now. */
  function brought(outlook: Outlook): Outlook {
    const sum = left.reduce((all, frames, index) => all + frames * outlook.means[index]!, 0);
    return {
      ...outlook,
      sum,
      variance: outlook.sum === 0 ? outlook.noise * waiting.size : outlook.variance * (sum / outlook.sum) ** 2,
    };
  }

  /** What is still to come of the frames in work, in seconds of each. One that is overdue will not end this instant either. */
  function inWork({ means, noise }: Outlook, factor: number, now: number): number[] {
    const deviation = Math.sqrt(noise);
    return [...rendering].map(([frame, since]) => {
      const over = Math.max(0, now - since) / 1000 / factor - means[curve.stretchOf(frame)]!;
      // The mean of a normal distribution above a point; the root approximates its hazard function.
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
      const seenSoFar = look();
      if (!seenSoFar) return null;
      const factor = overhead();
      const { means, sum, variance, noise } = seenSoFar;
      const begun = inWork(seenSoFar, factor, now);
      const places = Math.max(1, workers);
      let p50: number;
      if (waiting.size <= HANDED_OUT_AT_MOST) {
        const inOrder: number[] = [];
        for (const frame of order) if (waiting.has(frame)) inOrder.push(means[curve.stretchOf(frame)]! * factor);
        p50 = handOut(inOrder, begun, places);
      } else {
        p50 =
          (sum * factor + begun.reduce((all, seconds) => all + seconds, 0)) / places +
          (sum / waiting.size / 2) * factor * (1 - 1 / places);
      }
      // At the end one worker has a frame that the others wait for: the more workers and the more chance, the longer.
      p50 += Math.sqrt((noise * Math.log(places)) / 2) * (1 - 1 / places) * factor;
      const deviation =
        Math.sqrt((variance + begun.length * noise) / places ** 2 + (noise * (1 - 1 / places)) / 2) * factor * CAUTION;
      return { p50, p90: p50 + spread(p50, deviation) };
    },
    work(limit, now) {
      const known = look();
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

/** A set of frame numbers that takes a byte a frame where they lie close together, as they usually do. */
function createFrameSet(
  first: number,
  last: number,
): { readonly size: number; has(frame: number): boolean; add(frame: number): void; delete(frame: number): boolean } {
  if (last - first > 4_000_000) return new Set<number>();
  const there = new Uint8Array(last - first + 1);
  let size = 0;
  return {
    get size() {
      return size;
    },
    has: (frame) => there[frame - first] === 1,
    add(frame) {
      if (there[frame - first] !== 0) return;
      there[frame - first] = 1;
      size++;
    },
    delete(frame) {
      if (there[frame - first] !== 1) return false;
      there[frame - first] = 0;
      size--;
      return true;
    },
  };
}

/**
 * Work of a job that has not begun, from what frames of others took.
 *
 * @param frame seconds of a frame of a job like it
 * @param alike it was the same scene in the same size; otherwise the figure is a guess
 */
export function guessedWork(frames: number, frame: number, workers: number, alike: boolean): Work {
  const seconds = frames * frame;
  return { seconds, variance: (seconds * (alike ? 0.15 : UNKNOWN)) ** 2, frame, workers };
}

/**
 * The time left of the whole queue: jobs in queue order, each taking as many workers as it may, the next ones what is left over.
 *
 * @param jobs in queue order
 * @param workers of all
 */
export function queueTimeLeft(jobs: readonly Work[], workers: number): TimeLeft {
  const places = Math.max(1, workers);
  const open: { left: number; workers: number; rate: number }[] = [];
  let now = 0;
  let next = 0;
  let variance = 0;
  let lastFrame = 0;
  for (;;) {
    let free = places;
    for (const job of open) {
      job.rate = Math.min(free, job.workers);
      free -= job.rate;
    }
    while (free > 0 && next < jobs.length) {
      const job = jobs[next++]!;
      variance += job.variance;
      if (job.seconds <= 0) continue;
      const rate = Math.max(1, Math.min(free, job.workers));
      open.push({ left: job.seconds, workers: job.workers, rate });
      lastFrame = job.frame;
      free -= rate;
    }
    if (open.length === 0) break;
    const step = Math.min(...open.filter((job) => job.rate > 0).map((job) => job.left / job.rate));
    now += step;
    for (let index = open.length - 1; index >= 0; index--) {
      const job = open[index]!;
      job.left -= step * job.rate;
      if (job.left <= 1e-9) open.splice(index, 1);
    }
  }
  // At the end of the last job some workers have nothing left to do; between jobs the next one takes them.
  const p50 = now === 0 ? 0 : now + (lastFrame / 2) * (1 - 1 / places);
  return { p50, p90: p50 + spread(p50, Math.sqrt(variance) / places) };
}

/** Hands frames to workers in order, whoever is free first. @param begun seconds that those in work still take @returns when the last one is done */
function handOut(frames: readonly number[], begun: readonly number[], workers: number): number {
  const free = begun.slice(0, workers);
  while (free.length < workers) free.push(0);
  for (const seconds of frames) {
    let soonest = 0;
    for (let index = 1; index < free.length; index++) if (free[index]! < free[soonest]!) soonest = index;
    free[soonest]! += seconds;
  }
  return Math.max(...free, ...begun);
}

/** From the middle to the 90th percentile of something that can't be negative, and so is skewed (log-normal). */
function spread(p50: number, deviation: number): number {
  if (p50 <= 0) return TO_P90 * deviation;
  return p50 * (Math.exp(TO_P90 * Math.sqrt(Math.log(1 + (deviation / p50) ** 2))) - 1);
}
