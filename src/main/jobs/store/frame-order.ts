import type { FrameOrder } from '../../../shared/jobs';

/**
 * Sorts a job's frames into dispatch order.
 *
 * @param frames frame numbers, each once, as the frame range lists them
 * @returns the same numbers: ascending (`sequence`); from the middle outwards (`middle-out`); as listed (`list`); or
 * every Nth of the ascending ones first, then those half-way between, and so on until none is left out (`every-N`)
 */
export function orderFrames(frames: readonly number[], order: FrameOrder): number[] {
  if (order === 'list') return [...frames];
  const ascending = [...frames].sort((a, b) => a - b);
  if (order === 'sequence') return ascending;
  if (order === 'middle-out') return middleOut(ascending);
  return everyNth(ascending, Number(order.slice('every-'.length)));
}

/** The middle one, then the next after it, the one before it, and so on to both ends. */
function middleOut(frames: readonly number[]): number[] {
  const middle = (frames.length - 1) >> 1;
  const ordered: number[] = [];
  for (let distance = 0; ordered.length < frames.length; distance++) {
    const after = frames[middle + distance];
    const before = distance === 0 ? undefined : frames[middle - distance];
    if (after !== undefined) ordered.push(after);
    if (before !== undefined) ordered.push(before);
  }
  return ordered;
}

/** Each round takes the remaining frames on a grid of width `gap`; the next grid is half as wide. */
function everyNth(frames: readonly number[], n: number): number[] {
  const taken = new Uint8Array(frames.length);
  const ordered: number[] = [];
  for (let gap = n; ; gap = Math.floor(gap / 2)) {
    for (let at = 0; at < frames.length; at += gap) {
      if (taken[at]) continue;
      taken[at] = 1;
      ordered.push(frames[at]!);
    }
    if (gap === 1) return ordered;
  }
}
