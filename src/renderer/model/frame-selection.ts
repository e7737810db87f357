import { formatFrameRange } from '../../shared/frame-range';

/** Frames of one job that were chosen in the timeline, beside the one that is shown. */
export interface FrameSelection {
  readonly job: number;
  readonly frames: ReadonlySet<number>;
  /** Where a range begins. */
  readonly anchor: number;
}

/** How a cell is pressed: alone, with Ctrl, or with Shift. */
export type PickWay = 'only' | 'toggle' | 'range';

/** The frames of a timeline in the order of its cells. */
interface Cells {
  readonly count: number;
  frameAt(index: number): number;
  indexOf(frame: number): number;
}

/**
 * What pressing a cell makes of the selection; null for none. A press alone ends it: the frame that is shown stands for
 * itself.
 *
 * @param shown the frame that was shown before, at which a range begins where nothing is selected
 */
export function pickFrames(
  before: FrameSelection | null,
  { job, frame, how, shown }: { job: number; frame: number; how: PickWay; shown: number | null },
  cells: Cells,
): FrameSelection | null {
  if (how === 'only') return null;
  const own = before?.job === job ? before : null;
  if (how === 'range') {
    const anchor = own?.anchor ?? shown ?? frame;
    return { job, frames: new Set(framesBetween(cells, anchor, frame)), anchor };
  }
  const frames = new Set(own?.frames ?? (shown === null || shown === frame ? [] : [shown]));
  if (!frames.delete(frame)) frames.add(frame);
  return frames.size === 0 ? null : { job, frames, anchor: frame };
}

/** All frames from one cell to another, whichever comes first. */
function framesBetween(cells: Cells, a: number, b: number): number[] {
  const [from, to] = [cells.indexOf(a), cells.indexOf(b)].sort((x, y) => x - y) as [number, number];
  return Array.from({ length: to - from + 1 }, (_value, index) => cells.frameAt(from + index));
}

/**
 * The frames that a menu opened on one of them is about: all that are selected where it is one of those, else it alone.
 */
export function framesFor(selection: FrameSelection | null, job: number, frame: number): number[] {
  if (selection?.job !== job || !selection.frames.has(frame)) return [frame];
  return [...selection.frames].sort((a, b) => a - b);
}

/** Frames as the host takes them: `3,7-9`. */
export function rangeOf(frames: readonly number[]): string {
  return formatFrameRange(frames.toSorted((a, b) => a - b));
}
