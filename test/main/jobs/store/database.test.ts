import {
  closeSync,
  openSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import { closeSqlite, openSqlite } from '../../../../src/main/data/open-sqlite';
import { repairHalfStates } from '../../../../src/main/jobs/repair-frames';
import { migrations } from '../../../../src/main/jobs/store/database';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import { needs } from '../../../helpers/needs';
import { makePng } from '../../../helpers/png';
import { sampleSettings } from '../../../helpers/samples';
import { fillDisk, smallDisk } from '../../../helpers/small-disk';
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
      const { lease } = store.tries.start(id, frame);
      store.tries.done({ jobId: id, frame, lease }, { file: `/out/${frame}.png`, seconds: 1 });
    }
  }
  store.close();
  return join(folder, 'queue.sqlite');
}

/** First byte of a page of SQLite that is a leaf of an index, or of a table without row ids. */
const LEAF = 0x0a;

function damage(file: string, pages: readonly number[]): void {
  const handle = openSync(file, 'r+');
  for (const page of pages) writeSync(handle, Buffer.alloc(4_096, 0xff), 0, 4_096, page * 4_096);
  closeSync(handle);
}

it('saves what can be read of a database with broken pages, and says how much', () => {
  const folder = temporaryFolder();
  const file = makeDatabase(folder, 40);
  // Leaves of frames and their indices: what they hold is lost, and nothing below them.
  const bytes = readFileSync(file);
  const leaves = Array.from({ length: bytes.length / 4_096 }, (_value, page) => page).filter(
    (page) => bytes[page * 4_096] === LEAF,
  );
  damage(file, [leaves.at(-3)!, leaves.at(-30)!, leaves.at(-60)!]);
  const store = open(folder);
  expect(store.notice).toMatch(
    /^The queue’s database could not be read \(.+\)\. It was set aside as .*set-aside.*\.sqlite\. Saved were \d+ jobs with \d+ frames.*, and no image was touched\.$/,
  );
  const jobs = store.jobs();
  expect(jobs.length).toBeGreaterThan(30);
  for (const job of jobs) {
    expect(job).toMatchObject({ name: `shot ${job.id}`, priority: job.id, state: 'rendering', frames: { total: 200 } });
    expect(store.frames.list(job.id).map(({ frame }) => frame)).toEqual(
      Array.from({ length: 200 }, (_value, index) => index + 1),
    );
    expect(store.frames.list(job.id, { states: ['done'] })).toHaveLength(job.frames.done);
  }
  expect(jobs.reduce((sum, job) => sum + job.frames.done, 0)).toBeGreaterThan(30 * 40);
  expect(readdirSync(folder).filter((name) => /set-aside.*\.sqlite$/.test(name))).toHaveLength(1);
});

needs.smallDisk('on a disk without room for what can be saved', () => {
  it('puts the damaged database back, for the next start', async () => {
    const disk = await smallDisk(16);
    const file = makeDatabase(disk, 40);
    // A page of its schema: all rows can be read.
    const broken = new Database(file);
    broken.exec(
      `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, ' suspicion ', ' Suspicion ')`,
    );
    closeSqlite(broken);
    const free = fillDisk(disk);
    truncateSync(join(disk, 'somebody-else’s'), statSync(join(disk, 'somebody-else’s')).size - 300_000);
    expect(() => new JobStore(disk)).toThrow('full');
    expect(readdirSync(disk).filter((name) => name.includes('set-aside'))).toEqual([]);
    free();
    expect(open(disk).jobs()).toHaveLength(40);
  });
});

it('counts the frames of a database of the first version', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'queue.sqlite');
  const { database: old } = openSqlite(file, { migrations: migrations.slice(0, 1) });
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
  expect(store.notice).toMatch(/\(written by a newer version of Framegauge \(schema 99\)\).*The queue starts empty/);
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
  expect(store.frames.nextWaiting(1)).toBe(1);
});

it('is not fooled by a file that is no database', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'queue.sqlite'), 'x'.repeat(9_000));
  expect(open(folder).notice).toMatch(
    /Nothing in it could be saved: the queue starts empty, and no image was touched\./,
  );
});

it('knows the engines that it is opened with, and takes a job of any other for damage', () => {
  const folder = temporaryFolder();
  const store = new JobStore(folder, ['paper']);
  store.add({ name: 'shot', engine: 'paper', settings: sampleSettings({ frames: '1-2' }) });
  store.close();
  const again = new JobStore(folder, ['paper']);
  expect(again).toMatchObject({ notice: null });
  again.close();
  const other = open(folder);
  expect(other.notice).toMatch(/\(job 1 is damaged\).*Nothing in it could be saved/);
});

/** What version 0.1.0 left when it was killed: frame 1 is done, 2 had arrived, 3 was about to, 4 was rendered. */
function schema3(folder: string, file: (frame: number) => string): string {
  const path = join(folder, 'queue.sqlite');
  const { database } = openSqlite(path, { migrations: migrations.slice(0, 3) });
  const settings = JSON.stringify(sampleSettings({ frames: '1-5', output: join(folder, '####.png') }));
  database
    .prepare(
      "INSERT INTO jobs (name, engine, settings, state, created_at, folder, total, waiting, rendering, done) VALUES ('half', 'gltf', ?, 'rendering', 1, ?, 5, 1, 3, 1)",
    )
    .run(settings, folder);
  const placing = (frame: number, path: string): string => {
    const { size, mtimeMs, ino } = statSync(path);
    return JSON.stringify({
      stamps: [{ path: file(frame), bytes: size, modifiedAt: mtimeMs, inode: ino }],
      fingerprint: 'red',
    });
  };
  writeFileSync(join(folder, 'staged.png'), makePng(8, 6, 3));
  const states = ['done', 'rendering', 'rendering', 'rendering', 'waiting'];
  const journals = [null, placing(2, file(2)), placing(3, join(folder, 'staged.png')), null, placing(2, file(2))];
  for (const [position, state] of states.entries())
    database
      .prepare('INSERT INTO frames (job_id, position, frame, state, attempts, placing) VALUES (1, ?, ?, ?, 1, ?)')
      .run(position, position + 1, state, journals[position]);
  closeSqlite(database);
  return path;
}

it.each(['whole', 'damaged'])(
  'goes on with a half-done job of the last version, its database %s',
  async (condition) => {
    const folder = temporaryFolder();
    const file = (frame: number): string => join(folder, `000${frame}.png`);
    for (const frame of [1, 2]) writeFileSync(file(frame), makePng(8, 6, frame));
    const path = schema3(folder, file);
    if (condition === 'damaged') {
      const bytes = readFileSync(path);
      bytes[bytes.indexOf('jobs_by_folder')] = 0xff;
      writeFileSync(path, bytes);
    }
    const store = open(folder);
    expect(store.notice === null).toBe(condition === 'whole');
    expect(store.tries.interrupted().map(({ frame, lease, journal }) => [frame, lease, journal?.fingerprint])).toEqual([
      [2, 0, 'red'],
      [3, 0, 'red'],
      [4, 0, undefined],
    ]);
    await repairHalfStates(store, {
      verify: () => expect.fail('verified an image'),
      inspect: () => Promise.resolve({ format: 'png', width: 8, height: 6 }),
    });
    expect(store.job(1)).toMatchObject({ state: 'queued', frames: { done: 2, waiting: 3, rendering: 0 } });
    expect(store.frames.record(1, 2)).toMatchObject({ fingerprint: 'red', stamps: [{ path: file(2) }] });
    store.setState(1, 'rendering', null);
    const { lease } = store.tries.start(1, 3);
    expect(lease).toBeGreaterThan(0);
    store.tries.writeJournal({ jobId: 1, frame: 3, lease }, { files: [], fingerprint: null });
    expect(store.tries.interrupted()).toEqual([
      { jobId: 1, frame: 3, lease, machine: null, source: null, journal: { lease, files: [], fingerprint: null } },
    ]);
  },
);
