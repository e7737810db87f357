import { type JsColorType, Transformer } from '@napi-rs/image';
import { messageOf } from '../../shared/user-error';
import type { AllowedFolders } from '../data/allowed-folders';
import type { ImageSize } from './image-size';
import { readImageFile } from './image-source';

/** An image decoded by the library, with its own bit depth. */
export interface DecodedPixels extends ImageSize {
  readonly channels: 1 | 2 | 3 | 4;
  /** Row by row from the top left; integers range up to 255 or 65,535, floats use 1 for white. */
  readonly samples: Uint8Array | Uint16Array | Float32Array;
  /** The value of white. */
  readonly white: number;
}

/** The library's colour types in order, as channels and bytes per sample. */
const COLOR_TYPES: Partial<Record<JsColorType, readonly [channels: 1 | 2 | 3 | 4, bytes: 1 | 2 | 4]>> = {
  0: [1, 1],
  1: [2, 1],
  2: [3, 1],
  3: [4, 1],
  4: [1, 2],
  5: [2, 2],
  6: [3, 2],
  7: [4, 2],
  8: [3, 4],
  9: [4, 4],
};

/** Whether a colour type has alpha. */
export function hasAlpha(type: JsColorType): boolean {
  return (COLOR_TYPES[type]?.[0] ?? 4) % 2 === 0;
}

/**
 * Decodes a PNG, JPEG, WebP or TIFF in this thread.
 *
 * @throws Error when it is damaged, or of a kind the library does not support
 */
export async function decodePixels(path: string, within?: AllowedFolders): Promise<DecodedPixels> {
  const image = new Transformer(await readImageFile(path, within));
  const { width, height, colorType } = image.metadataSync();
  const raw = image.rawPixelsSync();
  const [channels, bytes] = COLOR_TYPES[colorType] ?? [];
  if (!channels || !bytes || raw.length !== width * height * channels * bytes)
    throw new Error('The image has pixels of an unsupported kind.');
  if (bytes === 1) return { width, height, channels, samples: raw, white: 255 };
  // Typed arrays of wider numbers must be aligned.
  const aligned = raw.byteOffset % bytes === 0 ? raw : new Uint8Array(raw);
  if (bytes === 2)
    return {
      width,
      height,
      channels,
      samples: new Uint16Array(aligned.buffer, aligned.byteOffset, raw.length / 2),
      white: 65_535,
    };
  return {
    width,
    height,
    channels,
    samples: new Float32Array(aligned.buffer, aligned.byteOffset, raw.length / 4),
    white: 1,
  };
}

/**
 * @returns false if the pixels are damaged; true if they can be decoded, or if the library does not support the image
 */
export async function decodable(path: string, size: ImageSize): Promise<boolean> {
  try {
    const { width, height } = await decodePixels(path);
    return width === size.width && height === size.height;
  } catch (error) {
    return isUnsupported(error);
  }
}

/**
 * Whether the library does not support this kind of image (such as BigTIFF), or lacks memory for it: neither says
 * anything about the image.
 */
function isUnsupported(error: unknown): boolean {
  return /not support|unsupported|limit|not implemented|could not be determined/i.test(messageOf(error));
}
