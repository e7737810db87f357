import { type FileHandle, stat } from 'node:fs/promises';
import { freemem } from 'node:os';
import { type ImageFormat, imageFormats } from '../../shared/image-format';
import type { ImageSize } from './image-size';
import { CUT_SHORT, MAX_IMAGE_BYTES, openImageFile } from './image-source';
import { type Preview, createImageThread } from './image-thread';
import type { ImageStatistics } from './pixel-statistics';
import { createPreviewCache } from './preview-cache';
import {
  type ImageVerifier,
  START_LENGTH,
  createImageVerifier,
  formatOfContent,
  formatOfStart,
  imageSize,
} from './verify-image';
import type { AllowedFolders } from '../data/allowed-folders';

/** Maximum size of the preview cache on disk, in bytes. */
const CACHE_LIMIT = 256 * 1024 ** 2;
/** Maximum size of the decoded pixels a preview is made from, in bytes: the library's own limit, a square of 11,585. */
const DECODE_LIMIT = 512 * 1024 ** 2;
/** Memory needed to decode and scale an image, as a multiple of its pixels: measured with 11,000². */
const DECODE_COPIES = 4;
/** Maximum share of the free memory to use for that. */
const DECODE_SHARE = 0.5;
/** Thumbnail sizes in pixels: requests are rounded up, so that each image has only a few. */
const SIZES = [64, 128, 256, 512, 1_024, 1_536, 2_048];

/** Linear images that may be decoded or wait for it at a time: they are not cached. */
const MOST_LINEAR = 4;

/** Several linear images are being decoded already. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
  constructor() {
    super('The host is decoding other images: try again.');
  }
}

/** @throws Error where an image has too many pixels for the free memory */
async function checkMemory(path: string, { width, height }: ImageSize): Promise<void> {
  const pixels = width * height * 4;
  const file = (await stat(path)).size;
  if (pixels > DECODE_LIMIT || pixels * DECODE_COPIES + file > freemem() * DECODE_SHARE)
    throw new Error(`The image ${path} has ${width} × ${height} pixels: too many to be shown in the memory there is.`);
}

/** Media type of a file that browsers can display; null for any other. */
async function shownAsItIs(path: string, within?: AllowedFolders): Promise<string | null> {
  const format = await formatOfContent(path, within);
  return format !== null && imageFormats[format].shownByBrowsers ? imageFormats[format].mediaType : null;
}

/** A file that browsers can display. */
export interface ShownFile {
  readonly file: string;
  /** Media type. */
  readonly type: string;
  /** The folders where it must lie; anywhere by default. */
  readonly within?: AllowedFolders | undefined;
}

/**
 * Opens such a file for reading.
 *
 * @throws OutsideError, Error from the file system, or if the file was replaced by one of another type
 */
export async function openShownFile({ file, type, within }: ShownFile): Promise<FileHandle> {
  const handle = await openImageFile(file, within);
  try {
    const start = Buffer.alloc(START_LENGTH);
    const { bytesRead } = await handle.read(start, 0, start.length, 0);
    const format = formatOfStart(start.subarray(0, bytesRead));
    if (format === null || imageFormats[format].mediaType !== type)
      throw new Error(`${file} is no longer the image that it was.`);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * The bytes of an image, for callers that can't use a file.
 *
 * @throws Error as {@link openShownFile}, or if it is too large to hold in memory
 */
export async function bytesOf(image: Preview | ShownFile): Promise<Preview> {
  if (!('file' in image)) return image;
  const handle = await openShownFile(image);
  try {
    const { size } = await handle.stat();
    if (size > MAX_IMAGE_BYTES) throw new Error(`${image.file} is too large to be held in memory.`);
    const bytes = Buffer.alloc(size);
    for (let read = 0; read < size;) {
      const { bytesRead } = await handle.read(bytes, read, size - read, read);
      if (bytesRead === 0) throw new Error(CUT_SHORT);
      read += bytesRead;
    }
    return { bytes, type: image.type };
  } finally {
    await handle.close();
  }
}

/** Verification, previews and statistics of written images. */
export interface FrameImages extends ImageVerifier {
  /**
   * A version of an image that browsers can display: the file itself where they support its format.
   *
   * One image is decoded at a time, and a large one once for all its sizes.
   *
   * @param options.maxSide the display size of a thumbnail in pixels; the result may be somewhat larger
   * @param options.within the folders where the image must lie; anywhere by default
   * @throws OutsideError; Error for what is no image, is damaged, needs more memory than is free, or can't be shown
   */
  previewImage(path: string, options?: { maxSide?: number; within?: AllowedFolders }): Promise<Preview | ShownFile>;
  /**
   * A layer of an OpenEXR in scene-linear light, as encodeLinearImage has it; null for other formats, and for what can't
   * be shown.
   *
   * @param layer undefined for the one that previews show
   * @throws BusyError while several are being decoded; OutsideError; Error for what is damaged, or needs more memory than is free
   */
  linearImage(path: string, layer?: string, within?: AllowedFolders): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Statistics that detect suspicious pixels; null where unknown. */
  imageStatistics(path: string, format: ImageFormat): Promise<ImageStatistics | null>;
  close(): Promise<void>;
}

/**
 * @param options.thread the built image-worker.mjs, outside any archive
 * @param options.cache folder for previews, created on demand
 */
export function createFrameImages({
  thread: script,
  cache: folder,
  cacheLimit = CACHE_LIMIT,
}: {
  thread: string;
  cache: string;
  cacheLimit?: number;
}): FrameImages {
  // Two threads, so that verification does not wait for thumbnails: one of 8192² pixels takes seconds.
  const frames = createImageThread(script);
  const previews = createImageThread(script);
  const cache = createPreviewCache(folder, cacheLimit);
  const largest = SIZES.at(-1)!;

  function make(path: string, side?: number, within?: AllowedFolders): Promise<Preview> {
    return cache.get(path, String(side ?? 'whole'), async () => {
      const format = await formatOfContent(path, within);
      if (format === null) throw new Error(`${path} is no image.`);
      const size = await imageSize(path, format, within);
      const { width, height } = size;
      if (side !== undefined && side < largest && Math.max(width, height) > largest) {
        const larger = await make(path, largest, within);
        return previews.shrink(path, larger, side);
      }
      await checkMemory(path, size);
      return previews.preview(path, side, within);
    });
  }

  let linear = 0;
  return {
    async linearImage(path, layer, within) {
      if (linear >= MOST_LINEAR) throw new BusyError();
      linear += 1;
      try {
        if ((await formatOfContent(path, within)) !== 'exr') return null;
        await checkMemory(path, await imageSize(path, 'exr', within));
        return await previews.linear(path, layer, within);
      } finally {
        linear -= 1;
      }
    },
    async previewImage(path, { maxSide, within } = {}) {
      if (maxSide !== undefined) return make(path, SIZES.find((size) => size >= maxSide) ?? largest, within);
      const type = await shownAsItIs(path, within);
      return type === null ? make(path, undefined, within) : { file: path, type, within };
    },
    imageStatistics: (path, format) => frames.statistics(path, format).catch(() => null),
    ...createImageVerifier(frames.decodable),
    async close() {
      await Promise.all([frames.close(), previews.close()]);
    },
  };
}
