import { stat } from 'node:fs/promises';

/** Identifies a state of an output file: the file is unchanged as long as size and time are. */
export interface FileStamp {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970, with a fraction. */
  readonly modifiedAt: number;
  /** Inode number; absent from older records. */
  readonly inode?: number;
}

/** A file that is about to be renamed to its output path. */
export interface JournaledFile extends FileStamp {
  /** SHA-256 of its content, as hex; absent from journals of older versions. */
  readonly sha256?: string;
}

/** The part of a journal entry that is kept after the rename; the hash is not needed any more. */
export function stampOnly({ path, bytes, modifiedAt, inode }: JournaledFile): FileStamp {
  return { path, bytes, modifiedAt, ...(inode === undefined ? {} : { inode }) };
}

/**
 * Resolution of file times on some file systems, in milliseconds (FAT: 2 s): they round a time that was exact while the
 * file was only in the cache.
 */
const COARSE = 2_000;

/** Stamp of a file in its current state; null where it is missing or not a regular file. */
export async function stampOf(path: string): Promise<FileStamp | null> {
  return readStamp(path).catch(() => null);
}

/** As {@link stampOf}. @throws Error from the file system, also where there is no file */
export async function readStamp(path: string): Promise<FileStamp | null> {
  const found = await stat(path);
  return found.isFile() ? { path, bytes: found.size, modifiedAt: found.mtimeMs, inode: found.ino } : null;
}

/** Whether a file is unchanged since we wrote it. */
export async function isUnchanged(stamp: FileStamp): Promise<boolean> {
  const now = await stampOf(stamp.path);
  return now !== null && isSame(stamp, now);
}

/** Key of a file in a certain state and at a certain path. */
export function keyOf({ path, bytes, modifiedAt }: FileStamp): string {
  return `${bytes} ${modifiedAt} ${path}`;
}

/** Whether two stamps are of the same file, regardless of its path. A time in whole seconds may have been rounded. */
export function isSame(stamp: FileStamp, now: FileStamp): boolean {
  if (now.bytes !== stamp.bytes) return false;
  return (
    now.modifiedAt === stamp.modifiedAt ||
    (now.modifiedAt % 1_000 === 0 && Math.abs(now.modifiedAt - stamp.modifiedAt) < COARSE)
  );
}

/**
 * Whether a file is the one that was about to be renamed when the last host ended: as {@link isSame}, or with the same
 * inode, where the file system has them, whatever its clock says.
 */
export function arrived(stamp: FileStamp, now: FileStamp): boolean {
  return (
    isSame(stamp, now) ||
    (now.bytes === stamp.bytes && now.inode !== undefined && now.inode !== 0 && now.inode === stamp.inode)
  );
}

/** A job's stamps after some of its files were written again. */
export function mergeStamps(newer: readonly FileStamp[], older: readonly FileStamp[]): FileStamp[] {
  const paths = new Set(newer.map(({ path }) => path));
  return [...newer, ...older.filter(({ path }) => !paths.has(path))];
}
