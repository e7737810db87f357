import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createHandlerClock } from '../../../src/addon/api/handler-clock';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells the sum now and then, none of it twice', () => {
  const told: number[] = [];
  const clock = createHandlerClock((seconds) => told.push(seconds));
  clock.add(0.25);
  clock.add(0.5);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(250);
  expect(told).toEqual([0.75]);
  clock.add(1);
  clock.flush();
  clock.flush();
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([0.75, 1]);
});
