import { expect, it } from 'vitest';
import { createSlotRests } from '../../../../src/main/jobs/workers/slot-backoff';

it('lets a slot rest longer and longer while different frames fail on it', () => {
  const rests = createSlotRests();
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((frame) => rests.failed(1, `1/${frame}`))).toEqual([
    0, 5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000,
  ]);
  expect(rests.failed(2, '1/1')).toBe(0);
});

it('blames the frame that fails again and again, not the worker', () => {
  const rests = createSlotRests();
  expect([1, 1, 1, 1].map((frame) => rests.failed(1, `1/${frame}`))).toEqual([0, 0, 0, 0]);
});

it('forgets with the first success', () => {
  const rests = createSlotRests();
  rests.failed(1, '1/1');
  rests.succeeded(1);
  expect(rests.failed(1, '1/2')).toBe(0);
});
