import type Database from 'libsql';
import { openSqlite } from '../../data/open-sqlite';
import type { EngineId } from '../../../shared/scene';
import { BUILT_IN_ENGINES } from '../../../shared/scene-extensions';
import { contentFault } from './integrity-check';
import { continueLeases } from './leases';
import { type Salvaged, salvage } from './salvage';

/** Schema migrations. Never change a released one; add another. Times are milliseconds since 1970. */
export const migrations: readonly string[] = [
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
  // Frame counts are stored with the job and updated in the same transactions: counting a million rows at every start
  // takes too long.
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
  // fingerprint: what images were rendered from; placing: files about to be renamed; folder: where a job's images go,
  // used to find jobs with the same output whenever another one is added.
  `
  ALTER TABLE jobs ADD COLUMN fingerprint TEXT;
  ALTER TABLE jobs ADD COLUMN folder TEXT NOT NULL DEFAULT '';
  ALTER TABLE frames ADD COLUMN fingerprint TEXT;
  ALTER TABLE frames ADD COLUMN placing TEXT;
  UPDATE jobs SET folder = rtrim(rtrim(settings ->> 'output', replace(replace(settings ->> 'output', '/', ''), char(92), '')), '/' || char(92)) WHERE json_valid(settings);
  CREATE INDEX jobs_by_folder ON jobs (folder, id);
  `,
  // The single row of leases counts tries and never decreases: a lease identifies a try permanently. Frames in work
  // when a host of an older version ended have lease 0.
  `
  CREATE TABLE leases (last INTEGER NOT NULL) STRICT;
  INSERT INTO leases (last) VALUES (0);
  ALTER TABLE frames ADD COLUMN lease INTEGER;
  UPDATE frames SET lease = 0 WHERE state = 'rendering';
  UPDATE frames SET placing = CASE WHEN state = 'rendering' AND json_valid(placing)
      THEN json_object('lease', 0, 'fingerprint', placing -> '$.fingerprint', 'files', coalesce(placing -> '$.stamps', json('[]'))) END
    WHERE placing IS NOT NULL;
  `,
  // machine: which machine of the farm had the frame last; machines: all that have had frames of a job, so that a list
  // of jobs can be filtered by one without going through their frames.
  `
  ALTER TABLE frames ADD COLUMN machine TEXT;
  ALTER TABLE jobs ADD COLUMN machines TEXT NOT NULL DEFAULT '[]';
  `,
  // note: what people write down about a job; failure: what was wrong, as a code of shared/failures.ts.
  `
  ALTER TABLE jobs ADD COLUMN note TEXT NOT NULL DEFAULT '';
  ALTER TABLE jobs ADD COLUMN failure TEXT;
  ALTER TABLE frames ADD COLUMN failure TEXT;
  `,
  // source: fingerprint of what the latest try was dispatched to render, which the next host compares before it takes
  // over what a machine has rendered.
  `
  ALTER TABLE frames ADD COLUMN source TEXT;
  `,
  // volume: root of the file system that a job's images go to, to notice when it is not mounted any more.
  `
  ALTER TABLE jobs ADD COLUMN volume TEXT;
  `,
  // scene_volume: the same of its scene.
  `
  ALTER TABLE jobs ADD COLUMN scene_volume TEXT;
  `,
];

/**
 * Opens the queue's database and migrates it. A damaged file is set aside, never deleted, and what can be read of it is
 * salvaged.
 *
 * @param engines that jobs may have
 * @returns the database, and a notice for the user if the old one was set aside
 * @throws as {@link openSqlite}
 */
export function openDatabase(
  file: string,
  engines: readonly EngineId[] = BUILT_IN_ENGINES,
): { database: Database.Database; notice: string | null } {
  let saved = 'The queue starts empty';
  const { database, setAside } = openSqlite(file, {
    migrations,
    // The store checkpoints regularly; this pragma covers a queue that grows quickly.
    pragmas: ['PRAGMA foreign_keys = ON', 'PRAGMA wal_autocheckpoint = 2000'],
    contentFault: (opened) => contentFault(opened, engines),
    salvage(empty, aside) {
      // Leases must keep increasing even if the last one is unknown. There was never more than one try per millisecond
      // since 1970.
      continueLeases(empty, Date.now());
      if (!aside.newer) saved = describeSaved(salvage(aside.file, empty, engines));
    },
  });
  if (setAside === null) return { database, notice: null };
  return {
    database,
    notice: `The queue’s database could not be read (${setAside.reason}). It was set aside as ${setAside.file}. ${saved}, and no image was touched.`,
  };
}

function describeSaved({ jobs, lostJobs, frames, lostFrames }: Salvaged): string {
  if (jobs === 0) return 'Nothing in it could be saved: the queue starts empty';
  const lost = lostJobs > 0 ? `, ${count(lostJobs, 'job')} could not be read` : '';
  const again =
    lostFrames > 0
      ? `; ${count(lostFrames, 'frame')} of them could not be read and ${lostFrames === 1 ? 'waits' : 'wait'} again (where images of theirs are there already, the job fails and names the choices)`
      : '';
  return `Saved ${jobs === 1 ? 'was' : 'were'} ${count(jobs, 'job')} with ${count(frames + lostFrames, 'frame')}${again}${lost}`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
