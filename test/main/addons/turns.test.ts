import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTurns } from '../../../src/main/addons/turns';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

it('lets so many through a second, the next ones in the seconds after, in their order, and no more', async () => {
  const turns = createTurns(2, 3);
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
