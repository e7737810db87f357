import Database from 'libsql';

/**
 * Locks a file for this process: an open write transaction on a small SQLite file, so the system releases it when the
 * process ends for any reason, and no stale locks remain. The file is made where it is missing.
 *
 * @returns releases it; null when another process, or another lock of this one, holds it
 * @throws Error of SQLite, with its `code`
 */
export function lockFile(file: string): (() => void) | null {
  const database = new Database(file, { timeout: 0 });
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
