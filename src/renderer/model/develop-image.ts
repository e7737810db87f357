import type { LinearImage } from '../../shared/linear-image';
import type { Pixels } from './image-pixels';
import type { Point } from './image-zoom';
import { type ToneCurve, createAgx, createFilmic, encodeSrgb } from './tone-curves';

/**
 * How scene-linear light becomes what a screen shows, in the words of Blender's color management: Standard is the curve
 * of sRGB, Raw none; AgX and Filmic are approximations.
 */
export const VIEW_TRANSFORMS = ['standard', 'agx', 'filmic', 'raw'] as const;
export type ViewTransform = (typeof VIEW_TRANSFORMS)[number];

/** Stops up or down that an image can be exposed by. */
export const EXPOSURE = { min: -10, max: 10, step: 0.1 } as const;

const ONE = 0x3c00;
/** Far above what any screen shows; keeps infinity out of the sums. */
const MOST_LIGHT = 2 ** 30;

/** The value of a half float (IEEE 754 binary16). */
export function halfValue(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

const halves = Float32Array.from({ length: 1 << 16 }, (_, bits) => halfValue(bits));

/** Those whose channels depend on each other; made when first used, since their tables take some 20 ms. */
const toneCurves: Partial<Record<ViewTransform, ToneCurve>> = {};

function toneCurve(view: ViewTransform): ToneCurve | null {
  if (view === 'agx') return (toneCurves.agx ??= createAgx());
  if (view === 'filmic') return (toneCurves.filmic ??= createFilmic());
  return null;
}

/** An image as it is shown: exposed by so many stops, then through the view transform. */
export function developImage(
  { width, height, samples }: LinearImage,
  { exposure, view }: { readonly exposure: number; readonly view: ViewTransform },
): Pixels {
  const gain = 2 ** exposure;
  const tone = toneCurve(view);
  // What a half float's light is before the tone curve, or what it is shown as where there is none. Nearly all pixels are
  // opaque: for each of the 65,536 values one look suffices.
  const exposed = (light: number): number => {
    const within = light > 0 ? Math.min(MOST_LIGHT, light * gain) : 0;
    return tone ? within : 255 * curve(within, view);
  };
  const table = Float32Array.from(halves, exposed);
  const rgba = new Uint8ClampedArray(samples.length);
  for (let at = 0; at < samples.length; at += 4) {
    let red = table[samples[at]!]!;
    let green = table[samples[at + 1]!]!;
    let blue = table[samples[at + 2]!]!;
    rgba[at + 3] = 255;
    if (samples[at + 3] !== ONE) {
      const alpha = Math.min(1, Math.max(0, halves[samples[at + 3]!]! || 0));
      // Light without alpha, such as a flame's, is shown as if it were opaque.
      const divisor = alpha > 0 ? alpha : 1;
      red = exposed(halves[samples[at]!]! / divisor);
      green = exposed(halves[samples[at + 1]!]! / divisor);
      blue = exposed(halves[samples[at + 2]!]! / divisor);
      rgba[at + 3] = alpha * 255;
    }
    if (tone) tone(red, green, blue, rgba, at);
    else {
      rgba[at] = red;
      rgba[at + 1] = green;
      rgba[at + 2] = blue;
    }
  }
  return { width, height, rgba };
}

/** @param light at least 0 */
function curve(light: number, view: ViewTransform): number {
  const within = Math.min(1, light);
  return view === 'raw' ? within : encodeSrgb(within);
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
