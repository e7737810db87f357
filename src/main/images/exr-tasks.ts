import { DataUtils } from 'three';
import { MOST_LAYERS, encodeLinearImage } from '../../shared/linear-image';
import type { AllowedFolders } from '../data/allowed-folders';
import { type ExrPicture, exrPicture } from './exr-pixels';
import { openImage } from './image-source';
import { type ImageStatistics, createPixelTally } from './pixel-statistics';

/** Pixels ready for display. */
export interface ShownPixels {
  readonly width: number;
  readonly height: number;
  /** RGBA with 8 bits, alpha not premultiplied. */
  readonly rgba: Uint8Array<ArrayBuffer>;
  readonly opaque: boolean;
}

/**
 * Differences up to this are noise: about half a step of 8 bits near black, from rounding to half floats in Blender.
 */
const NOISE = 1 / 2048;

/**
 * Statistics of an OpenEXR's picture; stops as soon as nothing is suspicious.
 *
 * @returns null for what can't be decoded
 */
export async function exrStatistics(path: string): Promise<ImageStatistics | null> {
  return withPicture({ path }, async (picture) => {
    const tally = createPixelTally(4, 1, NOISE);
    for await (const { samples } of picture.rows()) if (!tally.add(samples, 0, samples.length / 4)) break;
    return tally.result();
  });
}

/**
 * Converts an OpenEXR's picture for display: scaled down in linear light, then encoded as sRGB, like Blender's
 * “Standard” view.
 *
 * @param maxSide of the result, in pixels
 * @returns null for what can't be shown
 */
export async function exrShown(path: string, maxSide: number, within?: AllowedFolders): Promise<ShownPixels | null> {
  return withPicture({ path, within }, async (picture) => {
    const { width, height } = picture.size;
    const { sums, counts, ...size } = await scaled(picture, Math.min(1, maxSide / Math.max(width, height)));
    return { ...size, ...toScreen(sums, counts) };
  });
}

/** Most pixels of a linear image: more than 4K has, in 96 MB. */
const MOST_PIXELS = 12 * 1024 ** 2;

/**
 * An OpenEXR's layer in scene-linear light, scaled down where it has more pixels than {@link MOST_PIXELS}.
 *
 * @param layer undefined for the one that {@link exrShown} shows
 * @returns as encodeLinearImage has it; null for what can't be shown
 */
export async function exrLinear(
  path: string,
  layer?: string,
  within?: AllowedFolders,
): Promise<Uint8Array<ArrayBuffer> | null> {
  return withPicture(
    { path, within },
    async (picture) => {
      const { width, height } = picture.size;
      const { sums, counts, ...size } = await scaled(picture, Math.min(1, Math.sqrt(MOST_PIXELS / (width * height))));
      const samples = new Uint16Array(sums.length);
      for (let at = 0; at < samples.length; at++) samples[at] = toHalf(sums[at]! / (counts[at >> 2]! || 1));
      return encodeLinearImage({
        ...size,
        fullWidth: width,
        fullHeight: height,
        layer: picture.layer,
        layers: picture.layers.slice(0, MOST_LAYERS),
        samples,
      });
    },
    layer,
  );
}

/** What half floats can hold; NaN becomes 0. */
function toHalf(value: number): number {
  return DataUtils.toHalfFloat(value > -65_504 ? Math.min(value, 65_504) : value < 0 ? -65_504 : 0);
}

/** Scales a picture down: for each pixel the sum of those in it, and how many they are. */
async function scaled(
  picture: ExrPicture,
  scale: number,
): Promise<{ width: number; height: number; sums: Float32Array; counts: Uint32Array }> {
  const { width, height } = picture.size;
  const [shownWidth, shownHeight] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const column = Uint32Array.from({ length: width }, (_, x) =>
    Math.min(shownWidth - 1, Math.floor((x * shownWidth) / width)),
  );
  const sums = new Float32Array(shownWidth * shownHeight * 4);
  const counts = new Uint32Array(shownWidth * shownHeight);
  for await (const { y, lines, samples } of picture.rows()) {
    for (let line = 0; line < lines; line++) {
      const row = Math.min(shownHeight - 1, Math.floor(((y + line) * shownHeight) / height)) * shownWidth;
      for (let x = 0, from = line * width * 4; x < width; x++, from += 4) {
        const pixel = row + column[x]!;
        counts[pixel]! += 1;
        for (let channel = 0; channel < 4; channel++) sums[pixel * 4 + channel]! += samples[from + channel]!;
      }
    }
  }
  return { width: shownWidth, height: shownHeight, sums, counts };
}

async function withPicture<T>(
  { path, within }: { path: string; within?: AllowedFolders | undefined },
  work: (picture: ExrPicture) => Promise<T>,
  layer?: string,
): Promise<T | null> {
  const source = await openImage(path, within);
  try {
    const picture = await exrPicture(source, layer);
    return picture && (await work(picture));
  } finally {
    await source.close();
  }
}

/** The sRGB curve as a table, with enough steps to distinguish the darkest 8-bit values. */
const CURVE_STEPS = 1 << 14;
const curve = Uint8Array.from({ length: CURVE_STEPS + 1 }, (_, step) => {
  const linear = step / CURVE_STEPS;
  return Math.round(255 * (linear <= 0.003_130_8 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055));
});

function toScreen(sums: Float32Array, counts: Uint32Array): { rgba: Uint8Array<ArrayBuffer>; opaque: boolean } {
  const rgba = new Uint8Array(sums.length);
  let opaque = true;
  for (let pixel = 0, at = 0; pixel < counts.length; pixel++, at += 4) {
    const count = counts[pixel]! || 1;
    const alpha = within(sums[at + 3]! / count);
    // Light without alpha, such as a flame's, is shown as if it were opaque.
    const divisor = count * (alpha > 0 ? alpha : 1);
    for (let channel = 0; channel < 3; channel++)
      rgba[at + channel] = curve[Math.round(within(sums[at + channel]! / divisor) * CURVE_STEPS)]!;
    rgba[at + 3] = Math.round(alpha * 255);
    if (rgba[at + 3] !== 255) opaque = false;
  }
  return { rgba, opaque };
}

/** Clamps to 0..1; NaN becomes 0. */
function within(value: number): number {
  return value > 0 ? Math.min(1, value) : 0;
}
