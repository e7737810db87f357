import { DataUtils } from 'three';
import { expect, it } from 'vitest';
import { developImage, halfValue, lightAt, lightText } from '../../../src/renderer/model/develop-image';
import type { LinearImage } from '../../../src/shared/linear-image';

/** One row of premultiplied light. */
const row = (...pixels: number[][]): LinearImage => ({
  width: pixels.length,
  height: 1,
  fullWidth: pixels.length * 2,
  fullHeight: 2,
  layer: '',
  layers: [''],
  samples: Uint16Array.from(pixels.flat(), (value) => DataUtils.toHalfFloat(value)),
});
const shown = (image: LinearImage, exposure = 0, view: 'standard' | 'raw' = 'standard'): number[] => [
  ...developImage(image, { exposure, view }).rgba,
];

it('reads half floats', () => {
  for (const value of [0, 1, -2, 0.5, 65_504, 2 ** -24, 0.333_251_953_125])
    expect(halfValue(DataUtils.toHalfFloat(value))).toBe(value);
  expect(halfValue(0x7c00)).toBe(Infinity);
  expect(halfValue(0x7e00)).toBeNaN();
});

it('shows light by the curve of sRGB, or as it is', () => {
  const image = row([0, 0.5, 1, 1], [0.001, 2, -1, 1]);
  // Middle values are those of IEC 61966-2-1.
  expect(shown(image)).toEqual([0, 188, 255, 255, 3, 255, 0, 255]);
  expect(shown(image, 0, 'raw')).toEqual([0, 128, 255, 255, 0, 255, 0, 255]);
});

it('exposes by stops before the curve', () => {
  expect(shown(row([0.125, 0.25, 4, 1]), 1, 'raw')).toEqual([64, 128, 255, 255]);
  expect(shown(row([0.125, 0.25, 4, 1]), -2, 'raw')).toEqual([8, 16, 255, 255]);
  expect(shown(row([0.25, 0.25, 0.25, 1]), 1)).toEqual(shown(row([0.5, 0.5, 0.5, 1])));
});

it('divides colours by their alpha, and shows light without alpha', () => {
  expect(shown(row([0.25, 0.125, 0, 0.5], [0.5, 0, 0, 0]), 0, 'raw')).toEqual([128, 64, 0, 128, 128, 0, 0, 0]);
});

it('is black where there is no number', () => {
  const image = row([0, 0, 0, 1]);
  image.samples[0] = 0x7e00;
  image.samples[1] = 0x7c00;
  expect(shown(image)).toEqual([0, 255, 0, 255]);
});

it('reads the light of a pixel of the full size', () => {
  const image = row([0.5, 1, 2, 1], [4, 8, 16, 0.5]);
  expect(lightAt(image, { x: 1, y: 1 })).toEqual([0.5, 1, 2, 1]);
  expect(lightAt(image, { x: 2, y: 0 })).toEqual([4, 8, 16, 0.5]);
  expect([0.5, 12.345, 65_504].map(lightText)).toEqual(['0.5000', '12.35', '65504']);
});
