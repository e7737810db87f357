import { describe, expect, it } from 'vitest';
import {
  diskData,
  disksIn,
  failureData,
  frameData,
  framesIn,
  jobsIn,
  memoryData,
  nearestFrame,
  paceData,
  processorData,
  queueData,
  samplesIn,
  samplesOf,
  slotsIn,
  spread,
  zoomedAt,
} from '../../../src/renderer/model/chart-data';
import type { StatisticsSample } from '../../../src/shared/statistics';
import { sampleStatistics } from '../../helpers/samples';

const sample = (time: number, framesLeft = 0, workers: StatisticsSample['workers'] = []): StatisticsSample =>
  sampleStatistics({ time, framesLeft, framesPerMinute: framesLeft, workers });
const worker = (slot: number, residentBytes: number | null, processor = 0.5, job = 1) => ({
  slot,
  residentBytes,
  processor,
  job,
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
      sample(1, 0, [worker(3, 30)]),
      sample(2, 0, [worker(1, null), worker(3, 31)]),
      sample(3, 0, [worker(1, 10)]),
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
    const frames = [1, 5, 9].map((time) => ({ time, seconds: time / 10, job: 1 + (time % 2), frame: time, slot: 1 }));
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

describe('what is of one job', () => {
  const jobs = [
    { id: 1, framesLeft: 5, framesPerMinute: 6 },
    { id: 2, framesLeft: 9, framesPerMinute: null },
  ];
  const both = { ...sample(10, 14, [worker(1, 10, 0.2, 1), worker(2, 20, 0.4, 2)]), jobs, rendering: 2 };

  it('is its pace, its frames and its workers, and nothing while it did not render', () => {
    const [of, none] = samplesOf([both, sample(20, 3)], 1);
    expect(of).toMatchObject({ framesPerMinute: 6, framesLeft: 5, rendering: 1, processor: 0.5 });
    expect(of!.workers.map(({ slot }) => slot)).toEqual([1]);
    expect(none).toMatchObject({ framesPerMinute: 0, framesLeft: 0, rendering: 0, workers: [] });
    expect(samplesOf([both], 2)[0]!.framesPerMinute).toBeNull();
    expect(samplesOf([both], null)).toEqual([both]);
  });

  it('is chosen from all that there is something of, the newest first', () => {
    const frame = { time: 1, seconds: 1, job: 7, frame: 1, slot: 1 };
    expect(jobsIn([both], [frame, { ...frame, job: 2 }])).toEqual([7, 2, 1]);
  });

  it('is found at a point: failures add up, each at its own row', () => {
    const failure = (time: number, job: number) => ({ time, job, frame: time, slot: 1, attempt: 1, reason: 'No.' });
    const failures = framesIn([failure(3, 1), failure(5, 2), failure(20, 1)], { from: 1, to: 9 });
    expect(failureData(failures, { from: 1, to: 9 })).toEqual([
      [1, 3, 5, 9],
      [0, 1, 2, 2],
    ]);
    expect(framesIn([failure(3, 1), failure(5, 2)], { from: 1, to: 9 }, 2).map(({ time }) => time)).toEqual([5]);
    expect(nearestFrame(failures, 4.4)?.time).toBe(5);
    expect(nearestFrame([], 4)).toBeNull();
  });

  it('has percent of the processor, and free bytes of each disk, with gaps where they are not known', () => {
    const blind = { ...sample(20), processor: null, disks: [] };
    expect(processorData([both, blind], [1, 2])).toEqual([
      [10, 20],
      [50, null],
      [20, null],
      [40, null],
    ]);
    expect(disksIn([both, blind])).toEqual(['/']);
    expect(diskData([both, blind], ['/'])).toEqual([
      [10, 20],
      [40e9, null],
    ]);
  });
});

it('zooms around a time, which stays where it is in the window, and never below two seconds', () => {
  expect(zoomedAt({ from: 0, to: 100_000 }, 25_000, 0.5)).toEqual({ from: 12_500, to: 62_500 });
  expect(zoomedAt({ from: 0, to: 3_000 }, 1_500, 0.5)).toEqual({ from: 500, to: 2_500 });
});
