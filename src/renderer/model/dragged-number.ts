import { readNumber } from './typed-value';

/** Pixels that the pointer moves before it drags a number rather than presses its field. */
export const DRAG_THRESHOLD = 3;
/** Pixels for one step; ten times as many with Shift. */
const PIXELS = 3;
/** Ctrl keeps to multiples of this. */
const SNAP = 10;

export interface DragKeys {
  /** Finer: slower, and in tenths where the number has decimals. */
  readonly fine: boolean;
  /** Only multiples of ten. */
  readonly snap: boolean;
}

/**
 * By how much a number that is dragged as in Blender changes.
 *
 * @param text of the field when the drag began; an empty one counts as 0
 * @param pixels to the right
 * @param decimals whether tenths make sense
 * @returns null where the text is not a number
 */
export function draggedBy(text: string, pixels: number, { fine, snap }: DragKeys, decimals: boolean): number | null {
  const start = readNumber(text === '' ? '0' : text);
  if (start === null) return null;
  const steps = pixels / PIXELS / (fine ? 10 : 1);
  if (snap) return Math.round((start + Math.trunc(steps)) / SNAP) * SNAP - start;
  // Towards 0, so that the same way back leads to where it began.
  return fine && decimals ? Math.trunc(steps * 10) / 10 : Math.trunc(steps);
}
