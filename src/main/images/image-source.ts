import type { FileHandle } from 'node:fs/promises';
import { type AllowedFolders, openAllowed } from '../data/allowed-folders';
import { openRegularFile, openSized, readOpened } from '../data/open-regular-file';

/** Minimum number of bytes read at once: headers lie close together. */
const WINDOW = 1 << 14;

/** Input of the format checks: a file that may be too large for memory, or bytes. */
export interface ImageSource {
  /** In bytes. */
  readonly size: number;
  /** @throws Error that the image is cut short, when the range exceeds the end */
  read(offset: number, length: number): Promise<Buffer>;
}

export interface ImageFile extends ImageSource {
  close(): Promise<void>;
}

/** Maximum number of bytes held in memory of a file; also Node's limit per read. */
export const MAX_IMAGE_BYTES = 2 ** 31 - 1;

export const CUT_SHORT = 'The image is cut short.';

/**
 * @param within the folders where it must lie; anywhere by default
 * @throws NotAFileError, OutsideError, or Error from the file system
 */
export async function openImageFile(path: string, within?: AllowedFolders): Promise<FileHandle> {
  return within ? (await openAllowed(path, within)).handle : openRegularFile(path);
}

/** Reads a whole image. @throws Error as {@link openImageFile}, or about its size */
export async function readImageFile(path: string, within?: AllowedFolders): Promise<Buffer> {
  return readOpened(await openImageFile(path, within), path, MAX_IMAGE_BYTES);
}

/** @throws Error as {@link openImageFile} */
export async function openImage(path: string, within?: AllowedFolders): Promise<ImageFile> {
  const { handle, size } = await (within ? openAllowed(path, within) : openSized(path));
  let window: Buffer = Buffer.alloc(0);
  let windowAt = 0;

  async function fetch(offset: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
      // The file was truncated since it was opened.
      if (bytesRead === 0) throw new Error(CUT_SHORT);
      filled += bytesRead;
    }
    return buffer;
  }

  return {
    size,
    async read(offset, length) {
      if (!inside(offset, length, size)) throw new Error(CUT_SHORT);
      if (length > WINDOW) return fetch(offset, length);
      if (offset < windowAt || offset + length > windowAt + window.length) {
        window = await fetch(offset, Math.min(WINDOW, size - offset));
        windowAt = offset;
      }
      return window.subarray(offset - windowAt, offset - windowAt + length);
    },
    close: () => handle.close(),
  };
}

export function sourceOf(bytes: Uint8Array): ImageFile {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    size: buffer.length,
    async read(offset, length) {
      if (!inside(offset, length, buffer.length)) throw new Error(CUT_SHORT);
      return buffer.subarray(offset, offset + length);
    },
    close: () => Promise.resolve(),
  };
}

function inside(offset: number, length: number, size: number): boolean {
  return Number.isSafeInteger(offset) && offset >= 0 && length >= 0 && offset + length <= size;
}
