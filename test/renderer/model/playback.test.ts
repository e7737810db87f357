import { describe, expect, it } from 'vitest';
import {
  addShown,
  drawn,
  indexAfter,
  inRange,
  isBehind,
  jumpTarget,
  NO_TALLY,
  rateShown,
  shuttle,
  stepsAt,
  stepsTo,
  stepsToDecode,
  strideOf,
  thinningOf,
  withEnd,
  WHOLE_RANGE,
} from '../../../src/renderer/model/playback';
import { listOfFrames } from '../../../src/renderer/model/timeline-cells';

const at24 = { at: 1_000, index: 0, rate: 24 };
const dueAt = (frames: number): number => 1_000 + (frames * 1_000) / 24;

describe('the clock of playback', () => {
  it('begins a frame at the moment it is due, and none before', () => {
    expect(stepsAt(at24, 1_000)).toBe(0);
    expect(stepsAt(at24, dueAt(1) - 0.1)).toBe(0);
    for (const steps of [1, 2, 23, 24, 100_000]) expect(stepsAt(at24, dueAt(steps))).toBe(steps);
    // A clock that was set for the next animation frame.
    expect(stepsAt(at24, 900)).toBe(0);
  });

  it('leaves frames out evenly where they come faster than a screen shows them', () => {
    expect([24, 60, 61, 96, 192, -192].map(strideOf)).toEqual([1, 1, 2, 2, 4, 4]);
    const fast = { at: 0, index: 0, rate: 192 };
    expect([0, 20, 21, 41, 42].map((now) => stepsAt(fast, now))).toEqual([0, 0, 4, 4, 8]);
  });

  it('goes round in a loop and ends without one, in both directions', () => {
    const loop = { count: 10, loop: true };
    const once = { count: 10, loop: false };
    const back = { ...at24, index: 2, rate: -24 };
    expect([0, 9, 10, 25].map((steps) => indexAfter(at24, steps, loop))).toEqual([0, 9, 0, 5]);
    expect([0, 2, 3, 25].map((steps) => indexAfter(back, steps, loop))).toEqual([2, 0, 9, 7]);
    expect([9, 10].map((steps) => indexAfter(at24, steps, once))).toEqual([9, null]);
    expect([2, 3].map((steps) => indexAfter(back, steps, once))).toEqual([0, null]);
    expect(indexAfter(at24, 0, { count: 0, loop: true })).toBeNull();
  });

  it('knows how far ahead a frame is, and which is not played again', () => {
    expect(stepsTo(3, 5, 24, { count: 10, loop: true })).toBe(2);
    expect(stepsTo(3, 2, 24, { count: 10, loop: true })).toBe(9);
    expect(stepsTo(3, 2, -24, { count: 10, loop: true })).toBe(1);
    expect(stepsTo(3, 2, 24, { count: 10, loop: false })).toBe(Infinity);
  });
});

describe('what is dropped', () => {
  it('is what was due and never drawn, counted when the next one is', () => {
    let tally = drawn(NO_TALLY, 0, 1);
    tally = drawn(tally, 1, 1);
    expect(tally).toEqual({ steps: 1, shown: 2, dropped: 0 });
    expect(drawn(tally, 5, 1)).toEqual({ steps: 5, shown: 3, dropped: 3 });
  });

  it('is no frame that has no image, or that was left out for its speed', () => {
    expect(drawn({ steps: 1, shown: 2, dropped: 0 }, 5, 1, (steps) => steps === 3).dropped).toBe(1);
    expect(drawn({ steps: 4, shown: 2, dropped: 0 }, 8, 4).dropped).toBe(0);
    expect(drawn({ steps: 4, shown: 2, dropped: 0 }, 16, 4).dropped).toBe(2);
  });
});

describe('what is decoded next', () => {
  it('is what comes next', () => {
    expect(stepsToDecode(7, 1, { lead: 0, thin: 1, horizon: 4 })).toEqual([7, 8, 9, 10, 11]);
    expect(stepsToDecode(7, 1, { lead: 2, thin: 1, horizon: 4 })).toEqual([9, 10, 11]);
    expect(stepsToDecode(8, 4, { lead: 0, thin: 1, horizon: 12 })).toEqual([8, 12, 16, 20]);
  });

  it('is an even choice first where decoding does not keep up', () => {
    expect(stepsToDecode(4, 1, { lead: 1, thin: 3, horizon: 6 })).toEqual([6, 9, 5, 7, 8, 10]);
    // 24 a second are 41.7 ms each.
    expect([10, 42, 60, 84, 130].map((each) => thinningOf(24, each))).toEqual([1, 1, 2, 2, 3]);
  });
});

describe('J, K and L', () => {
  it('go back, stop and go on, twice as fast each time', () => {
    expect([0, 1, 2, 4, 8].map((speed) => shuttle(speed, 'l'))).toEqual([1, 2, 4, 8, 8]);
    expect([0, -1, -8].map((speed) => shuttle(speed, 'j'))).toEqual([-1, -2, -8]);
    expect([shuttle(4, 'j'), shuttle(-2, 'l'), shuttle(4, 'k'), shuttle(0, 'k')]).toEqual([-1, 1, 0, 0]);
  });
});

describe('the rate that is shown', () => {
  it('is that of the last second, and falls while nothing comes', () => {
    let rate = { times: [] as readonly number[] };
    for (let now = 0; now < 2_000; now += 50) rate = addShown(rate, now);
    expect(rate.times.length).toBe(20);
    expect(rateShown(rate, 1_950)).toBeCloseTo(20);
    expect(rateShown(rate, 2_150)).toBeCloseTo(5);
    expect(rateShown({ times: [0] }, 10)).toBeNull();
  });

  it('is behind from half a frame on, as in Blender', () => {
    expect([23.6, 23.4, null].map((shown) => isBehind(shown, 24))).toEqual([false, true, false]);
  });
});

describe('the range that is played', () => {
  const frames = listOfFrames([1, 2, 5, 9, 12]);
  const all = (range: { start: number | null; end: number | null }): number[] => {
    const part = inRange(frames, range);
    return Array.from({ length: part.count }, (_, index) => part.frameAt(index));
  };

  it('has the frames between its ends', () => {
    expect(all(WHOLE_RANGE)).toEqual([1, 2, 5, 9, 12]);
    expect(all({ start: 3, end: null })).toEqual([5, 9, 12]);
    expect(all({ start: 2, end: 9 })).toEqual([2, 5, 9]);
    expect(all({ start: 6, end: 8 })).toEqual([]);
    expect(all({ start: 20, end: null })).toEqual([]);
    const part = inRange(frames, { start: 2, end: 9 });
    expect([1, 2, 7, 99].map((frame) => part.indexOf(frame))).toEqual([0, 0, 1, 2]);
    expect([1, 2, 3, 9, 12].map((frame) => part.has(frame))).toEqual([false, true, false, true, false]);
  });

  it('lets go of the end that would come first', () => {
    expect(withEnd({ start: 5, end: null }, 'end', 9)).toEqual({ start: 5, end: 9 });
    expect(withEnd({ start: 5, end: 9 }, 'end', 3)).toEqual({ start: null, end: 3 });
    expect(withEnd({ start: 5, end: 9 }, 'start', 10)).toEqual({ start: 10, end: null });
  });

  it('is stepped through, and left at neither end', () => {
    const from = (here: number) =>
      (['before', 'after', 'first', 'last'] as const).map((to) => jumpTarget(frames, here, to));
    expect(from(5)).toEqual([2, 9, 1, 12]);
    expect(from(6)).toEqual([5, 9, 1, 12]);
    expect(from(1)).toEqual([1, 2, 1, 12]);
    expect(from(12)).toEqual([9, 12, 1, 12]);
  });
});
