import type { StatsFs } from 'node:fs';
import { UserError, messageOf } from '../../shared/user-error';
import { isBelow } from './path-below';

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a file is in the folder’s place',
  EISDIR: 'a folder is there',
  ENOTEMPTY: 'a folder is there',
  ENOENT: 'the path does not exist and cannot be made',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'the disk or share reports an error',
  ESTALE: 'the share has lost the file',
  ETIMEDOUT: 'the share does not answer',
  EBUSY: 'another program uses it',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

/** Free space below this counts as full, in bytes: even the smallest image takes more. */
const FULL_BELOW = 16_384;

/** Whether a file system has no room for an image, as statfs(2) tells. */
export function isVolumeFull({ bavail, bsize }: Pick<StatsFs, 'bavail' | 'bsize'>): boolean {
  return bavail * bsize < FULL_BELOW;
}

/** What SQLite’s result codes say of the file system: https://www.sqlite.org/rescode.html. Longer codes begin with them. */
const OF_SQLITE: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'ENOSPC',
  SQLITE_READONLY: 'EROFS',
  SQLITE_IOERR: 'EIO',
};

/** Of the same, but what it says is not of the file system: another file is in the database's place, or none. */
const DATABASE_MOVED = 'SQLITE_READONLY_DBMOVED';

/** The code of a file system error, also where SQLite met it; undefined where it has none. */
function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  if (typeof code !== 'string') return undefined;
  if (code === DATABASE_MOVED) return code;
  return OF_SQLITE[/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? ''] ?? code;
}

/** Description of a file system error for the user, to be put in brackets. */
export function describe(error: unknown): string {
  const code = codeOf(error);
  return (code !== undefined ? WORDS[code] : undefined) ?? messageOf(error);
}

/** Whether the code of an error says that the disk or a quota is full. */
export function isOfFullDisk(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** What to do where a data folder can’t be written to. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on its disk',
  EDQUOT: 'make room on its disk',
  EROFS: 'make it writable',
  // SQLite says this of a quota that is used up, too.
  EIO: 'see whether its disk is in order and your quota is not used up',
};

/**
 * An error that nobody expected, as a sentence for the user where the disk of the data folder caused it. Other errors are
 * returned as they are, also those of other disks, such as an output's.
 */
export function ofDataFolder(error: unknown, dataFolder: string): unknown {
  if (error instanceof UserError) return error;
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === DATABASE_MOVED)
    return new UserError(
      `A database in the data folder ${dataFolder} was moved or deleted while Framegauge used it: put it back, then start Framegauge again.`,
      'disk',
    );
  const remedy = REMEDIES[codeOf(error) ?? ''];
  const isItsOwn = isOfDatabase(error) || (path !== undefined && isBelow(path, dataFolder));
  if (remedy === undefined || !isItsOwn) return error;
  return new UserError(
    `Framegauge cannot write to its data folder ${dataFolder} (${describe(error)}): ${remedy}, then try again.`,
    'disk',
  );
}

/** Whether an error says that a database could not be read or written. */
export function isOfDatabase(error: unknown): boolean {
  return String((error as { code?: unknown } | null)?.code).startsWith('SQLITE');
}

/**
 * Whether a program could not be started for want of memory, processes or open files: a later try may succeed.
 *
 * @param code of the error of spawn(2)
 */
export function isShortage(code: string | undefined): boolean {
  return code === 'EAGAIN' || code === 'ENOMEM' || code === 'EMFILE' || code === 'ENFILE';
}
