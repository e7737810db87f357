import { type ImageFormat, imageFormats } from '../../shared/image-format';
import { inspectBmp } from './bmp';
import { inspectExr } from './exr';
import { type ImageSize, type SizeCheck, sizeCheck } from './image-size';
import type { AllowedFolders } from '../data/allowed-folders';
import { type ImageFile, type ImageSource, openImage, sourceOf } from './image-source';
import { inspectJpeg } from './jpeg';
import { JP2_SIGNATURE, inspectJpeg2000 } from './jpeg2000';
import { inspectPng } from './png';
import { inspectRadiance } from './radiance';
import { inspectTarga, mayBeTarga } from './targa';
import { inspectTiff } from './tiff';
import { inspectWebp } from './webp';

/** Format and size of an image file. */
export interface InspectedImage extends ImageSize {
  readonly format: ImageFormat;
}

/** Whether an image is complete could not be determined; this says nothing about the image. */
export class UndecidedError extends Error {}

/** Checks whether files are complete images. */
export interface ImageVerifier {
  /**
   * Verifies that a file is a complete image: structure, size, and, as far as the format allows, that its pixels can be
   * decoded. Works in slices and in a thread to keep the event loop responsive.
   *
   * Changed bytes go undetected in pixels of a JPEG or a lossy WebP that still decode, of an uncompressed image, of a
   * BigTIFF, and of an OpenEXR whose compression has no checksum (all but ZIP, ZIPS and PXR24). Truncated files are
   * always detected.
   *
   * @param format `exr` also accepts OpenEXR files with layers, `exr-multilayer` only those
   * @param content of the file, where it is at hand
   * @throws Error, one sentence about what is wrong, or UndecidedError
   */
  verify(path: string, format: ImageFormat, width: number, height: number, content?: Uint8Array | null): Promise<void>;
  /**
   * Inspects any file with the same checks as `verify`.
   *
   * @returns null for an incomplete image or a file that can't be read
   * @throws UndecidedError
   */
  inspect(path: string): Promise<InspectedImage | null>;
}

/** Checks whether an image's pixels can be decoded: `decodable` in pixels.ts, in another thread. */
type CheckPixels = (path: string, size: ImageSize) => Promise<boolean>;

export function createImageVerifier(decodable: CheckPixels): ImageVerifier {
  return {
    async verify(path, format, width, height, content) {
      const source = content ? sourceOf(content) : await openImage(path);
      const found = await inspect(path, source, format, decodable, sizeCheck(width, height));
      if (format === 'exr-multilayer' && found.format !== format)
        throw new Error('The image is an OpenEXR without layers.');
    },
    async inspect(path) {
      try {
        const format = await formatOfContent(path);
        return format && (await inspect(path, await openImage(path), format, decodable));
      } catch (error) {
        if (error instanceof UndecidedError) throw error;
        return null;
      }
    },
  };
}

/** Verifies a PNG in memory, as {@link ImageVerifier.verify} does with a file. */
export async function verifyPng(bytes: Uint8Array, width: number, height: number): Promise<void> {
  await inspectPng(sourceOf(bytes), sizeCheck(width, height));
}

/**
 * Reads an image's size in pixels from its header, without decoding anything.
 *
 * @throws Error, one sentence, where there is none
 */
export async function imageSize(path: string, format: ImageFormat, within?: AllowedFolders): Promise<ImageSize> {
  let size: ImageSize | null = null;
  const check = (found: ImageSize): never => {
    size = { width: found.width, height: found.height };
    throw new Error('That is enough.');
  };
  try {
    await inspect(path, await openImage(path, within), format, null, check);
  } catch (error) {
    if (size === null) throw error;
  }
  if (size === null) throw new Error('The image tells no size.');
  return size;
}

/** @param source of the file, which is closed @param decodable null where `check` throws before pixels are needed */
async function inspect(
  path: string,
  source: ImageFile,
  format: ImageFormat,
  decodable: CheckPixels | null,
  check?: SizeCheck,
): Promise<InspectedImage> {
  try {
    if (source.size === 0) throw new Error('The image is an empty file.');
    if (format === 'exr' || format === 'exr-multilayer') {
      const { width, height, multilayer } = await inspectExr(source, check);
      return { format: multilayer ? 'exr-multilayer' : 'exr', width, height };
    }
    const { width, height } = await inspectors[format](source, check);
    // The pixels of these formats were checked already, a PNG's by its checksums.
    if (decodable && !CHECKED_HERE.has(format) && !(await decodable(path, { width, height })))
      throw new Error(`The image is damaged: it cannot be decoded as ${imageFormats[format].name}.`);
    return { format, width, height };
  } finally {
    await source.close();
  }
}

const inspectors: Record<
  Exclude<ImageFormat, 'exr' | 'exr-multilayer'>,
  (source: ImageSource, check?: SizeCheck) => Promise<ImageSize>
> = {
  png: inspectPng,
  jpeg: inspectJpeg,
  webp: inspectWebp,
  tiff: inspectTiff,
  bmp: inspectBmp,
  targa: inspectTarga,
  hdr: inspectRadiance,
  jpeg2000: inspectJpeg2000,
};

const CHECKED_HERE: ReadonlySet<ImageFormat> = new Set(['png', 'bmp', 'targa', 'hdr', 'jpeg2000']);

/**
 * Detects the format from a file's first bytes, regardless of its name; `exr` for both kinds of OpenEXR, null for what
 * is no image.
 *
 * @throws Error from the file system
 */
export async function formatOfContent(path: string, within?: AllowedFolders): Promise<ImageFormat | null> {
  const source = await openImage(path, within);
  try {
    return formatOfStart(await source.read(0, Math.min(START_LENGTH, source.size)));
  } finally {
    await source.close();
  }
}

/** Number of bytes needed to detect the format. */
export const START_LENGTH = 18;

/** As {@link formatOfContent}. @param start the file's first bytes */
export function formatOfStart(start: Buffer): ImageFormat | null {
  const text = start.toString('latin1');
  if (text.startsWith('\x89PNG')) return 'png';
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (text.startsWith('v/1\x01')) return 'exr';
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'webp';
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return 'tiff';
  if (text.startsWith(JP2_SIGNATURE)) return 'jpeg2000';
  if (/^#\?(RADIANCE|RGBE)\n/.test(text)) return 'hdr';
  if (text.startsWith('BM') && start.length === START_LENGTH && start.readUInt32LE(14) < 256) return 'bmp';
  if (mayBeTarga(start)) return 'targa';
  return null;
}
