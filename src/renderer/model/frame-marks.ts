import type { Frame } from '../../shared/jobs';
import { type FrameTable, rowOf } from './host-model';

/** What draws attention to a frame in the timeline. */
export type FrameMark = 'failed' | 'suspicious';

/** Finished frames on each side that a frame is compared with, and how many there must be in all. */
const SIDE = 4;
const LEAST_NEIGHBOURS = 4;
/** Frames on each side among which these are looked for. */
const REACH = 16;
/** Seconds: render times of short frames vary by a factor of ten. */
const LEAST_MEDIAN = 1;
/** A frame that took less than this share of its neighbours' median is marked. */
const TOO_QUICK = 0.25;

/**
 * The mark of a frame: failed, or done with an image that may be wrong. The host says of an image that it is black,
 * transparent, of one colour, or came much too fast for its job; here a frame is also held against its neighbours in the
 * animation, since a shot may be quick in one part and slow in another: an object that is missing in a single frame
 * shows in its time.
 *
 * @returns null for a frame like others
 */
export function markOf(table: FrameTable | undefined, frame: number): FrameMark | null {
  const row = rowOf(table, frame);
  if (row === undefined) return null;
  if (row.state === 'failed') return 'failed';
  if (row.suspicion !== null) return 'suspicious';
  return tooQuick(table, row) === null ? null : 'suspicious';
}

/** The median time of a frame's neighbours, in seconds, where the frame took much less; null otherwise. */
function tooQuick(table: FrameTable | undefined, row: Frame): number | null {
  if (row.state !== 'done' || row.seconds === null) return null;
  const times = [...neighbours(table, row.frame, -1), ...neighbours(table, row.frame, 1)].sort((a, b) => a - b);
  if (times.length < LEAST_NEIGHBOURS) return null;
  const median = times[times.length >> 1]!;
  return median > LEAST_MEDIAN && row.seconds < median * TOO_QUICK ? median : null;
}

function neighbours(table: FrameTable | undefined, frame: number, by: 1 | -1): number[] {
  const times: number[] = [];
  for (let step = 1; step <= REACH && times.length < SIDE; step++) {
    const row = rowOf(table, frame + step * by);
    if (row?.state === 'done' && row.seconds !== null) times.push(row.seconds);
  }
  return times;
}

/** Marked frames of a table, in the animation's order: a job can have a million frames, of which few are marked. */
const marked = new WeakMap<FrameTable, readonly number[]>();

function markedFrames(table: Extract<FrameTable, { kind: 'ready' }>): readonly number[] {
  let frames = marked.get(table);
  if (!frames) {
    frames = table.list.flatMap(({ frame }) => (markOf(table, frame) === null ? [] : frame)).sort((a, b) => a - b);
    marked.set(table, frames);
  }
  return frames;
}

/** The next marked frame after one, or the one before; round at the end, null when no other is marked. */
export function nextMarked(table: FrameTable | undefined, here: number, by: 1 | -1): number | null {
  if (table?.kind !== 'ready') return null;
  const frames = markedFrames(table);
  // The place of the first that is not before this one.
  let [from, to] = [0, frames.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (frames[middle]! < here) from = middle + 1;
    else to = middle;
  }
  const next = by === -1 ? from - 1 : frames[from] === here ? from + 1 : from;
  const frame = frames.at(next === frames.length ? 0 : next);
  return frame === undefined || frame === here ? null : frame;
}
