import { expect, it } from 'vitest';
import { type PlacedLine, placeLines } from '../../../src/renderer/model/row-places';

const place = (
  before: readonly PlacedLine<number>[],
  lines: readonly number[],
  { inOrder = false, recycles = () => true }: { inOrder?: boolean; recycles?: (line: number) => boolean } = {},
): PlacedLine<number>[] => placeLines(before, lines, { keyOf: (line) => line, recycles, inOrder });
const told = (placed: readonly PlacedLine<number>[]): string[] => placed.map(({ line, slot }) => `${line} in ${slot}`);

it('lets lines that come into sight take the elements of those that went, where these stand', () => {
  const first = place([], [1, 2, 3, 4]);
  expect(told(first)).toEqual(['1 in 0', '2 in 1', '3 in 2', '4 in 3']);
  const down = place(first, [3, 4, 5, 6]);
  expect(told(down)).toEqual(['5 in 0', '6 in 1', '3 in 2', '4 in 3']);
  expect(told(place(down, [2, 3, 4, 5, 6]))).toEqual(['5 in 0', '6 in 1', '3 in 2', '4 in 3', '2 in 4']);
});

it('puts elements in the order of their lines once asked to', () => {
  const scrolled = place(place([], [1, 2, 3]), [2, 3, 4]);
  expect(told(scrolled)).toEqual(['4 in 0', '2 in 1', '3 in 2']);
  expect(told(place(scrolled, [2, 3, 4], { inOrder: true }))).toEqual(['2 in 1', '3 in 2', '4 in 0']);
});

it('takes over no element of a line that is not to be recycled, and gives none to it', () => {
  const even = { recycles: (line: number) => line % 2 === 0 };
  const first = place([], [1, 2], even);
  expect(told(place(first, [3, 4, 5], even))).toEqual(['4 in 1', '3 in 2', '5 in 3']);
  expect(told(place(first, [3], even))).toEqual(['3 in 2']);
});
