import type { LinearImage } from '../../shared/linear-image';
import type { Pixels } from './image-pixels';
import type { Point } from './image-zoom';

/**
 * How scene-linear light becomes what a screen shows, in the words of Blender's color management: Standard is the curve
 * of sRGB, Raw none. AgX and Filmic need Blender's own tables.
 */
export const VIEW_TRANSFORMS = ['standard', 'raw'] as const;
export type ViewTransform = (typeof VIEW_TRANSFORMS)[number];

/** Stops up or down that an image can be exposed by. */
export const EXPOSURE = { min: -10, max: 10, step: 0.1 } as const;

const ONE = 0x3c00;

/** The value of a half float (IEEE 754 binary16). */
export function halfValue(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

const halves = Float32Array.from({ length: 1 << 16 }, (_, bits) => halfValue(bits));

/** An image as it is shown: exposed by so many stops, then through the view transform. */
export function developImage(
  { width, height, samples }: LinearImage,
  { exposure, view }: { readonly exposure: number; readonly view: ViewTransform },
): Pixels {
  const gain = 2 ** exposure;
  const shown = (light: number): number => 255 * curve(light * gain, view);
  // Nearly all pixels are opaque: for each of the 65,536 values one look suffices.
  const table = Uint8ClampedArray.from(halves, shown);
  const rgba = new Uint8ClampedArray(samples.length);
  for (let at = 0; at < samples.length; at += 4) {
    if (samples[at + 3] === ONE) {
      rgba[at] = table[samples[at]!]!;
      rgba[at + 1] = table[samples[at + 1]!]!;
      rgba[at + 2] = table[samples[at + 2]!]!;
      rgba[at + 3] = 255;
      continue;
    }
    const alpha = Math.min(1, Math.max(0, halves[samples[at + 3]!]! || 0));
    // Light without alpha, such as a flame's, is shown as if it were opaque.
    const divisor = alpha > 0 ? alpha : 1;
    for (let channel = at; channel < at + 3; channel++) rgba[channel] = shown(halves[samples[channel]!]! / divisor);
    rgba[at + 3] = alpha * 255;
  }
  return { width, height, rgba };
}

/** 0 to 1; NaN becomes 0. */
function curve(light: number, view: ViewTransform): number {
  const within = light > 0 ? Math.min(1, light) : 0;
  if (view === 'raw') return within;
  return within <= 0.003_130_8 ? within * 12.92 : 1.055 * within ** (1 / 2.4) - 0.055;
}

/** The light of the pixel that stands at a point of the image's full size: red, green, blue, alpha. */
export function lightAt({ width, height, fullWidth, fullHeight, samples }: LinearImage, { x, y }: Point): number[] {
  const column = Math.min(width - 1, Math.floor(((x + 0.5) * width) / fullWidth));
  const row = Math.min(height - 1, Math.floor(((y + 0.5) * height) / fullHeight));
  const at = (row * width + column) * 4;
  return Array.from(samples.subarray(at, at + 4), (bits) => halves[bits]!);
}

/** Light in five characters or so, at the precision of half floats. */
export function lightText(light: number): string {
  return Number.isFinite(light) && Math.abs(light) >= 1_000
    ? String(Math.round(light))
    : light.toPrecision(4).slice(0, 7);
}
