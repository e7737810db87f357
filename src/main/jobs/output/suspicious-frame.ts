import type { ImageStatistics } from '../../images/pixel-statistics';

/** Frames that must have been seen before one can be called too fast. */
const LEAST_SEEN = 5;
/** Seconds that they must have taken in the middle: of short frames many are ten times as long as others. */
const LEAST_MEDIAN = 1;
/** Share of the middle one below which a frame is suspicious. */
const TOO_FAST = 0.1;
/** Of so many of a job's last frames the middle is taken. */
const REMEMBERED = 101;

/** How long the frames of one job took. */
export interface FrameSpeeds {
  /**
   * A frame was rendered.
   *
   * @param seconds that it took its worker
   * @returns what is suspicious about that, as a sentence; null when nothing is
   */
  seen(seconds: number): string | null;
}

export function createFrameSpeeds(): FrameSpeeds {
  const times: number[] = [];
  return {
    seen(seconds) {
      const sorted = [...times].sort((a, b) => a - b);
      const median = sorted[sorted.length >> 1] ?? 0;
      times.push(seconds);
      if (times.length > REMEMBERED) times.shift();
      if (sorted.length < LEAST_SEEN || median <= LEAST_MEDIAN || seconds >= median * TOO_FAST) return null;
      return `It took ${round(seconds)} s, where frames of this job take about ${round(median)} s.`;
    },
  };
}

/** What is suspicious about an image's pixels, as a sentence; null when nothing is, or it can't be told. */
export function suspicionOf(pixels: ImageStatistics | null): string | null {
  if (pixels === null) return null;
  if (pixels.transparent) return 'The image is fully transparent.';
  if (pixels.black) return 'The image is black.';
  return pixels.uniform ? 'The image has one colour only.' : null;
}

function round(seconds: number): number {
  return Number(seconds.toPrecision(2));
}
