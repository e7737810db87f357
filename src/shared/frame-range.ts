import { UserError } from './user-error';

/** The most frames one job may have: more is a typing error, not a wish. */
export const MAX_FRAMES = 1_000_000;

/**
 * Reads a frame range as Blender's `-f` writes it: `12`, `1-48`, `1..48`, `1,5,9-12`; and with a step: `1-48x2` is every second frame. Frame numbers are whole and 0 or above.
 *
 * @returns the frame numbers in the order given, each once.
 * @throws UserError (`arguments`) naming the part that cannot be read.
 */
export function parseFrameRange(text: string): number[] {
  const frames = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,9})\s*(?:(?:-|\.\.)\s*(\d{1,9})\s*(?:[x×]\s*(\d{1,9})\s*)?)?$/i.exec(part);
    if (!match) {
      throw new UserError(
        `“${text}” is not a frame range: write 1-48, 1-48x2 for every second frame, 12, or 1,5,9-12.`,
        'arguments',
      );
    }
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (last < first) {
      throw new UserError(`The frame range ${first}-${last} runs backwards: write ${last}-${first}.`, 'arguments');
    }
    const step = Number(match[3] ?? 1);
    if (step === 0)
      throw new UserError(
        `The frame range ${part.trim()} has a step of 0: write ${first}-${last} for every frame.`,
        'arguments',
      );
    const more = Math.floor((last - first) / step);
    if (more >= MAX_FRAMES || frames.size + more >= MAX_FRAMES) {
      throw new UserError(
        `“${text}” asks for more than ${MAX_FRAMES.toLocaleString('en')} frames: split it into several jobs.`,
        'arguments',
      );
    }
    for (let frame = first; frame <= last; frame += step) frames.add(frame);
  }
  return [...frames];
}

/** Fewer numbers in steps are easier read one by one. */
const LEAST_IN_STEPS = 4;

/** Writes frame numbers the short way, `1-3,7,20-40x2`; the reverse of {@link parseFrameRange} for ascending lists. */
export function formatFrameRange(frames: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < frames.length;) {
    const step = frames[i + 1] === undefined ? 1 : frames[i + 1]! - frames[i]!;
    let j = i;
    while (j + 1 < frames.length && frames[j + 1] === frames[j]! + step) j++;
    // Steps can't go backwards, and a few numbers are no rule.
    if (step < 1 || (step > 1 && j - i + 1 < LEAST_IN_STEPS)) j = i;
    parts.push(i === j ? `${frames[i]}` : `${frames[i]}-${frames[j]}${step === 1 ? '' : `x${step}`}`);
    i = j + 1;
  }
  return parts.join(',');
}
