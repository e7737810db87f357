import { MAX_QUOTED, cutTo } from './shortened';
import { UserError } from './user-error';

/** Maximum number of frames per job: more is a typing error. */
export const MAX_FRAMES = 1_000_000;
/** Highest number of a frame, and lowest below 0: as many digits as a range may have. */
export const MAX_FRAME = 999_999_999;

/**
 * Parses a frame range in the syntax of Blender's `-f`: `12`, `1-48`, `1..48`, `1,5,9-12`; and with a step: `1-48x2` is
 * every second frame. Frame numbers are integers and may be negative as in Blender: `-3-3`, `-3--1`, `-3..3`.
 *
 * @returns the frame numbers in the order given, without duplicates.
 * @throws UserError (`arguments`) naming the invalid part.
 */
export function parseFrameRange(text: string): number[] {
  const spans = spansOf(text);
  if (spans.length === 1) return [...inSpan(spans[0]!)];
  const frames = new Set<number>();
  for (const span of spans) for (const frame of inSpan(span)) frames.add(frame);
  return [...frames];
}

/** Checks a frame range without counting its frames out. @throws UserError like {@link parseFrameRange} */
export function checkFrameRange(text: string): void {
  spansOf(text);
}

/** A set of frame numbers. */
export interface FrameNumbers extends Iterable<number> {
  readonly size: number;
  has(frame: number): boolean;
}

/** Like {@link parseFrameRange}, but consecutive frames are not stored one by one. */
export function frameNumbers(text: string): FrameNumbers {
  const spans = spansOf(text);
  const [span] = spans;
  if (spans.length !== 1 || !span) return new Set(parseFrameRange(text));
  const { first, last, step } = span;
  return {
    size: lengthOf(span),
    has: (frame) => frame >= first && frame <= last && (frame - first) % step === 0,
    [Symbol.iterator]: () => inSpan(span),
  };
}

/** The lowest and the highest frame of a range, which may have a million. @throws as {@link parseFrameRange} */
export function frameBounds(text: string): readonly [number, number] {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const span of spansOf(text)) {
    lowest = Math.min(lowest, span.first);
    highest = Math.max(highest, span.first + (lengthOf(span) - 1) * span.step);
  }
  return [lowest, highest];
}

/** Every Nth frame from one to another. */
export interface FrameSpan {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/** Maximum number of spans that a frame is sent with; more are sent as one of every frame from the first to the last. */
export const MAX_SPANS = 100;

/** The frames of a range in few spans, in any order, which may hold more frames. @throws as {@link parseFrameRange} */
export function fewSpans(text: string): FrameSpan[] {
  const spans = spansOf(text);
  if (spans.length <= MAX_SPANS) return spans;
  const [first, last] = frameBounds(text);
  return [{ first, last, step: 1 }];
}

function spansOf(text: string): FrameSpan[] {
  let size = 0;
  return text.split(',').map((part) => {
    const match = /^\s*(-?\d{1,9})\s*(?:(?:-|\.\.)\s*(-?\d{1,9})\s*(?:[x×]\s*(\d{1,9})\s*)?)?$/i.exec(part);
    if (!match) {
      throw new UserError(
        `“${cutTo(text, MAX_QUOTED)}” is not a frame range: write 1-48, 1-48x2 for every second frame, 12, or 1,5,9-12.`,
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
    const span = { first, last, step };
    size += lengthOf(span);
    if (size > MAX_FRAMES) {
      throw new UserError(
        `“${cutTo(text, MAX_QUOTED)}” asks for more than ${MAX_FRAMES.toLocaleString('en')} frames: split it into several jobs.`,
        'arguments',
      );
    }
    return span;
  });
}

function lengthOf({ first, last, step }: FrameSpan): number {
  return Math.floor((last - first) / step) + 1;
}

function* inSpan({ first, last, step }: FrameSpan): Generator<number> {
  for (let frame = first; frame <= last; frame += step) yield frame;
}

/** Shorter sequences are easier to read as single numbers. */
const LEAST_IN_STEPS = 4;

/** Formats frame numbers compactly, `1-3,7,20-40x2`; the inverse of {@link parseFrameRange} for ascending lists. */
export function formatFrameRange(frames: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < frames.length;) {
    const step = frames[i + 1] === undefined ? 1 : frames[i + 1]! - frames[i]!;
    let j = i;
    while (j + 1 < frames.length && frames[j + 1] === frames[j]! + step) j++;
    // A step cannot be negative, and a few numbers don't make a sequence.
    if (step < 1 || (step > 1 && j - i + 1 < LEAST_IN_STEPS)) j = i;
    parts.push(i === j ? `${frames[i]}` : `${frames[i]}-${frames[j]}${step === 1 ? '' : `x${step}`}`);
    i = j + 1;
  }
  return parts.join(',');
}
