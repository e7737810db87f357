import { expect, it } from 'vitest';
import { createRing } from '../../../src/main/statistics/ring';

it('keeps the last items in order, however many there were', () => {
  const ring = createRing<number>(3);
  expect([ring.items(), ring.last()]).toEqual([[], undefined]);
  const seen: unknown[] = [];
  for (let item = 1; item <= 7; item++) {
    ring.push(item);
    seen.push([ring.items(), ring.last()]);
  }
  expect(seen).toEqual([
    [[1], 1],
    [[1, 2], 2],
    [[1, 2, 3], 3],
    [[2, 3, 4], 4],
    [[3, 4, 5], 5],
    [[4, 5, 6], 6],
    [[5, 6, 7], 7],
  ]);
});
