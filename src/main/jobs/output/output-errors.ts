import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError, messageOf } from '../../../shared/user-error';
import { FrameError } from '../../engines/render-engine';

/** Images cannot be written because the disk or a quota is full. Does not count as a failed try. */
export class NoSpaceError extends UserError {}

/** Whether an error means that the disk or a quota is full. */
export function isFull(error: unknown): boolean {
  if (error instanceof NoSpaceError) return true;
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** Free space below this counts as full, in bytes: even the smallest image takes more. */
const FULL = 16_384;

/**
 * An engine that writes images itself may report a full disk as another error, or not notice that an image was cut
 * short.
 *
 * @param folder it wrote to
 * @returns NoSpaceError if the disk is full and that can explain the failure; otherwise the failure itself
 */
export async function fullOr(failure: unknown, folder: string): Promise<unknown> {
  if (!(failure instanceof FrameError) || (failure.kind !== 'output' && failure.kind !== 'image')) return failure;
  return (await isDiskFull(folder)) ? noSpaceFor(folder) : failure;
}

/** Whether the disk of a folder that images are written to is full. */
export async function isDiskFull(folder: string): Promise<boolean> {
  const volume = await statfs(dirname(folder)).catch(() => null);
  return volume !== null && volume.bavail * volume.bsize < FULL;
}

/** @param folder that images are written to */
export function noSpaceFor(folder: string): UserError {
  return outputError(`Images cannot be written to ${dirname(folder)}`, { code: 'ENOSPC' });
}

/** @param what the operation that failed, as a sentence without a full stop */
export function outputError(what: string, error: unknown): UserError {
  const sentence = `${what} (${describe(error)}): free space or choose another output.`;
  return isFull(error) ? new NoSpaceError(sentence) : new UserError(sentence);
}

/** Description of a file system error for the user. */
export function describe(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  const words: Record<string, string> = {
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
  };
  return (code && words[code]) ?? messageOf(error);
}
