import { describe, expect, it } from 'vitest';
import { valueAt, type Keyframes } from '../../../src/renderer/render-page/keyframes';

function at(
  keys: Partial<Omit<Keyframes, 'times' | 'values'>> & { times: number[] | Float32Array; values: number[] },
  seconds: number,
): number[] {
  const size = keys.size ?? 1;
  const out = new Float32Array(size);
  valueAt(
    {
      size,
      interpolation: 'LINEAR',
      isRotation: false,
      ...keys,
      times: new Float32Array(keys.times),
      values: new Float32Array(keys.values),
    },
    seconds,
    out,
  );
  return [...out];
}

describe('valueAt', () => {
  it.each([1, 12, 23.976, 24, 25, 29.97, 30, 48, 60, 120])(
    'shows a STEP key on its own frame at %d fps, however the exporter rounded its time',
    (fps) => {
      const count = 2000;
      const values = Array.from({ length: count }, (_, frame) => frame);
      const roundings = {
        division: Float32Array.from(values, (frame) => frame / fps),
        'frame × (1 / fps) in 32 bits': Float32Array.from(values, (frame) => frame * Math.fround(1 / fps)),
      };
      for (const [rounding, times] of Object.entries(roundings)) {
        const shown = Array.from(
          times,
          (_, frame) => at({ times, values: values.slice(0, times.length), interpolation: 'STEP' }, frame / fps)[0],
        );
        expect(shown, rounding).toEqual(values.slice(0, times.length));
      }
    },
  );

  it('holds before the first and after the last key', () => {
    for (const interpolation of ['STEP', 'LINEAR'] as const) {
      const keys = { times: [1, 2], values: [5, 7], interpolation };
      expect([at(keys, -3), at(keys, 0), at(keys, 2), at(keys, 9)]).toEqual([[5], [5], [7], [7]]);
    }
  });

  it('changes a STEP at its key and not before', () => {
    const keys = { times: [0, 1], values: [0, 1], interpolation: 'STEP' as const };
    expect([at(keys, 0.999), at(keys, 1)]).toEqual([[0], [1]]);
  });

  it('goes straight from key to key with LINEAR, and exactly through them', () => {
    const keys = { times: [0, 1 / 3, 1], values: [0, 0, 1, 10, 3, -10], size: 2 };
    expect(at(keys, 1 / 3)).toEqual([1, 10]);
    expect(at(keys, 1 / 6)).toEqual([expect.closeTo(0.5, 4), expect.closeTo(5, 3)]);
  });

  it('follows the tangents of a CUBICSPLINE', () => {
    // From 0 to 1 in two seconds, leaving with 1 a second and arriving with 0.
    const keys = { times: [0, 2], values: [0, 0, 1, 0, 1, 0], interpolation: 'CUBICSPLINE' as const };
    expect([at(keys, 0), at(keys, 2)]).toEqual([[0], [1]]);
    expect(at(keys, 1)[0]).toBeCloseTo(0.5 + 2 * 0.125, 4);
  });

  it('turns rotations the short way round, and keeps them of length 1', () => {
    const half = Math.SQRT1_2;
    // A quarter turn, the second time written as its negative.
    const linear = at({ times: [0, 1], values: [0, 0, 0, 1, 0, -half, 0, -half], size: 4, isRotation: true }, 0.5);
    expect(linear.map(Math.abs)).toEqual(
      [0, Math.sin(Math.PI / 8), 0, Math.cos(Math.PI / 8)].map((value) => expect.closeTo(value, 4)),
    );
    const spline = at(
      {
        times: [0, 1],
        values: [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, half, 0, half, 0, 0, 0, 0],
        size: 4,
        interpolation: 'CUBICSPLINE',
        isRotation: true,
      },
      0.5,
    );
    expect(Math.hypot(...spline)).toBeCloseTo(1, 5);
  });

  it('is not confused by a single key', () => {
    expect(at({ times: [0.5], values: [4] }, 0.5)).toEqual([4]);
  });
});
