import type { ImageStatistics } from '../../images/pixel-statistics';

/** Number of frames needed before one can be called too fast. */
const LEAST_SEEN = 5;
/** Minimum median time in seconds: render times of short frames vary by a factor of ten. */
const LEAST_MEDIAN = 1;
/** A frame that takes less than this share of the median is suspicious. */
const TOO_FAST = 0.1;
/** Number of a job's latest frames the median is taken of. */
const REMEMBERED = 101;

/** Render times of one job's frames. */
export interface FrameSpeeds {
  /**
   * Records a rendered frame.
   *
   * @param seconds render time on its worker
   * @returns what is suspicious about it, as a sentence; null for nothing
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
