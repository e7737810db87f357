import type { FileHandle } from 'node:fs/promises';
import { realpath, stat } from 'node:fs/promises';
import { openRegularFile } from './open-regular-file';
import { isBelow } from './path-below';

/** The folders that files may be read from on somebody's behalf, with links resolved. */
export interface AllowedFolders {
  readonly open: readonly string[];
  /** Closed even if it lies in one of the others: the host's data folder. */
  readonly closed: string | null;
  readonly openInClosed: string | null;
}

/** The file lies outside the allowed folders. */
export class OutsideError extends Error {
  override readonly name = 'OutsideError';

  constructor(path: string) {
    super(`“${path}” is outside of the folders that may be read here.`);
  }
}

/** @returns null where there is nothing */
export async function realOrNull(path: string | null): Promise<string | null> {
  return path === null ? null : realpath(path).catch(() => null);
}

/** @param path absolute, with links resolved */
export function isAllowed(path: string, { open, closed, openInClosed }: AllowedFolders): boolean {
  if (closed !== null && isBelow(path, closed) && !(openInClosed !== null && isBelow(path, openInClosed))) return false;
  return open.some((folder) => isBelow(path, folder));
}

/** An open file and its real path. */
export interface AllowedFile {
  readonly handle: FileHandle;
  /** In bytes, as it was opened. */
  readonly size: number;
  /** Absolute, with links resolved. */
  readonly path: string;
}

/**
 * Opens a file that must lie in allowed folders. A link may be changed between the check and opening, so the file is opened first, and
 * must then be the one at an allowed path.
 *
 * @throws OutsideError, NotAFileError, or Error from the file system
 */
export async function openAllowed(path: string, allowed: AllowedFolders): Promise<AllowedFile> {
  // A file outside should not even be opened if that is known in advance.
  if (!isAllowed(await realpath(path), allowed)) throw new OutsideError(path);
  const handle = await openRegularFile(path);
  try {
    const real = await realpath(path);
    const [opened, there] = await Promise.all([handle.stat({ bigint: true }), stat(real, { bigint: true })]);
    if (!isAllowed(real, allowed) || opened.ino !== there.ino || opened.dev !== there.dev) throw new OutsideError(path);
    return { handle, size: Number(opened.size), path: real };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
