import { DataUtils } from 'three';
import { expect, it } from 'vitest';
import {
  type ViewTransform,
  developImage,
  halfValue,
  lightAt,
  lightText,
} from '../../../src/renderer/model/develop-image';
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
const shown = (image: LinearImage, exposure = 0, view: ViewTransform = 'standard'): number[] => [
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

// What Blender 5.2 (AgX) and 3.4 (Filmic) wrote as PNG for these lights. AgX's strong colours are further off.
it.each([
  ['agx', [0.1795, 0.1795, 0.1795], [117, 117, 117], 1],
  ['agx', [1, 1, 1], [197, 197, 197], 1],
  ['agx', [0.0301, 0.0301, 0.0301], [42, 42, 42], 1],
  ['agx', [1.2, 0, 0], [226, 71, 48], 6],
  ['agx', [0.00504, 1.2, 0.1345], [131, 203, 130], 2],
  ['agx', [6.197, 0.1345, 2.0743], [253, 192, 216], 2],
  ['filmic', [0.1795, 0.1795, 0.1795], [127, 127, 127], 1],
  ['filmic', [1, 1, 1], [206, 206, 206], 1],
  ['filmic', [0.0301, 0.0301, 0.0301], [52, 52, 52], 1],
  ['filmic', [1.2, 0, 0], [212, 0, 0], 1],
  ['filmic', [6.197, 0.1345, 2.0743], [248, 113, 228], 1],
] as const)('is as bright and colourful through %s as Blender shows it: %j', (view, light, expected, most) => {
  const pixel = shown(row([...light, 1]), 0, view);
  for (const [channel, value] of expected.entries())
    expect(Math.abs(pixel[channel]! - value), String(pixel)).toBeLessThanOrEqual(most);
});

it.each(['agx', 'filmic'] as const)('shows by %s what is no number, endless, negative or transparent', (view) => {
  const image = row([0, -3, 0, 1], [1, 1, 1, 1], [0.5, 0.5, 0.5, 0.5]);
  image.samples[0] = 0x7e00;
  expect(shown(image, 0, view).slice(0, 4)).toEqual([0, 0, 0, 255]);
  image.samples.fill(0x7c00, 4, 7);
  expect(shown(image, 10, view).slice(4, 8)).toEqual([255, 255, 255, 255]);
  expect(shown(image, 0, view).slice(8)).toEqual([...shown(row([1, 1, 1, 1]), 0, view).slice(0, 3), 128]);
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
