import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { FastResizeFilter, Transformer } from '@napi-rs/image';
import { imageFormats } from '../../shared/image-format';
import { formatOfContent } from './verify-image';
import { openImage } from './image-source';
import type { ImageThread } from './image-thread';
import { PIXELS_A_TURN } from './pixel-statistics';
import { type DecodedPixels, decodePixels, hasAlpha } from './pixels';
import { hasPremultipliedAlpha } from './tiff';

export interface Preview {
  readonly bytes: Uint8Array;
  /** Media type of the bytes, which every browser shows. */
  readonly type: string;
}

/** The largest side of a preview that is not a thumbnail, in pixels, where the file itself can't be shown. */
const LARGEST_SIDE = 4_096;
const JPEG_QUALITY = 90;

/** Whether a file is shown as it is, without any work. */
export async function isShownAsItIs(path: string, maxSide?: number): Promise<boolean> {
  const format = await formatOfContent(path);
  return maxSide === undefined && format !== null && imageFormats[format].shownByBrowsers;
}

/**
 * Something that a browser can show of an image: the file itself where browsers know its format, else a JPEG, or a PNG where it has transparent pixels. OpenEXR is put on sRGB's curve; of several
 * layers the Combined pass is shown. All decoding is done in other threads.
 *
 * @param maxSide of a thumbnail, in pixels; smaller images stay as they are
 * @throws Error for what is no image, is damaged, or can't be shown
 */
export async function makePreview(path: string, thread: ImageThread, maxSide?: number): Promise<Preview> {
  const format = await formatOfContent(path);
  if (format === null) throw new Error(`${path} is no image.`);
  const { mediaType, shownByBrowsers } = imageFormats[format];
  if (shownByBrowsers && maxSide === undefined) return { bytes: await readFile(path), type: mediaType };
  if (format === 'exr') {
    const shown = await thread.shown(path, maxSide ?? LARGEST_SIDE);
    if (!shown)
      throw new Error(`Of the OpenEXR ${path} no picture can be shown: it has tiles, deep pixels, or no colours.`);
    return encode(Transformer.fromRgbaPixels(shown.rgba, shown.width, shown.height), !shown.opaque);
  }
  if (format === 'tiff' && (await isPremultiplied(path))) {
    const pixels = await decodePixels(path);
    return encode(
      shrunk(
        Transformer.fromRgbaPixels(await straight(pixels), pixels.width, pixels.height),
        pixels,
        maxSide ?? LARGEST_SIDE,
      ),
      true,
    );
  }
  const image = new Transformer(await readFile(path));
  const size = await image.metadata();
  return encode(shrunk(image, size, maxSide ?? LARGEST_SIDE), hasAlpha(size.colorType));
}

function shrunk(
  image: Transformer,
  { width, height }: { width: number; height: number },
  maxSide: number,
): Transformer {
  const scale = maxSide / Math.max(width, height);
  if (scale >= 1) return image;
  return image.fastResize({
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
    filter: FastResizeFilter.Bilinear,
  });
}

async function encode(image: Transformer, transparent: boolean): Promise<Preview> {
  return transparent
    ? { bytes: await image.png(), type: 'image/png' }
    : { bytes: await image.jpeg(JPEG_QUALITY), type: 'image/jpeg' };
}

async function isPremultiplied(path: string): Promise<boolean> {
  const source = await openImage(path);
  try {
    return await hasPremultipliedAlpha(source);
  } finally {
    await source.close();
  }
}

/** Divides colours by their alpha, and makes 8 bits of them. */
async function straight({ channels, samples, white, width, height }: DecodedPixels): Promise<Uint8Array> {
  const rgba = new Uint8Array(width * height * 4);
  const [green, blue, alphaAt] = channels <= 2 ? [0, 0, 1] : [1, 2, 3];
  for (let from = 0; from < width * height; from += PIXELS_A_TURN) {
    for (let pixel = from; pixel < Math.min(from + PIXELS_A_TURN, width * height); pixel++) {
      const at = pixel * channels;
      const alpha = samples[at + alphaAt]!;
      const scale = alpha > 0 ? 255 / alpha : 0;
      rgba[pixel * 4] = Math.min(255, samples[at]! * scale);
      rgba[pixel * 4 + 1] = Math.min(255, samples[at + green]! * scale);
      rgba[pixel * 4 + 2] = Math.min(255, samples[at + blue]! * scale);
      rgba[pixel * 4 + 3] = (alpha * 255) / white;
    }
    await nextTurn();
  }
  return rgba;
}
