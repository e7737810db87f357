import { describe, expect, it } from 'vitest';
import {
  FIT,
  LARGEST_SCALE,
  SMALLEST_SCALE,
  atScale,
  panned,
  pixelForPixel,
  pixelUnder,
  placementOf,
  wheelFactor,
  zoomText,
  zoomedAt,
  type ImageZoom,
  type Point,
} from '../../../src/renderer/model/image-zoom';

const image = { width: 1_920, height: 1_080 };
const stage = { width: 800, height: 600 };

/** The image's point under one of the stage, in fractions of a pixel. */
function under(zoom: ImageZoom, at: Point): Point {
  const { scale, left, top } = placementOf(zoom, image, stage);
  return { x: (at.x - left) / scale, y: (at.y - top) / scale };
}

describe('placement of an image', () => {
  it('fits it into its stage, in the middle, small ones enlarged', () => {
    const { scale, left, top } = placementOf(FIT, image, stage);
    expect(scale).toBeCloseTo(784 / 1_920);
    expect([left, left + image.width * scale]).toEqual([expect.closeTo(8), expect.closeTo(792)]);
    expect(top).toBeCloseTo((600 - 1_080 * scale) / 2);
    expect(placementOf(FIT, { width: 10, height: 10 }, stage).scale).toBeCloseTo(58.4);
    expect(placementOf(FIT, image, { width: 1, height: 1 }).scale).toBeGreaterThan(0);
  });

  it('keeps the pixel under the pointer where it is, at whatever zoom', () => {
    for (const at of [
      { x: 400, y: 300 },
      { x: 123, y: 250 },
      { x: 700, y: 400 },
    ]) {
      let zoom: ImageZoom = FIT;
      const before = under(zoom, at);
      for (const factor of [1.3, 2, 1.7, 0.5, 3, 1.1]) {
        const { scale } = placementOf(zoom, image, stage);
        zoom = zoomedAt(zoom, image, stage, at, scale * factor);
        expect(placementOf(zoom, image, stage).scale).toBeCloseTo(scale * factor);
        expect(under(zoom, at)).toEqual({ x: expect.closeTo(before.x), y: expect.closeTo(before.y) });
      }
    }
  });

  it('has a smallest and a largest scale, and zooms in again from an image that had to be smaller', () => {
    const middle = { x: 400, y: 300 };
    expect(zoomedAt(FIT, image, stage, middle, 1e9)).toMatchObject({ scale: LARGEST_SCALE });
    expect(zoomedAt(FIT, image, stage, middle, 1e-9)).toMatchObject({ scale: SMALLEST_SCALE });
    const huge = { width: 100_000, height: 100_000 };
    const fits = placementOf(FIT, huge, stage).scale;
    expect(zoomedAt(FIT, huge, stage, middle, fits / 2)).toMatchObject({ scale: fits });
    expect(zoomedAt(FIT, huge, stage, middle, fits * 2)).toMatchObject({ scale: fits * 2 });
  });

  it('pans by pixels of the screen, and leaves the middle of the stage on the image', () => {
    const zoom = panned(pixelForPixel(FIT), image, stage, { x: 100, y: -50 });
    expect(under(zoom, { x: 400, y: 300 })).toEqual({ x: expect.closeTo(860), y: expect.closeTo(590) });
    expect(panned(zoom, image, stage, { x: 1e6, y: 1e6 })).toEqual({ kind: 'free', scale: 1, x: 0, y: 0 });
    expect(atScale(zoom, image, stage, 4)).toEqual({
      ...zoom,
      scale: 4,
      x: expect.closeTo(860 / 1_920),
      y: expect.closeTo(590 / 1_080),
    });
  });

  it('shows the same part of a frame of another size', () => {
    const zoom: ImageZoom = { kind: 'free', scale: 2, x: 0.25, y: 0.5 };
    const half = { width: 960, height: 540 };
    const { left, scale } = placementOf(zoom, half, stage);
    expect((stage.width / 2 - left) / scale / half.width).toBeCloseTo(0.25);
  });
});

describe('pixel under the pointer', () => {
  it('is counted from the upper left, and missing beside the image', () => {
    const placement = { scale: 2, left: 10, top: 20 };
    const small = { width: 4, height: 3 };
    expect(pixelUnder(placement, small, { x: 10, y: 20 })).toEqual({ x: 0, y: 0 });
    expect(pixelUnder(placement, small, { x: 17.9, y: 25.9 })).toEqual({ x: 3, y: 2 });
    expect(pixelUnder(placement, small, { x: 18, y: 20 })).toBeNull();
    expect(pixelUnder(placement, small, { x: 9.9, y: 20 })).toBeNull();
  });
});

describe('wheel', () => {
  it('zooms in upwards, as much for lines as for pixels, and never by more than twice at once', () => {
    expect(wheelFactor(-100, 0)).toBeCloseTo(2 ** (1 / 3));
    expect(wheelFactor(100, 0) * wheelFactor(-100, 0)).toBeCloseTo(1);
    expect(wheelFactor(-3, 1)).toBeCloseTo(wheelFactor(-48, 0));
    expect(wheelFactor(-1e6, 2)).toBe(2);
    expect(wheelFactor(-10, 0, true)).toBeCloseTo(wheelFactor(-50, 0));
  });
});

it('says the zoom in percent', () => {
  expect([1, 0.408, 0.0156, 0.05, 64].map(zoomText)).toEqual(['100 %', '41 %', '1.6 %', '5 %', '6400 %']);
});
