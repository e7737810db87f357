import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { UserError } from '../../shared/user-error';
import { announcedHost } from './announced-host';
import { checkDataFiles } from './check-data-files';
import { isKept, isOurs, makePrivateFile, makePrivateFolder } from './private-files';
import { describe, ofDataFolder } from './system-error';

/**
 * Locks a data folder for this process. The lock is an open write transaction on a small SQLite file, so the system
 * releases it when the process ends for any reason, and no stale lock files remain. Folder and file are private to this
 * user, since anyone who can read the file could hold the lock for ever.
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
  const database = new Database(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (/locked|busy/i.test((error as Error).message)) return null;
    if ((error as { code?: string }).code === 'SQLITE_NOTADB')
      throw new UserError(`The lock ${file} is damaged: delete it while no Framegauge uses that data folder.`);
    if ((error as { code?: string }).code === 'SQLITE_CANTOPEN')
      throw new UserError(
        `The lock ${file} cannot be opened: move away what lies beside it under a name that begins with host.lock, while no Framegauge uses that data folder.`,
      );
    throw ofDataFolder(error, dataFolder);
  }
  const unlock = (): void => {
    database.exec('ROLLBACK');
    database.close();
  };
  try {
    checkDataFiles(dataFolder);
    removeHalfWritten(dataFolder);
  } catch (error) {
    unlock();
    throw error;
  }
  return unlock;
}

/** Removes what hosts that were killed had half written (write-file-atomically.ts): it may hold passwords. */
function removeHalfWritten(dataFolder: string): void {
  for (const entry of readdirSync(dataFolder, { withFileTypes: true }))
    if (entry.isFile() && isKept(entry.name) && /\.\d+\.tmp$/.test(entry.name))
      rmSync(join(dataFolder, entry.name), { force: true });
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
