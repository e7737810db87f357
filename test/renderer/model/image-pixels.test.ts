import { expect, it } from 'vitest';
import {
  channelPixels,
  differencePixels,
  histogramFacts,
  histogramOf,
  pixelText,
  type Pixels,
} from '../../../src/renderer/model/image-pixels';

/** One row. */
const row = (...pixels: readonly (readonly [number, number, number, number])[]): Pixels => ({
  width: pixels.length,
  height: 1,
  rgba: new Uint8ClampedArray(pixels.flat()),
});
const values = ({ rgba }: Pixels): number[] => [...rgba];

it('shows one channel in grey, and colours without their transparency', () => {
  const image = row([10, 20, 30, 40]);
  expect(values(channelPixels(image, 'color-alpha'))).toEqual([10, 20, 30, 40]);
  expect(values(channelPixels(image, 'color'))).toEqual([10, 20, 30, 255]);
  expect(values(channelPixels(image, 'red'))).toEqual([10, 10, 10, 255]);
  expect(values(channelPixels(image, 'green'))).toEqual([20, 20, 20, 255]);
  expect(values(channelPixels(image, 'blue'))).toEqual([30, 30, 30, 255]);
  expect(values(channelPixels(image, 'alpha'))).toEqual([40, 40, 40, 255]);
  expect(values(image)).toEqual([10, 20, 30, 40]);
});

it('is black where two images are the same, and multiplies what differs up to white', () => {
  const a = row([100, 50, 0, 255], [0, 0, 0, 255], [200, 200, 200, 0]);
  const b = row([100, 40, 3, 255], [0, 0, 0, 0], [10, 20, 30, 0]);
  expect(values(differencePixels(a, a, 16))).toEqual([0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255]);
  // A difference of alpha alone is seen; the colour of what is transparent is not.
  expect(values(differencePixels(a, b, 1))).toEqual([0, 10, 3, 255, 255, 255, 255, 255, 0, 0, 0, 255]);
  expect(values(differencePixels(a, b, 64)).slice(0, 4)).toEqual([0, 255, 192, 255]);
  expect(values(differencePixels(b, a, 1))).toEqual(values(differencePixels(a, b, 1)));
});

it('counts how often each value occurs', () => {
  const counted = histogramOf(row([0, 0, 0, 255], [255, 255, 255, 255], [255, 0, 0, 255], [0, 0, 0, 255]));
  expect([counted.red[0], counted.red[255], counted.green[0], counted.blue[255]]).toEqual([2, 2, 3, 1]);
  expect(counted.luma[54]).toBe(1);
  expect(histogramFacts(counted)).toEqual({ black: 0.5, white: 0.25, median: 0 });
  const half = histogramOf(row(...Array.from({ length: 100 }, (_, x) => [x, x, x, 255] as const)), 50);
  expect(half.luma.reduce((sum, count) => sum + count, 0)).toBe(50);
  expect(histogramFacts(half).median).toBe(48);
});

it('says a pixel in bytes, shares and as a hexadecimal colour', () => {
  const opaque = pixelText([255, 128, 0, 255]);
  expect(opaque.hex).toBe('#ff8000');
  expect(opaque.channels[1]).toEqual({ name: 'G', byte: 128, share: '0.502' });
  expect(pixelText([1, 2, 3, 4]).hex).toBe('#01020304');
});
