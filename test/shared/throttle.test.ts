import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { throttle } from '../../src/shared/throttle';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('runs at once, and once more after the pause for all that came meanwhile', () => {
  const run = vi.fn();
  const call = throttle(100, run);
  call();
  expect(run).toHaveBeenCalledTimes(1);
  call();
  call();
  vi.advanceTimersByTime(99);
  expect(run).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1_000);
  expect(run).toHaveBeenCalledTimes(2);
});

it('keeps the pause after the run that had waited, too', () => {
  const run = vi.fn();
  const call = throttle(100, run);
  call();
  call();
  vi.advanceTimersByTime(100);
  call();
  expect(run).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(100);
  expect(run).toHaveBeenCalledTimes(3);
});

it('lets the first call wait where it is told to', () => {
  const run = vi.fn();
  const call = throttle(100, run, { leading: false });
  call();
  call();
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  expect(run).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1_000);
  expect(run).toHaveBeenCalledTimes(1);
  call();
  vi.advanceTimersByTime(100);
  expect(run).toHaveBeenCalledTimes(2);
});

it('keeps the pause where nothing waited to be flushed', () => {
  const run = vi.fn();
  const call = throttle(100, run);
  call();
  call.flush();
  call();
  expect(run).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(100);
  expect(run).toHaveBeenCalledTimes(2);
});

it.each([true, false])('flushes what waits, and nothing where nothing does (leading: %s)', (leading) => {
  const run = vi.fn();
  const call = throttle(100, run, { leading });
  call.flush();
  expect(run).not.toHaveBeenCalled();
  call();
  call();
  call.flush();
  const runs = leading ? 2 : 1;
  expect(run).toHaveBeenCalledTimes(runs);
  vi.advanceTimersByTime(1_000);
  expect(run).toHaveBeenCalledTimes(runs);
});
