import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTimers } from '../../../src/addon/api/addon-timers';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const releases = new Set<() => void>();
  const failed = vi.fn();
  const timers = createTimers({
    onDispose(release) {
      releases.add(release);
      return () => void releases.delete(release);
    },
    failed,
  });
  return { timers, releases, failed };
}

test('after runs once and leaves nothing', async () => {
  const { timers, releases } = setUp();
  const run = vi.fn();
  timers.after(1_000, run);
  await vi.advanceTimersByTimeAsync(999);
  expect(run).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(run).toHaveBeenCalledTimes(1);
  expect(releases.size).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('every waits for the end of a run, and goes on after an error', async () => {
  const { timers, failed } = setUp();
  let runs = 0;
  const stop = timers.every(1_000, async () => {
    runs++;
    await new Promise((resolve) => setTimeout(resolve, 500));
    throw new Error('no network');
  });
  await vi.advanceTimersByTimeAsync(1_000 + 3 * 1_500);
  expect(runs).toBe(4);
  expect(failed).toHaveBeenCalledTimes(3);
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(runs).toBe(4);
});

test('disabling ends them, also in the middle of a run', async () => {
  const { timers, releases } = setUp();
  let runs = 0;
  timers.every(100, async () => {
    runs++;
    await new Promise((resolve) => setTimeout(resolve, 500));
  });
  await vi.advanceTimersByTimeAsync(200);
  for (const release of releases) release();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(runs).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([-1, Number.NaN, 2 ** 31, 'soon'])('a delay of %s is refused', (delay) => {
  expect(() => setUp().timers.after(delay as number, () => {})).toThrow(/is not possible: choose 0 to 2147483647/);
});
