import { expect, it } from 'vitest';
import { createRateLimit } from '../../src/shared/rate-limit';

it('lets so much through in a second, and as much again in the next', () => {
  let now = 5_000;
  const limit = createRateLimit(3, () => now);
  expect([limit.take(), limit.take(), limit.take(), limit.take()]).toEqual([true, true, true, false]);
  now += 999;
  expect(limit.take()).toBe(false);
  now += 1;
  expect(limit.take()).toBe(true);
});

it('counts sizes, and refuses one that alone is too large', () => {
  const limit = createRateLimit(10, () => 0);
  expect([limit.take(4), limit.take(6), limit.take(1)]).toEqual([true, true, false]);
  expect(createRateLimit(10, () => 0).take(11)).toBe(false);
});

it('counts the seconds in which it refused, not the refusals', () => {
  let now = 0;
  const limit = createRateLimit(1, () => now);
  for (let taken = 0; taken < 5; taken++) limit.take();
  expect(limit.breaches).toBe(1);
  now += 1_000;
  limit.take();
  expect(limit.breaches).toBe(1);
  limit.take();
  limit.take();
  expect(limit.breaches).toBe(2);
});
