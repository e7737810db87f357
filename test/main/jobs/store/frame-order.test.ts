import { expect, it } from 'vitest';
import { orderFrames } from '../../../../src/main/jobs/store/frame-order';

it.each([
  ['sequence', [3, 1, 2], [1, 2, 3]],
  ['list', [3, 1, 2], [3, 1, 2]],
  ['middle-out', [1, 2, 3, 4, 5], [3, 4, 2, 5, 1]],
  ['middle-out', [1, 2, 3, 4], [2, 3, 1, 4]],
  ['every-4', [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 9, 3, 7, 2, 4, 6, 8]],
  ['every-3', [10, 20, 30, 40, 50], [10, 40, 20, 30, 50]],
  ['every-100', [1, 2, 3], [1, 2, 3]],
] as const)('%s of %j is %j', (order, frames, expected) => expect(orderFrames(frames, order)).toEqual(expected));

it.each(['sequence', 'list', 'middle-out', 'every-2', 'every-7', 'every-999999'] as const)(
  '%s leaves no frame out and has none twice',
  (order) => {
    const frames = Array.from({ length: 1_000 }, (_value, index) => ((index * 7919) % 1_000) + 5);
    const ordered = orderFrames(frames, order);
    expect(ordered).toHaveLength(1_000);
    expect(new Set(ordered)).toEqual(new Set(frames));
  },
);

it.each(['sequence', 'middle-out', 'every-10'] as const)('%s of no frames is none', (order) =>
  expect(orderFrames([], order)).toEqual([]),
);
