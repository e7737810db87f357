import { describe, expect, it } from 'vitest';
import { halton, sampleOffset } from '../../../src/renderer/render-page/halton';

describe('halton', () => {
  it('gives the known first numbers', () => {
    expect([0, 1, 2, 3].map((i) => halton(i, 2))).toEqual([0.5, 0.25, 0.75, 0.125]);
    expect([0, 1, 2].map((i) => halton(i, 3))).toEqual([1 / 3, 2 / 3, 1 / 9].map((value) => expect.closeTo(value, 12)));
  });
});

describe('sampleOffset', () => {
  it('puts a single sample into the pixel’s middle', () => {
    expect(sampleOffset(0, 1)).toEqual({ x: 0, y: 0 });
  });

  it('spreads samples evenly over the pixel', () => {
    const offsets = Array.from({ length: 64 }, (_, i) => sampleOffset(i, 64));
    for (const axis of ['x', 'y'] as const) {
      expect(Math.abs(offsets.reduce((sum, offset) => sum + offset[axis], 0) / 64)).toBeLessThan(0.02);
      expect(Math.max(...offsets.map((offset) => Math.abs(offset[axis])))).toBeLessThanOrEqual(0.5);
    }
  });
});
