import { UserError } from './user-error';

/** The most frames one job may have: more is a typing error, not a wish. */
export const MAX_FRAMES = 1_000_000;

/**
 * Reads a frame range as Blender's `-f` writes it: `12`, `1-48`, `1..48`, `1,5,9-12`. Frame numbers are whole and 0 or above.
 *
 * @returns the frame numbers in the order given, each once.
 * @throws UserError (`arguments`) naming the part that cannot be read.
 */
export function parseFrameRange(text: string): number[] {
  const frames = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,9})\s*(?:(?:-|\.\.)\s*(\d{1,9})\s*)?$/.exec(part);
    if (!match) {
      throw new UserError(`“${text}” is not a frame range: write 1-48, 12, or 1,5,9-12.`, 'arguments');
    }
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (last < first) {
      throw new UserError(`The frame range ${first}-${last} runs backwards: write ${last}-${first}.`, 'arguments');
    }
    if (last - first >= MAX_FRAMES || frames.size + (last - first) >= MAX_FRAMES) {
      throw new UserError(`“${text}” asks for more than ${MAX_FRAMES.toLocaleString('en')} frames: split it into several jobs.`, 'arguments');
    }
    for (let frame = first; frame <= last; frame++) frames.add(frame);
  }
  return [...frames];
}

/** Writes frame numbers the short way, `1-3,7`; the reverse of {@link parseFrameRange} for ascending lists. */
export function formatFrameRange(frames: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < frames.length; ) {
    let j = i;
    while (j + 1 < frames.length && frames[j + 1] === frames[j]! + 1) j++;
    parts.push(i === j ? `${frames[i]}` : `${frames[i]}-${frames[j]}`);
    i = j + 1;
  }
  return parts.join(',');
}
