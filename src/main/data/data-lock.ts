import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';

/**
 * Takes a data folder for this process. The lock is an open write transaction on a small SQLite file, so the system itself lets it go when the process ends,
 * however it ends: no stale lock files.
 *
 * @returns releases the folder; null when another process holds it
 */
export function lockDataFolder(dataFolder: string): (() => void) | null {
  mkdirSync(dataFolder, { recursive: true });
  const database = new Database(join(dataFolder, 'host.lock'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (/locked|busy/i.test((error as Error).message)) return null;
    throw error;
  }
  return () => {
    database.exec('ROLLBACK');
    database.close();
  };
}
