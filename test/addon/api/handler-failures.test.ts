import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createHandlerFailures } from '../../../src/addon/api/handler-failures';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells each event’s failures together, with the last reason', () => {
  const told: unknown[] = [];
  const count = createHandlerFailures((...failure) => told.push(failure));
  count.add('render_write', 'first');
  count.add('render_write', 'second');
  count.add('render_pre', 'other');
  expect(told).toEqual([]);
  vi.advanceTimersByTime(250);
  expect(told).toEqual([
    ['render_write', 'second', 2],
    ['render_pre', 'other', 1],
  ]);
  vi.advanceTimersByTime(1_000);
  expect(told).toHaveLength(2);
});

it('tells at once what is left when it is flushed, and begins again from 0', () => {
  const told: unknown[] = [];
  const count = createHandlerFailures((...failure) => told.push(failure));
  count.flush();
  expect(told).toEqual([]);
  count.add('load_post', 'a');
  count.flush();
  count.add('load_post', 'b');
  count.flush();
  expect(told).toEqual([
    ['load_post', 'a', 1],
    ['load_post', 'b', 1],
  ]);
});
