import { expect, it } from 'vitest';
import { createFailureStreaks } from '../../../../src/main/jobs/workers/failure-streaks';

it('lets a slot back off longer and longer while different frames fail on it', () => {
  const streaks = createFailureStreaks();
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((frame) => streaks.failed(1, `1/${frame}`))).toEqual([
    0, 5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000,
  ]);
  expect(streaks.failed(2, '1/1')).toBe(0);
});

it('blames the frame that fails again and again, not the worker', () => {
  const streaks = createFailureStreaks();
  expect([1, 1, 1, 1].map((frame) => streaks.failed(1, `1/${frame}`))).toEqual([0, 0, 0, 0]);
});

it('forgets with the first success', () => {
  const streaks = createFailureStreaks();
  streaks.failed(1, '1/1');
  streaks.succeeded(1);
  expect(streaks.failed(1, '1/2')).toBe(0);
});
