import { type ImageFormat, imageFormats } from '../../shared/image-format';
import { inspectExr } from './exr';
import { type ImageSize, type SizeCheck, sizeCheck } from './image-size';
import { type ImageSource, openImage, sourceOf } from './image-source';
import { inspectJpeg } from './jpeg';
import { decodable } from './pixels';
import { inspectPng } from './png';
import { inspectTiff } from './tiff';
import { inspectWebp } from './webp';

/** What lies in an image's file. */
export interface InspectedImage extends ImageSize {
  readonly format: ImageFormat;
}

/**
 * Checks that a file is a whole image: structure, size, and as far as the format allows that its pixels can be decoded. The work is done in slices and in other threads, so
 * that the event loop goes on.
 *
 * What passes although bytes were changed: pixels of a JPEG or a lossy WebP that decode to something else, of an uncompressed image, of a BigTIFF, and of an OpenEXR whose
 * compression has no checksum (all but ZIP, ZIPS and PXR24). A file that was cut short never passes.
 *
 * @param format `exr` takes OpenEXR files with layers too, `exr-multilayer` only those
 * @throws Error with one sentence about what is wrong
 */
export async function verifyImage(path: string, format: ImageFormat, width: number, height: number): Promise<void> {
  const found = await inspect(path, format, sizeCheck(width, height));
  if (format === 'exr-multilayer' && found.format !== format)
    throw new Error('The image is an OpenEXR without layers.');
}

/** Checks a PNG that is in memory, as {@link verifyImage} does with a file. */
export async function verifyPng(bytes: Uint8Array, width: number, height: number): Promise<void> {
  await inspectPng(sourceOf(bytes), sizeCheck(width, height));
}

/** Looks at any file as thoroughly as {@link verifyImage} does. @returns null for what is no whole image, or can't be read */
export async function inspectImage(path: string): Promise<InspectedImage | null> {
  try {
    const format = await formatOfContent(path);
    return format && (await inspect(path, format));
  } catch {
    return null;
  }
}

async function inspect(path: string, format: ImageFormat, check?: SizeCheck): Promise<InspectedImage> {
  const source = await openImage(path);
  try {
    if (source.size === 0) throw new Error('The image is an empty file.');
    if (format === 'exr' || format === 'exr-multilayer') {
      const { width, height, multilayer } = await inspectExr(source, check);
      return { format: multilayer ? 'exr-multilayer' : 'exr', width, height };
    }
    const { width, height } = await inspectors[format](source, check);
    // A PNG was decompressed and checked by its checksums already.
    if (format !== 'png' && !(await decodable(path, { width, height })))
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
};

/** The format that a file's first bytes tell, whatever its name is; `exr` for both kinds of OpenEXR, null for what is no image. @throws Error of the file system */
export async function formatOfContent(path: string): Promise<ImageFormat | null> {
  const source = await openImage(path);
  try {
    const start = await source.read(0, Math.min(12, source.size));
    const text = start.toString('latin1');
    if (text.startsWith('\x89PNG')) return 'png';
    if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
    if (text.startsWith('v/1\x01')) return 'exr';
    if (text.startsWith('RIFF') && text.endsWith('WEBP')) return 'webp';
    if (/^(II[*+]\0|MM\0[*+])/.test(text)) return 'tiff';
    return null;
  } finally {
    await source.close();
  }
}
