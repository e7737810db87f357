import { expect, it } from 'vitest';
import { createFrameSet } from '../../../../src/main/jobs/eta/frame-set';

it.each([
  ['close together', -3, 10],
  ['far apart', -3, 5_000_000],
])('keeps frames that lie %s', (_how, first, last) => {
  const set = createFrameSet(first, last);
  set.add(first);
  set.add(last);
  set.add(last);
  expect([set.size, set.has(first), set.has(first + 1), set.has(last)]).toEqual([2, true, false, true]);
  expect([set.delete(first), set.delete(first), set.size, set.has(first)]).toEqual([true, false, 1, false]);
});
