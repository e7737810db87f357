import { existsSync, renameSync } from 'node:fs';
import Database from 'libsql';
import { type Salvaged, salvage } from './salvage';
import { contentFault } from './integrity-check';

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
  // How many frames are in each state stands with the job, kept by the same transactions: counting a million rows at every start takes too long.
  `
  ALTER TABLE jobs ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN comes_after TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE jobs ADD COLUMN start_at REAL;
  ALTER TABLE jobs ADD COLUMN place REAL NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN warnings TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE jobs ADD COLUMN total INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN rendering INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN done INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE jobs ADD COLUMN suspicious INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE frames ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE frames ADD COLUMN files TEXT;
  ALTER TABLE frames ADD COLUMN suspicion TEXT;
  ALTER TABLE frames ADD COLUMN slot INTEGER;
  ALTER TABLE frames ADD COLUMN peak_bytes INTEGER;
  CREATE INDEX frames_in_work ON frames (state) WHERE state = 'rendering';
  CREATE TABLE queue (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  UPDATE jobs SET place = id;
  UPDATE jobs SET (total, waiting, rendering, done, failed, skipped) = (
    SELECT count(*), count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'rendering'), count(*) FILTER (WHERE state = 'done'),
      count(*) FILTER (WHERE state = 'failed'), count(*) FILTER (WHERE state = 'skipped')
    FROM frames WHERE job_id = jobs.id
  );
  `,
];

/**
 * Opens the queue's database and brings it up to date. A file that is no sound database is set aside, never deleted, and what can be read of it is taken over.
 *
 * @returns the database, and a sentence for the person when the old one was set aside
 */
export function openDatabase(file: string): { database: Database.Database; notice: string | null } {
  try {
    return { database: openAndMigrate(file), notice: null };
  } catch (error) {
    if (!existsSync(file)) throw error;
    const aside =
      file.replace(/\.sqlite$/, '') + `.set-aside-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.sqlite`;
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
    }
    const database = openAndMigrate(file);
    const saved =
      error instanceof NewerDatabaseError ? 'The queue starts empty' : describeSaved(salvage(aside, database));
    return {
      database,
      notice: `The queue’s database could not be read (${(error as Error).message}). It was set aside as ${aside}. ${saved}, and no image was touched.`,
    };
  }
}

/** It may hold what this version cannot understand, so nothing is taken out of it. */
class NewerDatabaseError extends Error {}

function openAndMigrate(file: string): Database.Database {
  const database = new Database(file);
  try {
    database.exec('PRAGMA journal_mode = WAL');
    // In WAL mode NORMAL loses nothing when a process dies; a power cut may lose the last moments, which the next start repairs from the files.
    database.exec('PRAGMA synchronous = NORMAL');
    database.exec('PRAGMA foreign_keys = ON');
    // The store checkpoints now and then; this is for a queue that grows quickly.
    database.exec('PRAGMA wal_autocheckpoint = 2000');
    // A million frames are looked through in a sixth of a second.
    const sound = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    if (sound.quick_check !== 'ok') throw new Error(oneLine(sound.quick_check));
    const version = (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
    if (version > migrations.length)
      throw new NewerDatabaseError(`it was written by a newer version of Framegauge (schema ${version})`);
    for (const [index, step] of migrations.entries()) {
      if (index < version) continue;
      database.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${index + 1}; COMMIT`);
    }
    const fault = contentFault(database);
    if (fault !== null) throw new Error(fault);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function describeSaved({ jobs, lostJobs, frames, lostFrames }: Salvaged): string {
  if (jobs === 0) return 'Nothing in it could be saved: the queue starts empty';
  const lost = lostJobs > 0 ? `, ${count(lostJobs, 'job')} could not be read` : '';
  const again =
    lostFrames > 0
      ? `; ${count(lostFrames, 'frame')} of them could not be read and ${lostFrames === 1 ? 'is' : 'are'} looked for among the images again`
      : '';
  return `Saved ${jobs === 1 ? 'was' : 'were'} ${count(jobs, 'job')} with ${count(frames + lostFrames, 'frame')}${again}${lost}`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function oneLine(text: string): string {
  return text
    .replaceAll(/\*\*\*.*?\*\*\*/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
