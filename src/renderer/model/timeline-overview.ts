import type { Frame } from '../../shared/jobs';
import type { FrameTable } from './host-model';
import type { CellState, TimelineCells } from './timeline-cells';

/** From the least urgent to the most: where many frames share one stroke, the most urgent state is shown. */
export const BY_URGENCY: readonly CellState[] = ['none', 'done', 'skipped', 'waiting', 'rendering', 'failed'];
const URGENCY = Object.fromEntries(BY_URGENCY.map((state, urgency) => [state, urgency])) as Record<CellState, number>;

/**
 * The states of all cells in a row of strokes, one for each pixel of the width. It is kept: of a million frames only those
 * that have changed are looked at again.
 *
 * @returns for each stroke the index in {@link BY_URGENCY} of its most urgent state
 */
export function createOverview() {
  let known: { cells: TimelineCells; list: readonly Frame[]; changed: readonly number[]; width: number } | null = null;
  /** How far `changed` has been read. */
  let read = 0;
  /** By the frame's place in the list. */
  let states = new Uint8Array();
  /** Number of frames in each state, stroke by stroke. */
  let counts = new Uint32Array();
  let strokes = new Uint8Array();

  function put(cells: TimelineCells, width: number, { frame, state }: Frame, before: number | null): number {
    const index = cells.indexOf(frame);
    const urgency = URGENCY[state];
    const last = Math.max(0, Math.ceil(((index + 1) * width) / cells.count) - 1);
    for (let x = Math.min(last, Math.floor((index * width) / cells.count)); x <= last; x++) {
      const at = x * BY_URGENCY.length;
      counts[at + urgency]! += 1;
      if (before !== null) counts[at + before]! -= 1;
      let most = BY_URGENCY.length - 1;
      while (most > 0 && counts[at + most] === 0) most -= 1;
      strokes[x] = most;
    }
    return urgency;
  }

  return (cells: TimelineCells, table: FrameTable | undefined, width: number): Uint8Array => {
    if (table?.kind !== 'ready') {
      known = null;
      return new Uint8Array(width);
    }
    const { list, indexOf, changed } = table;
    if (known?.cells !== cells || known.list !== list || known.changed !== changed || known.width !== width) {
      known = { cells, list, changed, width };
      states = new Uint8Array(list.length);
      counts = new Uint32Array(width * BY_URGENCY.length);
      strokes = new Uint8Array(width);
      list.forEach((frame, at) => {
        states[at] = put(cells, width, frame, null);
      });
    } else
      for (const number of changed.slice(read)) {
        const at = indexOf.get(number)!;
        states[at] = put(cells, width, list[at]!, states[at]!);
      }
    read = changed.length;
    return strokes;
  };
}
