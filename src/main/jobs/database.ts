import { existsSync, renameSync } from 'node:fs';
import Database from 'libsql';

/**
 * Numbered steps that build the present schema; `PRAGMA user_version` says how many were taken. Never change a step that was released; add one.
 * Times are milliseconds since 1970.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    engine TEXT NOT NULL,
    settings TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    last_frame INTEGER
  ) STRICT;
  CREATE TABLE frames (
    job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    frame INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    file TEXT,
    seconds REAL,
    started_at INTEGER,
    written_at INTEGER,
    PRIMARY KEY (job_id, position)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX frames_by_number ON frames (job_id, frame);
  CREATE INDEX frames_by_state ON frames (job_id, state, position);
  `,
];

/**
 * Opens the queue's database and brings it up to date. A file that is no sound database is set aside, never deleted.
 *
 * @returns the database, and a sentence for the person when the old one was set aside
 */
export function openDatabase(file: string): { database: Database.Database; notice: string | null } {
  try {
    return { database: openAndMigrate(file), notice: null };
  } catch (error) {
    if (!existsSync(file)) throw error;
    const aside = file.replace(/\.sqlite$/, '') + `.set-aside-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.sqlite`;
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
    }
    return {
      database: openAndMigrate(file),
      notice: `The queue’s database could not be read (${(error as Error).message}). It was set aside as ${aside}; the queue starts empty, and no image was touched.`,
    };
  }
}

function openAndMigrate(file: string): Database.Database {
  const database = new Database(file);
  try {
    database.exec('PRAGMA journal_mode = WAL');
    // In WAL mode NORMAL loses nothing when a process dies; a power cut may lose the last moments, which the next start repairs from the files.
    database.exec('PRAGMA synchronous = NORMAL');
    database.exec('PRAGMA foreign_keys = ON');
    const sound = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    if (sound.quick_check !== 'ok') throw new Error(sound.quick_check);
    const version = (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
    if (version > migrations.length) throw new Error(`it was written by a newer version of Framegauge (schema ${version})`);
    for (const [index, step] of migrations.entries()) {
      if (index < version) continue;
      database.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${index + 1}; COMMIT`);
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
