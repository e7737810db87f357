import { backoffAfter } from '../retry-policy';

/**
 * Counts consecutive failures by slot, and tells how long it backs off. A worker that replaces another in the same slot
 * inherits its count.
 */
export interface FailureStreaks {
  /**
   * Records a failed try.
   *
   * @param frame identifies the frame and its job
   * @returns how long the slot should back off, in milliseconds; 0 for not at all
   */
  failed(slot: number, frame: string): number;
  /** Records a rendered frame, which resets the count. */
  succeeded(slot: number): void;
}

/** @param first backoff, in milliseconds */
export function createFailureStreaks(first?: number): FailureStreaks {
  const streaks = new Map<number, { readonly frames: Set<string>; backoffs: number }>();
  return {
    failed(slot, frame) {
      const streak = streaks.get(slot) ?? { frames: new Set(), backoffs: 0 };
      streaks.set(slot, streak);
      streak.frames.add(frame);
      const backoff = backoffAfter(streak.frames.size, streak.backoffs, first);
      if (backoff > 0) streak.backoffs++;
      return backoff;
    },
    succeeded: (slot) => void streaks.delete(slot),
  };
}
