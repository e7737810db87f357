import { closeSync, openSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../../src/main/jobs/store/database';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import { sampleSettings } from '../../../helpers/samples';
import { temporaryFolder } from '../../../helpers/temporary-folder';

function open(folder: string): JobStore {
  const store = new JobStore(folder);
  onTestFinished(() => store.close());
  return store;
}

/** A closed database of jobs with 200 frames each, of which the first 50 are done. */
function makeDatabase(folder: string, jobs: number): string {
  const store = new JobStore(folder);
  for (let job = 1; job <= jobs; job++) {
    const { id } = store.add({
      name: `shot ${job}`,
      engine: 'gltf',
      settings: sampleSettings({ frames: '1-200' }),
      priority: job,
    });
    store.setState(id, 'rendering', null);
    for (let frame = 1; frame <= 50; frame++) {
      store.frameStarted(id, frame);
      store.frameDone(id, frame, { file: `/out/${frame}.png`, seconds: 1 });
    }
  }
  store.close();
  return join(folder, 'queue.sqlite');
}

function damage(file: string, pages: readonly number[]): void {
  const handle = openSync(file, 'r+');
  for (const page of pages) writeSync(handle, Buffer.alloc(4_096, 0xff), 0, 4_096, page * 4_096);
  closeSync(handle);
}

it('saves what can be read of a database with broken pages, and says how much', () => {
  const folder = temporaryFolder();
  const file = makeDatabase(folder, 40);
  // Pages behind the jobs' own: those of frames and their indices.
  const last = Math.floor(statSync(file).size / 4_096);
  damage(file, [last - 3, last - 30, last - 60]);
  const store = open(folder);
  expect(store.notice).toMatch(
    /^The queue’s database could not be read \(.+\)\. It was set aside as .*set-aside.*\.sqlite\. Saved were \d+ jobs with \d+ frames.*, and no image was touched\.$/,
  );
  const jobs = store.jobs();
  expect(jobs.length).toBeGreaterThan(30);
  for (const job of jobs) {
    expect(job).toMatchObject({ name: `shot ${job.id}`, priority: job.id, state: 'rendering', frames: { total: 200 } });
    expect(store.frames(job.id).map(({ frame }) => frame)).toEqual(
      Array.from({ length: 200 }, (_value, index) => index + 1),
    );
    expect(store.frames(job.id, { states: ['done'] })).toHaveLength(job.frames.done);
  }
  expect(jobs.reduce((sum, job) => sum + job.frames.done, 0)).toBeGreaterThan(30 * 40);
  expect(readdirSync(folder).filter((name) => /set-aside.*\.sqlite$/.test(name))).toHaveLength(1);
});

it('counts the frames of a database of the first version', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'queue.sqlite');
  const { database } = openDatabase(file);
  database.close();
  const old = new Database(file);
  old.exec(`DROP TABLE frames; DROP TABLE jobs; DROP TABLE queue;
    CREATE TABLE jobs (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, engine TEXT NOT NULL, settings TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, created_at INTEGER NOT NULL,
      started_at INTEGER, finished_at INTEGER, last_frame INTEGER) STRICT;
    CREATE TABLE frames (job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE, position INTEGER NOT NULL, frame INTEGER NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
      reason TEXT, file TEXT, seconds REAL, started_at INTEGER, written_at INTEGER, PRIMARY KEY (job_id, position)) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX frames_by_number ON frames (job_id, frame);
    CREATE INDEX frames_by_state ON frames (job_id, state, position);
    PRAGMA user_version = 1`);
  const least = {
    scene: '/s.glb',
    frames: '1-3',
    width: 8,
    height: 6,
    samples: 1,
    camera: null,
    fps: 24,
    output: '/out/####.png',
    overwrite: false,
    workers: null,
  };
  old
    .prepare(`INSERT INTO jobs (name, engine, settings, state, created_at) VALUES ('old', 'gltf', ?, 'failed', 1)`)
    .run(JSON.stringify(least));
  for (const [position, state] of ['done', 'failed', 'waiting'].entries())
    old
      .prepare('INSERT INTO frames (job_id, position, frame, state, file) VALUES (1, ?, ?, ?, ?)')
      .run(position, position + 1, state, '/out/1.png');
  old.close();
  const store = open(folder);
  expect(store.notice).toBeNull();
  expect(store.job(1)).toMatchObject({
    position: 1,
    priority: 0,
    after: [],
    frames: { total: 3, done: 1, failed: 1, waiting: 1, rendering: 0, skipped: 0 },
    settings: { format: 'png', views: [''] },
  });
});

it('takes nothing out of a database of a newer version', () => {
  const folder = temporaryFolder();
  const file = makeDatabase(folder, 1);
  const newer = new Database(file);
  newer.exec('PRAGMA user_version = 99');
  newer.close();
  const store = open(folder);
  expect(store.notice).toMatch(
    /it was written by a newer version of Framegauge \(schema 99\)\).*The queue starts empty/,
  );
  expect(store.jobs()).toEqual([]);
});

it('cuts a log that has grown large, and keeps what was in it', () => {
  const folder = temporaryFolder();
  const store = open(folder);
  store.add({ name: 'long', engine: 'gltf', settings: sampleSettings({ frames: '1-300000' }) });
  const log = join(folder, 'queue.sqlite-wal');
  expect(statSync(log).size).toBeGreaterThan(16_000_000);
  store.checkpoint();
  expect(statSync(log).size).toBe(0);
  expect(store.nextWaiting(1)).toBe(1);
});

it('is not fooled by a file that is no database', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'queue.sqlite'), 'x'.repeat(9_000));
  expect(open(folder).notice).toMatch(
    /Nothing in it could be saved: the queue starts empty, and no image was touched\./,
  );
});
