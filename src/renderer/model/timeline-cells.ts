import { parseFrameRange } from '../../shared/frame-range';
import type { FrameState, Job } from '../../shared/jobs';
import { type FrameTable, rowOf } from './host-model';

/** A frame's state, or `none`: it belongs to the scene's range but not to the job shown. */
export type CellState = FrameState | 'none';

/** The frame numbers that the timeline shows, ascending. */
export interface TimelineCells {
  readonly count: number;
  frameAt(index: number): number;
  /** Of the frame, or of the nearest one below; 0 before the first. */
  indexOf(frame: number): number;
  has(frame: number): boolean;
}

/**
 * The cells of the scene's range and of the job together, so that a single frame rendered does not hide the rest of the
 * scene.
 *
 * @param range of the open scene; null when none is open or the job is of another scene
 */
export function timelineCells(range: { start: number; end: number } | null, job: Job | null): TimelineCells {
  const numbers = job ? jobFrames(job.settings.frames) : [];
  const first = numbers[0];
  const last = numbers.at(-1);
  const contiguous = first === undefined || last === undefined || last - first + 1 === numbers.length;
  if (contiguous) {
    const start = Math.min(range?.start ?? Infinity, first ?? Infinity);
    const end = Math.max(range?.end ?? -Infinity, last ?? -Infinity);
    const joined =
      !range || first === undefined || last === undefined || (first <= range.end + 1 && range.start <= last + 1);
    if (!Number.isFinite(start)) return runOfFrames(0, -1);
    if (joined) return runOfFrames(start, end);
  }
  return range ? runAmong(numbers, range) : listOfFrames(numbers);
}

/** A job's frame numbers, ascending. The host has accepted the text already. */
export function jobFrames(text: string): number[] {
  try {
    return parseFrameRange(text).sort((a, b) => a - b);
  } catch {
    return [];
  }
}

/** The first frame of a job's range, without reading the rest of it. */
export function firstFrame(text: string): number | null {
  const match = /-?\d+/.exec(text);
  return match ? Number(match[0]) : null;
}

export function cellState(table: FrameTable | undefined, frame: number): CellState {
  return rowOf(table, frame)?.state ?? 'none';
}

/** The next frame in that state after `frame`, going round at the end; null when there is none. */
export function nextInState(
  table: FrameTable | undefined,
  cells: TimelineCells,
  frame: number,
  state: CellState,
): number | null {
  return nextWhere(cells, frame, (candidate) => cellState(table, candidate) === state);
}

/** The next frame after `frame` whose image looks wrong. */
export function nextSuspicious(table: FrameTable | undefined, cells: TimelineCells, frame: number): number | null {
  if (table?.kind !== 'ready') return null;
  return nextWhere(cells, frame, (candidate) => (rowOf(table, candidate)?.suspicion ?? null) !== null);
}

function nextWhere(cells: TimelineCells, frame: number, fits: (frame: number) => boolean): number | null {
  const here = cells.indexOf(frame);
  for (let step = 1; step <= cells.count; step++) {
    const candidate = cells.frameAt((here + step) % cells.count);
    if (fits(candidate)) return candidate;
  }
  return null;
}

function runOfFrames(start: number, end: number): TimelineCells {
  const count = end - start + 1;
  return {
    count,
    frameAt: (index) => start + index,
    indexOf: (frame) => Math.max(0, Math.min(count - 1, frame - start)),
    has: (frame) => frame >= start && frame <= end,
  };
}

/** Cells of a range and of frames beside it. @param list ascending; a range may have more frames than a list can */
function runAmong(list: readonly number[], { start, end }: { start: number; end: number }): TimelineCells {
  const below = listOfFrames(list.filter((frame) => frame < start));
  const run = runOfFrames(start, end);
  const above = listOfFrames(list.filter((frame) => frame > end));
  const top = below.count + run.count;
  return {
    count: top + above.count,
    frameAt: (index) =>
      index < below.count
        ? below.frameAt(index)
        : index < top
          ? run.frameAt(index - below.count)
          : above.frameAt(index - top),
    indexOf: (frame) =>
      frame < start
        ? below.indexOf(frame)
        : above.count === 0 || frame < above.frameAt(0)
          ? below.count + run.indexOf(frame)
          : top + above.indexOf(frame),
    has: (frame) => run.has(frame) || below.has(frame) || above.has(frame),
  };
}

/** Cells of certain frames. @param list ascending, each once */
export function listOfFrames(list: readonly number[]): TimelineCells {
  /** The first that is larger. */
  const after = (frame: number): number => {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle]! <= frame) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    count: list.length,
    frameAt: (index) => list[index]!,
    indexOf: (frame) => Math.max(0, after(frame) - 1),
    has: (frame) => list[after(frame) - 1] === frame,
  };
}
