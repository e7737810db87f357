import { expect, it } from 'vitest';
import { draggedBy } from '../../../src/renderer/model/dragged-number';

const PLAIN = { fine: false, snap: false };

it('counts a step for every three pixels, the same in both directions', () => {
  expect(draggedBy('24', 30, PLAIN, false)).toBe(10);
  expect(draggedBy('24', -30, PLAIN, false)).toBe(-10);
  expect(draggedBy('24', 2, PLAIN, false)).toBe(0);
  expect(draggedBy('', 9, PLAIN, false)).toBe(3);
  expect(draggedBy('24*2', 9, PLAIN, false)).toBeNull();
});

it('is finer with Shift, in tenths where they make sense, and keeps to tens with Ctrl', () => {
  expect(draggedBy('24', 30, { ...PLAIN, fine: true }, false)).toBe(1);
  expect(draggedBy('24', 15, { ...PLAIN, fine: true }, true)).toBe(0.5);
  expect(draggedBy('24', 30, { ...PLAIN, snap: true }, false)).toBe(6);
  expect(draggedBy('24', -30, { ...PLAIN, snap: true }, false)).toBe(-14);
});
