import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { startTimeout } from '../../../src/main/processes/own-sleep';

let now = 0;

beforeEach(() => {
  now = 0;
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  onTestFinished(() => {
    clock.mockRestore();
    vi.useRealTimers();
  });
});

/** Lets time pass: the time of the process that counts, in steps of the timeout, or that of one that is stopped. */
function pass(milliseconds: number, stopped = 0): void {
  for (let left = milliseconds; left > 0; left -= 100) {
    now += 100 + (left <= 100 ? stopped : 0);
    vi.advanceTimersByTime(100);
  }
}

it('is over once, after its time', () => {
  const late = vi.fn();
  startTimeout(400, late);
  pass(300);
  expect(late).not.toHaveBeenCalled();
  pass(1_000);
  expect(late).toHaveBeenCalledTimes(1);
});

it('is not over by being stopped, not even shortly before its end, until what arrived meanwhile could be read', () => {
  for (const before of [100, 200, 300, 400]) {
    const late = vi.fn();
    const cancel = startTimeout(400, late);
    pass(before, 60_000);
    expect(late).not.toHaveBeenCalled();
    cancel();
    pass(1_000);
    expect(late).not.toHaveBeenCalled();
  }
});

it('goes on after a stop', () => {
  const late = vi.fn();
  startTimeout(400, late);
  pass(200, 60_000);
  pass(100);
  expect(late).not.toHaveBeenCalled();
  pass(100);
  expect(late).toHaveBeenCalledTimes(1);
});
