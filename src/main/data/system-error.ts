import type { StatsFs } from 'node:fs';
import { messageOf } from '../../shared/user-error';

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

/** Description of a file system error for the user, to be put in brackets. */
export function describe(error: unknown): string {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return (code !== undefined ? WORDS[code] : undefined) ?? messageOf(error);
}

/** Whether the code of an error says that the disk or a quota is full. */
export function isOfFullDisk(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT';
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
