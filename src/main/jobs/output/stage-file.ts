import { constants, renameSync, statSync } from 'node:fs';
import { copyFile, open, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../../data/make-folder';
import { FrameError } from '../../engines/render-engine';
import { type HostTry, removeLeftover, tryName } from './frame-folder';
import { hashOpenFile } from './hash-file';
import { outputError, renameError } from './output-errors';
import type { FileStamp } from './output-stamps';

/** A rendered file that is ready to be renamed to its output path. */
export interface Staged {
  /** Flushed, on the file system of `to`. */
  readonly from: string;
  readonly to: string;
  /** SHA-256 of its content, as hex. */
  readonly sha256: string;
}

/** What is known of a file to be staged. */
export interface StagedFile {
  /** One of the frame's own images: it is moved out of the folder of its try, which can then be removed early. */
  readonly own: boolean;
  /** Its SHA-256, as hex, where it is flushed already. */
  readonly flushed?: string | null;
}

/**
 * Flushes a file to disk, and copies it to the file system of its output path if it is on another one.
 *
 * @throws UserError when it can't be written there; FrameError for what may pass
 */
export async function stage(
  path: string,
  to: string,
  attempt: HostTry,
  { own, flushed = null }: StagedFile,
): Promise<Staged> {
  const folder = dirname(to);
  const copy = stagedName(to, attempt);
  try {
    if (folder === dirname(dirname(path))) {
      const sha256 = flushed ?? (await flushAndHash(path));
      return { from: own && (await isMoved(path, copy)) ? copy : path, to, sha256 };
    }
    await makeFolder(folder);
    const [here, there] = await Promise.all([stat(path), stat(folder)]);
    if (here.dev === there.dev) return { from: path, to, sha256: flushed ?? (await flushAndHash(path)) };
    // Anything at this path is a link made by somebody else.
    await removeLeftover(copy);
    await copyFile(path, copy, constants.COPYFILE_EXCL);
    return { from: copy, to, sha256: await flushAndHash(copy) };
  } catch (error) {
    await removeLeftover(copy).catch(() => undefined);
    if (isGone(error)) throw takenAway(to);
    throw outputError(`The image ${to} cannot be written`, error);
  }
}

/** Where a file is staged, if not where it was rendered. @param to its output path */
export function stagedName(to: string, attempt: HostTry): string {
  return join(dirname(to), `${tryName(attempt)}-copy-${basename(to)}`);
}

/** The stamp a file will have after its rename. @throws FrameError when it is missing */
export function stampToBe({ from, to }: Staged): FileStamp {
  try {
    const { size, mtimeMs, ino } = statSync(from);
    return { path: to, bytes: size, modifiedAt: mtimeMs, inode: ino };
  } catch {
    throw takenAway(to);
  }
}

/**
 * Renames a verified file to its output path, overwriting what exists.
 *
 * @throws UserError when the path holds something a file can't overwrite; FrameError for what may pass
 */
export function renameFile({ from, to }: Staged): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (isGone(error)) throw takenAway(to);
    throw renameError(`The image ${to} cannot be moved into place`, error);
  }
}

/** @returns false where the new name is too long, or taken by a folder */
async function isMoved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (isGone(error)) throw error;
    return false;
  }
}

function isGone(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** The output folder was deleted while the image was staged in it: the next try creates it again. */
function takenAway(to: string): FrameError {
  return new FrameError(`The image ${to} was deleted before it was moved into place.`, false, 'output');
}

async function flushAndHash(path: string): Promise<string> {
  const handle = await open(path, 'r+');
  try {
    const sha256 = await hashOpenFile(handle);
    await handle.datasync();
    return sha256;
  } finally {
    await handle.close();
  }
}
