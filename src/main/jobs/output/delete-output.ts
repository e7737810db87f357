import { rm } from 'node:fs/promises';
import { UserError } from '../../../shared/user-error';
import { describe } from '../../data/system-error';
import { type FileStamp, isUnchanged } from './output-stamps';

/** Number of files checked in parallel. */
const AT_ONCE = 32;

/** The files that are unchanged since the job wrote them. */
export async function unchangedFiles(stamps: readonly FileStamp[]): Promise<FileStamp[]> {
  const found: FileStamp[] = [];
  const seen = new Set<string>();
  for (let at = 0; at < stamps.length; at += AT_ONCE) {
    const some = stamps.slice(at, at + AT_ONCE);
    const unchanged = await Promise.all(some.map(isUnchanged));
    for (const [index, stamp] of some.entries()) {
      if (!unchanged[index] || seen.has(stamp.path)) continue;
      seen.add(stamp.path);
      found.push(stamp);
    }
  }
  return found;
}

/**
 * Deletes files, checking each again right before.
 *
 * @returns number of files deleted
 * @throws UserError for the first one that can't be deleted; those after it stay, too
 */
export async function deleteFiles(stamps: readonly FileStamp[]): Promise<number> {
  let deleted = 0;
  for (const stamp of stamps) {
    if (!(await isUnchanged(stamp))) continue;
    try {
      await rm(stamp.path, { force: true });
    } catch (error) {
      throw new UserError(
        `The job was deleted, but not all of its images: “${stamp.path}” cannot be deleted (${describe(error)}). Delete what is left by hand.`,
      );
    }
    deleted++;
  }
  return deleted;
}
