import type { Size } from './image-zoom';

/** Which channels of an image are shown, in the words of Blender's image editor. */
export const IMAGE_CHANNELS = ['color-alpha', 'color', 'red', 'green', 'blue', 'alpha'] as const;
export type ImageChannel = (typeof IMAGE_CHANNELS)[number];

/** RGBA, 8 bits each, alpha not premultiplied, top row first. */
export interface Pixels extends Size {
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Rec. 709, which sRGB shares. */
const LUMA = [0.2126, 0.7152, 0.0722] as const;

/** The image with only these channels: one alone is grey, and transparency is ignored unless it is shown. */
export function channelPixels({ width, height, rgba }: Pixels, channel: ImageChannel): Pixels {
  const shown = new Uint8ClampedArray(rgba);
  if (channel === 'color-alpha') return { width, height, rgba: shown };
  const from = channel === 'color' ? null : { red: 0, green: 1, blue: 2, alpha: 3 }[channel];
  for (let at = 0; at < shown.length; at += 4) {
    if (from !== null) shown[at] = shown[at + 1] = shown[at + 2] = rgba[at + from]!;
    shown[at + 3] = 255;
  }
  return { width, height, rgba: shown };
}

/**
 * How far two images of one size are apart, in each colour: black where they are the same. Transparent parts count as
 * black, and a difference of alpha alone is seen as grey.
 *
 * @param gain multiplies the difference
 */
export function differencePixels(a: Pixels, b: Pixels, gain: number): Pixels {
  const rgba = new Uint8ClampedArray(a.rgba.length);
  for (let at = 0; at < rgba.length; at += 4) {
    const [alphaA, alphaB] = [a.rgba[at + 3]!, b.rgba[at + 3]!];
    const alpha = Math.abs(alphaA - alphaB);
    for (let channel = at; channel < at + 3; channel++) {
      const color = Math.abs((a.rgba[channel]! * alphaA - b.rgba[channel]! * alphaB) / 255);
      rgba[channel] = Math.max(color, alpha) * gain;
    }
    rgba[at + 3] = 255;
  }
  return { width: a.width, height: a.height, rgba };
}

/** How many pixels have each value of 0 to 255. */
export interface Histogram {
  readonly red: Uint32Array;
  readonly green: Uint32Array;
  readonly blue: Uint32Array;
  readonly luma: Uint32Array;
}

/** @param most pixels that are counted: of larger images every nth one */
export function histogramOf({ rgba }: Pixels, most = 1 << 20): Histogram {
  const [red, green, blue, luma] = Array.from({ length: 4 }, () => new Uint32Array(256)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const step = 4 * Math.max(1, Math.ceil(rgba.length / 4 / most));
  for (let at = 0; at < rgba.length; at += step) {
    const [r, g, b] = [rgba[at]!, rgba[at + 1]!, rgba[at + 2]!];
    red[r]! += 1;
    green[g]! += 1;
    blue[b]! += 1;
    luma[Math.round(r * LUMA[0] + g * LUMA[1] + b * LUMA[2])]! += 1;
  }
  return { red, green, blue, luma };
}

/** The shares of pixels that are fully black and fully white in luma, and the middle value. */
export function histogramFacts({ luma }: Histogram): { black: number; white: number; median: number } {
  const total = luma.reduce((sum, count) => sum + count, 0) || 1;
  let median = 0;
  for (let below = luma[0]!; below < total / 2 && median < 255; below += luma[median]!) median += 1;
  return { black: luma[0]! / total, white: luma[255]! / total, median };
}

/** One pixel as people read it. */
export interface PixelText {
  /** Name of the channel, its value of 0 to 255, and the same as a share. */
  readonly channels: readonly { readonly name: 'R' | 'G' | 'B' | 'A'; readonly byte: number; readonly share: string }[];
  /** `#rrggbb`; with the alpha behind it where that is not 255. */
  readonly hex: string;
}

/** @param rgba 0 to 255 each */
export function pixelText(rgba: ArrayLike<number>): PixelText {
  const bytes = [rgba[0]!, rgba[1]!, rgba[2]!, rgba[3]!];
  const hex = (bytes[3] === 255 ? bytes.slice(0, 3) : bytes).map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return {
    channels: (['R', 'G', 'B', 'A'] as const).map((name, index) => ({
      name,
      byte: bytes[index]!,
      share: (bytes[index]! / 255).toFixed(3),
    })),
    hex: `#${hex}`,
  };
}
