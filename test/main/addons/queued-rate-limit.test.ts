import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createQueuedRateLimit } from '../../../src/main/addons/queued-rate-limit';

beforeEach(
  () =>
    void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] }),
);
afterEach(() => void vi.useRealTimers());

it('lets so many through a second, the next ones in the seconds after, in their order, and no more', async () => {
  const turns = createQueuedRateLimit({ perSecond: 2, waiting: 3, budget: 1_000 });
  const begun: string[] = [];
  const take = (name: string): boolean => {
    const turn = turns.take();
    if (turn instanceof Promise) void turn.then(() => begun.push(name));
    else if (turn) begun.push(name);
    return turn !== false;
  };
  expect(['a', 'b', 'c', 'd', 'e', 'f'].map(take)).toEqual([true, true, true, true, true, false]);
  expect(begun).toEqual(['a', 'b']);
  await vi.advanceTimersByTimeAsync(1_060);
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  // It waits behind the one that waits already.
  take('g');
  await vi.advanceTimersByTimeAsync(1_060);
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e', 'g']);
  await vi.advanceTimersByTimeAsync(1_060);
  expect(take('h')).toBe(true);
  expect(begun.at(-1)).toBe('h');
});

it('lets turns wait that the time spent before has left no budget for, one after another', async () => {
  let slowed = 0;
  const turns = createQueuedRateLimit({ perSecond: 500, waiting: 10, budget: 200, slowed: () => slowed++ });
  let begun = 0;
  // Each costs three quarters of a second's budget.
  const begin = (): void => {
    begun++;
    turns.spend(150);
  };
  for (let n = 0; n < 8; n++) {
    const turn = turns.take();
    if (turn instanceof Promise) void turn.then(begin);
    else begin();
  }
  expect([begun, slowed]).toEqual([2, 1]);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(begun).toBe(6);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(begun).toBe(8);
});
