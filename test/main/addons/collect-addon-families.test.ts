import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { collectSparingly } from '../../../src/main/addons/collect-addon-families';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

it('an add-on makes the others collect five times a second at most, and gets the last result beyond that', async () => {
  let collected = 0;
  const collect = collectSparingly(async () => ++collected, false);
  expect(await Promise.all(Array.from({ length: 7 }, collect))).toEqual([1, 2, 3, 4, 5, 5, 5]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await collect()).toBe(6);
});

it('one that came with the program has them collected as often as it is scraped', async () => {
  let collected = 0;
  const collect = collectSparingly(async () => ++collected, true);
  expect(await Promise.all(Array.from({ length: 5 }, collect))).toEqual([1, 2, 3, 4, 5]);
});
