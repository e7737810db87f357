import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchProcessor } from '../../../src/main/addons/processor-watch';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What happens to a process that has used so many seconds of processor time by a given second. */
async function watched(used: (second: number) => number | null, seconds: number): Promise<string[]> {
  const told: string[] = [];
  const began = performance.now();
  const end = watchProcessor({
    pid: 1,
    slow: (why) => told.push(why),
    read: async () => used((performance.now() - began) / 1_000),
  });
  await vi.advanceTimersByTimeAsync(seconds * 1_000);
  end();
  expect(vi.getTimerCount()).toBe(0);
  return told;
}

const TOLD = 'It used more than 2 s of processor time within 20 s.';

it('slows a process that keeps a processor busy', async () => {
  expect(await watched((second) => second, 4)).toEqual([]);
  expect(await watched((second) => second, 6)).toEqual([TOLD]);
});

it('slows one that gets little of it beside a render, and goes on', async () => {
  expect(await watched((second) => second / 8, 16)).toEqual([]);
  expect(await watched((second) => second / 8, 20)).toEqual([TOLD]);
});

it('leaves one alone that works now and then, however long it runs', async () => {
  expect(await watched((second) => 3 + second / 11, 3_600)).toEqual([]);
});

it('leaves one alone of which nothing is known', async () => {
  expect(await watched(() => null, 60)).toEqual([]);
});
