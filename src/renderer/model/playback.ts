import type { TimelineCells } from './timeline-cells';

/** Pictures a second that are worth drawing; faster playback leaves frames out evenly. */
const MOST_PICTURES = 60;
/** Speeds of J and L go from one to this, doubling. */
const MOST_SPEED = 8;

/** Where playback was when, and how fast it goes on from there. */
export interface PlayClock {
  /** Milliseconds, of any clock that does not jump. */
  readonly at: number;
  /** Of the frame in the list of played ones. */
  readonly index: number;
  /** Frames a second; negative plays backwards. */
  readonly rate: number;
}

/** The list that is played: how many frames, and whether it begins again at its end. */
export interface PlayList {
  readonly count: number;
  readonly loop: boolean;
}

/** Frames from one drawn picture to the next: more than one where frames come faster than a screen shows them. */
export function strideOf(rate: number): number {
  return Math.max(1, Math.ceil(Math.abs(rate) / MOST_PICTURES - 1e-9));
}

/** How many frames have begun since the clock was set; a whole number of strides. */
export function stepsAt(clock: PlayClock, now: number): number {
  const steps = Math.floor((Math.abs(clock.rate) * Math.max(0, now - clock.at)) / 1_000 + 1e-6);
  return steps - (steps % strideOf(clock.rate));
}

/** The frame that is due after so many steps, by its place in the list; null when playback has ended before. */
export function indexAfter({ index, rate }: PlayClock, steps: number, { count, loop }: PlayList): number | null {
  if (count === 0) return null;
  const at = rate < 0 ? index - steps : index + steps;
  if (loop) return ((at % count) + count) % count;
  return at < 0 || at >= count ? null : at;
}

/** How many steps ahead a frame is, in the direction of playback; Infinity when it is not played again. */
export function stepsTo(from: number, index: number, rate: number, { count, loop }: PlayList): number {
  const ahead = rate < 0 ? from - index : index - from;
  return ahead >= 0 ? ahead : loop ? ahead + count : Infinity;
}

/** What was drawn of what was due. */
export interface PlayTally {
  /** The last steps of the clock that were seen to; -1 before the first. */
  readonly steps: number;
  readonly shown: number;
  /** Frames that were there, and whose time passed without being drawn. */
  readonly dropped: number;
}

export const NO_TALLY: PlayTally = { steps: -1, shown: 0, dropped: 0 };

/**
 * Counts what is drawn now. What is not drawn now, since it is not decoded, may still be until its time is over.
 *
 * @param steps of the clock now
 * @param isThere whether the frame after so many steps has an image; one that has none is not dropped
 */
export function drawn(
  tally: PlayTally,
  steps: number,
  stride: number,
  isThere: (steps: number) => boolean = () => true,
): PlayTally {
  let dropped = tally.dropped;
  for (let missed = tally.steps + stride; missed < steps && tally.steps >= 0; missed += stride)
    if (isThere(missed)) dropped += 1;
  return { steps, shown: tally.shown + 1, dropped };
}

/**
 * What to decode next, by steps of the clock, most urgent first. Where decoding does not keep up, an even choice of
 * frames comes first, so that the picture goes on at a steady pace, and the others while there is time.
 *
 * @param options.lead steps that will have passed until a picture asked for now is there
 * @param options.thin every how many strides a picture can be had
 * @param options.horizon how many steps ahead to look
 */
export function stepsToDecode(
  now: number,
  stride: number,
  { lead, thin, horizon }: { lead: number; thin: number; horizon: number },
): number[] {
  const first = Math.max(0, now + lead);
  const end = now + horizon;
  const wide = stride * thin;
  const chosen: number[] = [];
  for (let steps = Math.ceil(first / wide) * wide; steps <= end; steps += wide) chosen.push(steps);
  if (thin === 1) return chosen;
  for (let steps = Math.ceil(first / stride) * stride; steps <= end; steps += stride)
    if (steps % wide !== 0) chosen.push(steps);
  return chosen;
}

/** Every how many strides a picture can be had, when one takes so long. @param each milliseconds */
export function thinningOf(rate: number, each: number): number {
  const perStride = (strideOf(rate) * 1_000) / Math.abs(rate);
  return Math.max(1, Math.ceil(each / perStride - 0.15));
}

/** J, K and L as in editors: back, stop, on; pressed again, twice as fast up to 8 times. @param speed 0 stands still */
export function shuttle(speed: number, key: 'j' | 'k' | 'l'): number {
  if (key === 'k') return 0;
  const sign = key === 'l' ? 1 : -1;
  return speed * sign <= 0 ? sign : sign * Math.min(MOST_SPEED, Math.max(1, Math.abs(speed) * 2));
}

/** The pictures drawn in the last second. */
export interface ShownRate {
  /** Milliseconds, oldest first. */
  readonly times: readonly number[];
}

export function addShown({ times }: ShownRate, now: number): ShownRate {
  return { times: [...times.filter((time) => time > now - 1_000), now] };
}

/** Pictures a second; null until there is something to say. */
export function rateShown({ times }: ShownRate, now: number): number | null {
  const recent = times.filter((time) => time > now - 1_000);
  const first = recent[0];
  if (first === undefined || recent.length < 3) return null;
  // While nothing new comes the rate falls.
  const last = recent.at(-1)!;
  const between = (last - first) / (recent.length - 1);
  return 1_000 / Math.max(between, now - last);
}

/** Blender's rule for its red figure: half a frame a second below what is wanted. */
export function isBehind(shown: number | null, wanted: number): boolean {
  return shown !== null && shown + 0.5 < wanted;
}

/** First and last frame that are played; null leaves it to the frames that there are. */
export interface PlayRange {
  readonly start: number | null;
  readonly end: number | null;
}

export const WHOLE_RANGE: PlayRange = { start: null, end: null };

/** Sets one end of the range to a frame, and lets go of the other where it would come before it. */
export function withEnd(range: PlayRange, end: 'start' | 'end', frame: number): PlayRange {
  const other = end === 'start' ? range.end : range.start;
  const fits = other === null || (end === 'start' ? frame <= other : frame >= other);
  const kept = fits ? other : null;
  return end === 'start' ? { start: frame, end: kept } : { start: kept, end: frame };
}

/** The frames of a list that are in the range. */
export function inRange(frames: TimelineCells, { start, end }: PlayRange): TimelineCells {
  if (frames.count === 0 || (start === null && end === null)) return frames;
  const from = start === null ? 0 : firstFrom(frames, start);
  const to = end === null ? frames.count : firstFrom(frames, end + 1);
  const count = Math.max(0, to - from);
  return {
    count,
    frameAt: (index) => frames.frameAt(from + index),
    indexOf: (frame) => Math.max(0, Math.min(count - 1, frames.indexOf(frame) - from)),
    has: (frame) => frames.has(frame) && (start === null || frame >= start) && (end === null || frame <= end),
  };
}

/** The place of the first frame that is at least this one. */
function firstFrom(frames: TimelineCells, frame: number): number {
  if (frame > frames.frameAt(frames.count - 1)) return frames.count;
  const at = frames.indexOf(frame);
  return frames.frameAt(at) < frame ? at + 1 : at;
}

/** Where a jump leads: to an end, or to the next frame there is; at the ends it stays. */
export function jumpTarget(frames: TimelineCells, here: number, to: 'first' | 'last' | 'before' | 'after'): number {
  const last = frames.count - 1;
  if (to === 'first') return frames.frameAt(0);
  if (to === 'last') return frames.frameAt(last);
  const next = firstFrom(frames, to === 'after' ? here + 1 : here) - (to === 'after' ? 0 : 1);
  return frames.frameAt(Math.max(0, Math.min(last, next)));
}
