import type { ImageStatistics } from '../../images/pixel-statistics';

/** Number of frames needed before one can be called too fast, and most that it is compared with. */
const BEFORE = 5;
/** Number of later frames that one is compared with. */
const AFTER = 3;
/** Minimum median time in seconds: render times of short frames vary by a factor of ten. */
const LEAST_MEDIAN = 1;
/** A frame that takes less than this share of what its neighbours take is suspicious. */
const TOO_FAST = 0.1;

/** A frame that was rendered. */
export interface TimedFrame {
  readonly frame: number;
  /** Render time on its worker. */
  readonly seconds: number;
  /** What else is suspicious about it, as sentences. */
  readonly others: readonly string[];
}

/** What a frame is suspected of now, as sentences; null for nothing. */
export interface Judgement {
  readonly frame: number;
  readonly seconds: number;
  readonly suspicion: string | null;
}

/** Render times of one job's frames. */
export interface FrameSpeeds {
  /**
   * Records a rendered frame.
   *
   * @param machine that rendered it; null for the host's own. Each has its own pace
   * @returns about this frame, and about earlier ones that are judged otherwise by what came after them
   */
  seen(machine: string | null, frame: TimedFrame): { suspicion: string | null; earlier: Judgement[] };
}

export function createFrameSpeeds(): FrameSpeeds {
  const seen = new Map<string | null, TimedFrame[]>();
  const judge = (frames: readonly TimedFrame[], at: number): string | null => {
    const { seconds, others } = frames[at]!;
    const times = frames.map((one) => one.seconds);
    const pace = paceBeside(seconds, times.slice(Math.max(0, at - BEFORE), at), times.slice(at + 1, at + 1 + AFTER));
    const fast =
      pace === null ? [] : [`It took ${round(seconds)} s, where frames of this job take about ${round(pace)} s.`];
    return [...others, ...fast].join(' ') || null;
  };
  return {
    seen(machine, frame) {
      const before = seen.get(machine) ?? [];
      // One that is rendered again is judged by when it is rendered now.
      const frames = [...before.filter((one) => one.frame !== frame.frame), frame];
      const last = frames.length - 1;
      const earlier: Judgement[] = [];
      for (let at = Math.max(0, last - AFTER); at < last; at++) {
        const suspicion = judge(frames, at);
        if (suspicion === judge(frames.slice(0, last), at)) continue;
        earlier.push({ frame: frames[at]!.frame, seconds: frames[at]!.seconds, suspicion });
      }
      seen.set(machine, frames.slice(-BEFORE - AFTER));
      return { suspicion: judge(frames, last), earlier };
    },
  };
}

/**
 * Whether a frame is much faster than its neighbours in time. A wrong image is alone: those before and after it take as
 * long as ever. Where others are as fast, the machine has become free, or the scene simple.
 *
 * @param before seconds of the frames that were done before it, up to {@link BEFORE}
 * @param after seconds of those that were done after it, up to {@link AFTER}; while there are none, the one before decides
 * @returns the seconds that frames take; null where it is not too fast
 */
export function paceBeside(seconds: number, before: readonly number[], after: readonly number[]): number | null {
  const pace = medianOf(before);
  if (before.length < BEFORE || pace <= LEAST_MEDIAN) return null;
  const beside = after.length > 0 ? medianOf(after) : before.at(-1)!;
  return seconds < TOO_FAST * pace && seconds < TOO_FAST * beside ? pace : null;
}

/** Of an even number the lower one of the two in the middle. */
function medianOf(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[(times.length - 1) >> 1] ?? 0;
}

/** What is suspicious about an image's pixels, as a sentence; null for nothing or where unknown. */
export function suspicionOf(pixels: ImageStatistics | null): string | null {
  if (pixels === null) return null;
  if (pixels.transparent) return 'The image is fully transparent.';
  if (pixels.black) return 'The image is black.';
  return pixels.uniform ? 'The image has one colour only.' : null;
}

function round(seconds: number): number {
  return Number(seconds.toPrecision(2));
}
