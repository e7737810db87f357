import { describe, expect, it } from 'vitest';
import {
  frameData,
  framesIn,
  memoryData,
  paceData,
  queueData,
  samplesIn,
  slotsIn,
  spread,
} from '../../../src/renderer/model/chart-data';
import type { StatisticsSample } from '../../../src/shared/statistics';

const sample = (time: number, framesLeft = 0, workers: StatisticsSample['workers'] = []): StatisticsSample => ({
  time,
  framesPerMinute: framesLeft,
  framesLeft,
  rendering: 0,
  workers,
});
const left = (samples: StatisticsSample[]): [number, number][] =>
  samples.map(({ time, framesLeft }) => [time, framesLeft]);

describe('the samples in a window', () => {
  it('are those in it, with what was so when it begins and when it ends', () => {
    const all = [sample(1_000, 9), sample(3_000, 8), sample(5_000, 7), sample(7_000, 6)];
    expect(left(samplesIn(all, { from: 4_000, to: 6_000 }))).toEqual([
      [4_000, 8],
      [5_000, 7],
      [6_000, 7],
    ]);
    expect(left(samplesIn(all, { from: 3_000, to: 7_000 }))).toEqual([
      [3_000, 8],
      [5_000, 7],
      [7_000, 6],
    ]);
  });

  it('hold through a pause until something changes', () => {
    expect(left(samplesIn([sample(0, 5), sample(100_000, 4)], { from: 0, to: 200_000 }))).toEqual([
      [0, 5],
      [99_999, 5],
      [100_000, 4],
      [199_999, 4],
      [200_000, 4],
    ]);
  });

  it('are known from before it, and not from before the first', () => {
    expect(left(samplesIn([sample(10, 5)], { from: 1_000, to: 2_000 }))).toEqual([
      [1_000, 5],
      [2_000, 5],
    ]);
    expect(samplesIn([], { from: 0, to: 10 })).toEqual([]);
    expect(left(samplesIn([sample(50, 5)], { from: 0, to: 100 }))[0]).toEqual([50, 5]);
    expect(samplesIn([sample(500)], { from: 0, to: 100 })).toEqual([]);
  });
});

describe('the rows of a chart', () => {
  it('have a line for each worker, with gaps where it was not', () => {
    const samples = [
      sample(1, 0, [{ slot: 3, residentBytes: 30 }]),
      sample(2, 0, [
        { slot: 1, residentBytes: null },
        { slot: 3, residentBytes: 31 },
      ]),
      sample(3, 0, [{ slot: 1, residentBytes: 10 }]),
    ];
    expect(slotsIn(samples)).toEqual([1, 3]);
    expect(memoryData(samples, [1, 3])).toEqual([
      [1, 2, 3],
      [null, null, 10],
      [30, 31, null],
    ]);
  });

  it('have times and values of pace, queue and frames', () => {
    const samples = [sample(1, 4), { ...sample(2, 3), framesPerMinute: null }];
    expect(paceData(samples)).toEqual([
      [1, 2],
      [4, null],
    ]);
    expect(queueData(samples)).toEqual([
      [1, 2],
      [4, 3],
    ]);
    const frames = [1, 5, 9].map((time) => ({ time, seconds: time / 10, frame: time, slot: 1 }));
    expect(frameData(framesIn(frames, { from: 2, to: 9 }))).toEqual([
      [5, 9],
      [0.5, 0.9],
    ]);
  });
});

it('spreads over the values that are known', () => {
  expect(spread([3, null, 1, undefined, 2])).toEqual({ least: 1, median: 2, most: 3 });
  expect(spread([4, 1])).toEqual({ least: 1, median: 2.5, most: 4 });
  expect(spread([null])).toBeNull();
});
