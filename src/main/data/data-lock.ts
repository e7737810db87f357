import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../shared/user-error';
import { announcedHost } from './announced-host';
import { checkDataFiles } from './check-data-files';
import { lockFile } from './file-lock';
import { isOurs, makePrivateFile, makePrivateFolder } from './private-files';
import { describe, ofDataFolder } from './system-error';

/**
 * Locks a data folder for this process, until it ends for any reason (`file-lock.ts`). Folder and file are private to
 * this user, since anyone who can read the file could hold the lock for ever.
 *
 * @returns releases the folder; null when another process holds it
 * @throws UserError when the folder belongs to another user, or can't be written to, or something else is in the
 *   place of a host's files
 */
export function lockDataFolder(dataFolder: string): (() => void) | null {
  const file = join(dataFolder, 'host.lock');
  try {
    makePrivateFolder(dataFolder);
    dropForeignLock(dataFolder, file);
    makePrivateFile(file);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `The data folder ${dataFolder} cannot be used (${describe(error)}): name another one with --data.`,
    );
  }
  const unlock = lockDataFile(file, dataFolder);
  if (!unlock) return null;
  try {
    checkDataFiles(dataFolder);
    removeHalfWritten(dataFolder);
  } catch (error) {
    unlock();
    throw error;
  }
  return unlock;
}

/** @throws UserError where it can't be locked by anybody */
function lockDataFile(file: string, dataFolder: string): (() => void) | null {
  try {
    return lockFile(file);
  } catch (error) {
    const { code } = error as Error & { code?: string };
    if (code === 'SQLITE_NOTADB')
      throw new UserError(`The lock ${file} is damaged: delete it while no Framegauge uses that data folder.`);
    if (code === 'SQLITE_CANTOPEN')
      throw new UserError(
        `The lock ${file} cannot be opened: close Framegauge, then move away the files and folders beside it whose names begin with “host.lock-”.`,
      );
    throw ofDataFolder(error, dataFolder);
  }
}

/** What write-file-atomically.ts may leave of the files in a data folder. Others there may be the user's. */
const HALF_WRITTEN =
  /^(?:(?:host|preferences|last-scene|recent-scenes|addon-blocks)\.json|(?:control|read)-token)\.\d+\.tmp$/;

/** Removes what hosts that were killed had half written: it may hold passwords, tokens and keys. */
function removeHalfWritten(dataFolder: string): void {
  const places = [
    { folder: dataFolder, pattern: HALF_WRITTEN },
    ...['farm', 'machine'].map((name) => ({ folder: join(dataFolder, name), pattern: /\.\d+\.tmp$/ })),
  ];
  for (const { folder, pattern } of places) {
    try {
      for (const entry of readdirSync(folder, { withFileTypes: true }))
        if (entry.isFile() && pattern.test(entry.name)) rmSync(join(folder, entry.name), { force: true });
    } catch {
      // There is no such folder, or something else uses the file: the next start tries again.
    }
  }
}

/**
 * Other users could open a lock file of an earlier version, and may still hold it. Unless a host that created it is
 * running, it is replaced; the private folder keeps others from creating another.
 */
function dropForeignLock(dataFolder: string, file: string): void {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (!found || process.platform === 'win32') return;
  const open = (found.mode & 0o077) !== 0;
  if (found.isFile() && isOurs(found) && !open) return;
  if (found.isFile() && isOurs(found) && announcedHost(dataFolder)) return;
  rmSync(file, { force: true, recursive: true });
}
