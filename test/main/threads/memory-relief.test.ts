import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { relieveMemory } from '../../../src/main/threads/memory-relief';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

it('collects after a burst, and again only when memory has grown beyond what that left', () => {
  let memory = 100;
  let collections = 0;
  let work = 0.01;
  const stop = relieveMemory(
    { memory: () => memory, work: () => work, collect: () => void (collections += 1) },
    { pause: 10 },
  );
  const looks = (used: number): number => {
    memory = used;
    vi.advanceTimersByTime(10);
    return collections;
  };
  expect(looks(110)).toBe(0);
  expect(looks(280)).toBe(1);
  expect(looks(200)).toBe(2);
  expect(looks(110)).toBe(2);
  expect(looks(112)).toBe(2);
  expect(looks(180)).toBe(3);
  expect(looks(100)).toBe(4);
  expect(looks(100)).toBe(4);
  // Whoever works collects anyway.
  work = 0.9;
  expect(looks(500)).toBe(4);
  work = 0.01;
  expect(looks(130)).toBe(5);
  stop();
  looks(900);
  expect(looks(900)).toBe(5);
});

it('tries again ever more seldom where a burst may have made garbage after its collection', () => {
  let collections = 0;
  let memory = 100;
  const stop = relieveMemory(
    { memory: () => memory, work: () => 0.01, collect: () => void (collections += 1) },
    { pause: 10 },
  );
  memory = 200;
  const at: number[] = [];
  for (let check = 1, before = 0; check <= 40; check++, before = collections) {
    vi.advanceTimersByTime(10);
    if (collections > before) at.push(check);
  }
  // Two collections each; 1, 2, 4, 8 checks after the last.
  expect(at).toEqual([1, 2, 4, 5, 8, 9, 14, 15, 24, 25]);
  memory = 100;
  vi.advanceTimersByTime(10_000);
  const settled = collections;
  vi.advanceTimersByTime(10_000);
  expect(collections).toBe(settled);
  stop();
});
