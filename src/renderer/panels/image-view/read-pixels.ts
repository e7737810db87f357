import type { ImageChannel, Pixels } from '../../model/image-pixels';
import { channelPixels, differencePixels } from '../../model/image-pixels';
import type { Point, Size } from '../../model/image-zoom';
import { sourceSize, type Picture } from './picture';

/**
 * Longest side of an image whose pixels are worked on: 64 MB of them. Larger ones are worked on in this size; what is
 * only drawn keeps its own.
 */
const LARGEST_SIDE = 4_096;

/** The pixels of a picture, scaled to `size` where that is another one. @returns null where there is no memory for them */
function readPixels({ source }: Picture, size: Size): Pixels | null {
  const context = new OffscreenCanvas(size.width, size.height).getContext('2d', { willReadFrequently: true });
  if (!context) return null;
  context.drawImage(source, 0, 0, size.width, size.height);
  try {
    return { ...size, rgba: context.getImageData(0, 0, size.width, size.height).data as Pixels['rgba'] };
  } catch {
    return null;
  }
}

/** The size in which a picture's pixels are worked on. */
function workingSize(picture: Picture): Size {
  const { width, height } = sourceSize(picture);
  const scale = Math.min(1, LARGEST_SIDE / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The pixels of a picture, at most as many as are worked on. */
export function pixelsOf(picture: Picture): Pixels | null {
  return readPixels(picture, workingSize(picture));
}

/** One pixel of a picture, 0 to 255 each; null where it can't be read. */
export function pixelAt(picture: Picture, { x, y }: Point): Uint8ClampedArray | null {
  const context = pixelContext();
  if (!context) return null;
  const size = sourceSize(picture);
  const column = Math.min(size.width - 1, Math.floor(((x + 0.5) * size.width) / picture.width));
  const row = Math.min(size.height - 1, Math.floor(((y + 0.5) * size.height) / picture.height));
  context.clearRect(0, 0, 1, 1);
  context.drawImage(picture.source, column, row, 1, 1, 0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data;
}

let single: OffscreenCanvasRenderingContext2D | null | undefined;

function pixelContext(): OffscreenCanvasRenderingContext2D | null {
  if (single !== undefined) return single;
  single = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  if (single) single.imageSmoothingEnabled = false;
  return single;
}

/** The picture with only these channels. */
export function withChannel(picture: Picture, channel: ImageChannel): Picture {
  if (channel === 'color-alpha') return picture;
  const pixels = pixelsOf(picture);
  return pixels ? pictureOf(channelPixels(pixels, channel), picture, `${picture.key} ${channel}`) : picture;
}

/** How far another picture is from this one, whose size it is given. */
export function differenceOf(picture: Picture, other: Picture, gain: number): Picture {
  const size = workingSize(picture);
  const [a, b] = [readPixels(picture, size), readPixels(other, size)];
  return a && b ? pictureOf(differencePixels(a, b, gain), picture, `${picture.key} ${other.key} ${gain}`) : picture;
}

/** Pixels as a picture. @param size that it is drawn in, as pixels of the image */
export function pictureOf({ width, height, rgba }: Pixels, size: Size, key: string): Picture {
  const source = new OffscreenCanvas(width, height);
  source.getContext('2d')?.putImageData(new ImageData(rgba, width, height), 0, 0);
  return { key, width: size.width, height: size.height, source };
}
