import { expect, it } from 'vitest';
import { applyEvent, acceptState, awaitState, EMPTY_MODEL } from '../../../src/renderer/model/host-model';
import { acceptStatistics, addSample, AWAITED_STATISTICS } from '../../../src/renderer/model/statistics-model';
import {
  type FrameFailure,
  type FrameTime,
  MAX_FAILURES_KEPT,
  MAX_FRAME_TIMES_KEPT,
  MAX_SAMPLES_KEPT,
  type StatisticsSample,
} from '../../../src/shared/statistics';
import { sampleState, sampleStatistics } from '../../helpers/samples';

const sample = (time: number): StatisticsSample => sampleStatistics({ time });
const failure = (time: number): FrameFailure => ({ time, job: 1, frame: time, slot: 1, attempt: 1, reason: 'No.' });
const frame = (time: number): FrameTime => ({ time, seconds: 1, job: 1, frame: time, slot: 1 });
const times = (items: readonly { time: number }[]): number[] => items.map(({ time }) => time);

it('puts what was told meanwhile behind the list, each once', () => {
  const told = addSample(
    addSample(AWAITED_STATISTICS, sample(20), [frame(15)], [failure(16)]),
    sample(30),
    [frame(25)],
    [failure(26)],
  );
  const model = acceptStatistics(
    told,
    { now: 1_100, samples: [sample(10), sample(20)], frameTimes: [frame(5), frame(15)], failures: [failure(16)] },
    1_000,
  );
  expect(model.loading).toBe(false);
  expect(times(model.samples)).toEqual([10, 20, 30]);
  expect(times(model.frameTimes)).toEqual([5, 15, 25]);
  // By the host's clock it is later than by this page's.
  expect(model.ahead).toBe(100);
});

it('keeps no more than the host does', () => {
  let model = acceptStatistics(
    null,
    {
      now: 0,
      samples: Array.from({ length: MAX_SAMPLES_KEPT }, (_, index) => sample(index)),
      frameTimes: Array.from({ length: MAX_FRAME_TIMES_KEPT }, (_, index) => frame(index)),
      failures: Array.from({ length: MAX_FAILURES_KEPT }, (_, index) => failure(index)),
    },
    0,
  );
  model = addSample(model, sample(9_999), [frame(9_999)], [failure(9_999)]);
  expect([model.failures.length, model.failures[0]!.time]).toEqual([MAX_FAILURES_KEPT, 1]);
  expect([
    model.samples.length,
    model.samples[0]!.time,
    model.frameTimes.length,
    model.frameTimes.at(-1)!.time,
  ]).toEqual([MAX_SAMPLES_KEPT, 1, MAX_FRAME_TIMES_KEPT, 9_999]);
});

it('takes samples only once somebody has looked, and asks anew after a lost connection', () => {
  const event = { type: 'statistics' as const, sample: sample(1), frameTimes: [frame(1)], failures: [] };
  const loaded = acceptState(EMPTY_MODEL, sampleState());
  expect(applyEvent(loaded, event).statistics).toBeNull();
  const watched = applyEvent({ ...loaded, statistics: AWAITED_STATISTICS }, event);
  expect(times(watched.statistics!.samples)).toEqual([1]);
  expect(acceptState(awaitState(watched), sampleState()).statistics).toBeNull();
});
