import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

/** The path leads to something that can't be read from start to end: a folder, a pipe, a socket, a device. */
export class NotAFileError extends Error {
  override readonly name = 'NotAFileError';
}

/** Without waiting for a writer where the path leads to a pipe; Windows knows neither flag and has no such paths. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * Opens a file created by others, for reading. Opening a pipe would wait for its writer, in a thread needed for other
 * file operations, and opening some devices has side effects; so the path is checked before. The open file is checked
 * again, since the path may have changed in between.
 *
 * @throws NotAFileError, or Error from the file system
 */
export async function openRegularFile(path: string): Promise<FileHandle> {
  return (await openSized(path)).handle;
}

/** As {@link openRegularFile}, with the file's size in bytes. */
export async function openSized(path: string): Promise<{ readonly handle: FileHandle; readonly size: number }> {
  if (!(await stat(path)).isFile()) throw new NotAFileError(`“${path}” is not a file.`);
  const handle = await open(path, FLAGS);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new NotAFileError(`“${path}” is not a file.`);
    return { handle, size: stats.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Reads a whole file created by others.
 *
 * @param limit in bytes; a larger file is refused before anything is read
 * @throws NotAFileError, Error from the file system, or one about the size
 */
export async function readRegularFile(path: string, limit: number): Promise<Buffer> {
  return readOpened(await openRegularFile(path), path, limit);
}

/** Reads and closes a file that was opened, as {@link readRegularFile}. */
export async function readOpened(handle: FileHandle, path: string, limit: number): Promise<Buffer> {
  try {
    const { size } = await handle.stat();
    if (size > limit)
      throw new Error(
        `“${path}” has ${size} bytes, more than the ${limit} that are read: move it away if it is not what it should be.`,
      );
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
