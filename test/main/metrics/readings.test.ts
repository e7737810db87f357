import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ReadingTiming, createReadings } from '../../../src/main/metrics/readings';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const TIMING: ReadingTiming = { fresh: 100, timeout: 20, every: 1_000, activeFor: 5_000 };

/** Something to read that takes 300 ms and counts how often it was read. */
function slow(): { read: () => Promise<number>; count: () => number } {
  let count = 0;
  return { read: () => new Promise((resolve) => setTimeout(() => resolve(++count), 300)), count: () => count };
}

test('callers wait for the first reading, and later only until their timeout', async () => {
  const { read } = slow();
  const readings = createReadings(0, read, TIMING);
  expect(readings.latest()).toBe(0);
  const first = readings.refresh();
  await vi.advanceTimersByTimeAsync(300);
  await first;
  expect(readings.latest()).toBe(1);
  await readings.refresh();
  await vi.advanceTimersByTimeAsync(100);
  const second = readings.refresh();
  await vi.advanceTimersByTimeAsync(20);
  await second;
  expect(readings.latest()).toBe(1);
  await vi.advanceTimersByTimeAsync(280);
  expect(readings.latest()).toBe(2);
  readings.close();
});

test('those who come together share a reading', async () => {
  const { read, count } = slow();
  const readings = createReadings(0, read, TIMING);
  const all = Promise.all(Array.from({ length: 10 }, () => readings.refresh()));
  await vi.advanceTimersByTimeAsync(300);
  await all;
  expect(count()).toBe(1);
  readings.close();
});

test('it is read on for some time after somebody asked, and not after its end', async () => {
  const { read, count } = slow();
  const readings = createReadings(0, read, TIMING);
  void readings.refresh();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(count()).toBe(5);
  void readings.refresh();
  await vi.advanceTimersByTimeAsync(400);
  readings.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(count()).toBe(6);
});

test('what cannot be read stays as it was', async () => {
  let broken = false;
  const readings = createReadings(
    'empty',
    async () => {
      if (broken) throw new Error('gone');
      return 'read';
    },
    TIMING,
  );
  await readings.refresh();
  broken = true;
  await vi.advanceTimersByTimeAsync(200);
  await readings.refresh();
  expect(readings.latest()).toBe('read');
  readings.close();
});
