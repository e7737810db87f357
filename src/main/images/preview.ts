import { FastResizeFilter, Transformer } from '@napi-rs/image';
import { type ImageFormat, imageFormats } from '../../shared/image-format';
import type { AllowedFolders } from '../data/allowed-folders';
import { formatOfContent } from './verify-image';
import { openImage, readImageFile } from './image-source';
import { exrShown } from './exr-tasks';
import type { Preview } from './image-thread';
import { type DecodedPixels, decodePixels, hasAlpha } from './pixels';
import { hasPremultipliedAlpha } from './tiff';

/** Maximum side of a full-size preview in pixels, where the file itself can't be displayed. */
const LARGEST_SIDE = 4_096;
const JPEG_QUALITY = 90;

/** The library's colour type for 8 bits of red, green, blue and alpha. */
const RGBA_8 = 3;

/** Formats that no available library decodes. */
const NOT_SHOWN: ReadonlySet<ImageFormat> = new Set(['targa', 'hdr', 'jpeg2000']);

/**
 * Creates a version of an image that every browser can display: a JPEG, or a PNG if it has transparent pixels. OpenEXR
 * is encoded as sRGB; of several layers the Combined pass is shown.
 *
 * @param maxSide of a thumbnail, in pixels; smaller images keep their size
 * @param within the folders where the image must lie
 * @throws Error for what is no image, is damaged, or can't be shown
 */
export async function makePreview(path: string, maxSide?: number, within?: AllowedFolders): Promise<Preview> {
  const format = await formatOfContent(path, within);
  if (format === null) throw new Error(`${path} is no image.`);
  if (NOT_SHOWN.has(format))
    throw new Error(
      `Of ${imageFormats[format].name} images there is no preview: open ${path} in a program that shows them.`,
    );
  if (format === 'exr') {
    const shown = await exrShown(path, maxSide ?? LARGEST_SIDE, within);
    if (!shown)
      throw new Error(`Of the OpenEXR ${path} no picture can be shown: it has tiles, deep pixels, or no colours.`);
    return encode(Transformer.fromRgbaPixels(shown.rgba, shown.width, shown.height), !shown.opaque);
  }
  if (format === 'tiff' && (await isPremultiplied(path, within))) {
    const pixels = await decodePixels(path, within);
    return encode(
      shrunk(
        Transformer.fromRgbaPixels(straight(pixels), pixels.width, pixels.height),
        pixels,
        maxSide ?? LARGEST_SIDE,
      ),
      true,
    );
  }
  const image = new Transformer(await readImageFile(path, within));
  const size = image.metadataSync();
  const small = shrunk(image, size, maxSide ?? LARGEST_SIDE);
  return size.colorType === RGBA_8 ? encodeRgba(small) : encode(small, hasAlpha(size.colorType));
}

/** Blender writes alpha into every PNG, where nothing is transparent too; a PNG takes three times as long to decode. */
function encodeRgba(image: Transformer): Preview {
  const { width, height } = image.metadataSync();
  const rgba = image.rawPixelsSync();
  return encode(Transformer.fromRgbaPixels(rgba, width, height), !isOpaque(rgba));
}

/** A plain loop: `every` takes thirty times as long. */
function isOpaque(rgba: Uint8Array): boolean {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] !== 255) return false;
  return true;
}

/** Scales a preview down, unless it is small enough already. */
export function shrinkPreview({ bytes, type }: Preview, maxSide: number): Preview {
  const image = new Transformer(bytes);
  return encode(shrunk(image, image.metadataSync(), maxSide), type === 'image/png');
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

function encode(image: Transformer, transparent: boolean): Preview {
  return transparent
    ? { bytes: image.pngSync(), type: 'image/png' }
    : { bytes: image.jpegSync(JPEG_QUALITY), type: 'image/jpeg' };
}

async function isPremultiplied(path: string, within?: AllowedFolders): Promise<boolean> {
  const source = await openImage(path, within);
  try {
    return await hasPremultipliedAlpha(source);
  } finally {
    await source.close();
  }
}

/** Divides colours by alpha, and converts to 8 bits. */
function straight({ channels, samples, white, width, height }: DecodedPixels): Uint8Array {
  const rgba = new Uint8Array(width * height * 4);
  const [green, blue, alphaAt] = channels <= 2 ? [0, 0, 1] : [1, 2, 3];
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = pixel * channels;
    const alpha = samples[at + alphaAt]!;
    const scale = alpha > 0 ? 255 / alpha : 0;
    rgba[pixel * 4] = Math.min(255, samples[at]! * scale);
    rgba[pixel * 4 + 1] = Math.min(255, samples[at + green]! * scale);
    rgba[pixel * 4 + 2] = Math.min(255, samples[at + blue]! * scale);
    rgba[pixel * 4 + 3] = (alpha * 255) / white;
  }
  return rgba;
}
