import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { closeSqlite, openSqlite } from '../../../../src/main/data/open-sqlite';
import { migrations } from '../../../../src/main/jobs/store/database';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import { type Salvaged, salvage } from '../../../../src/main/jobs/store/salvage';
import { paperJob } from '../../../helpers/paper-queue';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** A database of two jobs with four frames each; of the first one, frame 3 is done, 1 has failed, and 4 is in work. */
function makeDatabase(): string {
  const folder = temporaryFolder();
  const store = new JobStore(folder);
  const first = store.add({ ...paperJob(folder, { frames: '3,1,4,2', order: 'list' }), warnings: ['Old.'] });
  store.add({ ...paperJob(folder, { frames: '1-4' }), after: [first.id], priority: 7, folder: '/resolved' });
  store.setState(first.id, 'rendering', null);
  const held = [3, 1, 4].map((frame) => ({ jobId: first.id, frame, lease: store.tries.start(first.id, frame).lease }));
  const stamps = [{ path: '/out/3.png', bytes: 7, modifiedAt: 5 }];
  store.tries.done(held[0]!, { file: '/out/3.png', seconds: 1, stamps, fingerprint: 'red' });
  store.tries.fail(held[1]!, 'No.');
  store.tries.writeJournal(held[2]!, { files: stamps, fingerprint: 'red' });
  store.close();
  return join(folder, 'queue.sqlite');
}

/** What is taken over from a database after a statement has damaged it, into a store that is opened as any other. */
function salvaged(sql = '', file = makeDatabase()): { saved: Salvaged; store: JobStore } {
  if (sql !== '') {
    const damaging = new Database(file);
    damaging.exec(sql);
    damaging.close();
  }
  const folder = temporaryFolder();
  const { database } = openSqlite(join(folder, 'queue.sqlite'), { migrations });
  database.exec('BEGIN');
  const saved = salvage(file, database, ['gltf']);
  database.exec('COMMIT');
  closeSqlite(database);
  const store = new JobStore(folder);
  onTestFinished(() => store.close());
  expect(store.notice).toBeNull();
  return { saved, store };
}

const states = (store: JobStore, id: number): string[] =>
  store.frames.list(id).map(({ frame, state }) => `${frame} ${state}`);

it('takes everything over where nothing is damaged', () => {
  const file = makeDatabase();
  const { saved, store } = salvaged('', file);
  expect(saved).toEqual({ jobs: 2, lostJobs: 0, frames: 8, lostFrames: 0 });
  const old = new JobStore(dirname(file));
  onTestFinished(() => old.close());
  const all = (from: JobStore): unknown => [
    from.jobs(),
    from.jobs().map(({ id }) => [from.frames.list(id), from.frames.stamps(id), from.folder(id)]),
    from.tries.interrupted(),
  ];
  expect(all(store)).toEqual(all(old));
  expect(states(store, 1)).toEqual(['3 done', '1 failed', '4 rendering', '2 waiting']);
});

it.each([
  ['taken over, so that work folders of the last host are found', '', true],
  ['made anew where it is damaged', "UPDATE queue SET value = CAST(x'2fff' AS TEXT)", false],
  ['made anew where nobody can read it', 'DROP TABLE queue', false],
])('has the id of the host %s', (_what, damage, taken) => {
  const file = makeDatabase();
  const old = new JobStore(dirname(file));
  const { host } = old.notes;
  old.close();
  const { store } = salvaged(damage, file);
  expect(store.notes.host === host).toBe(taken);
});

describe('a frame that can’t be read', () => {
  it.each([
    "state = 'dome'",
    "files = '['",
    "files = '{}'",
    "placing = '{'",
    'frame = 99',
    "file = CAST(x'ff' AS TEXT)",
  ])('with %s waits again in its position, and is counted so', (change) => {
    const { saved, store } = salvaged(`UPDATE frames SET ${change} WHERE job_id = 1 AND frame = 3`);
    expect(saved).toEqual({ jobs: 2, lostJobs: 0, frames: 7, lostFrames: 1 });
    expect(states(store, 1)).toEqual(['3 waiting', '1 failed', '4 rendering', '2 waiting']);
    expect(store.job(1)!.frames).toEqual({ total: 4, waiting: 2, rendering: 1, done: 0, failed: 1, skipped: 0 });
    expect(store.frames.get(1, 3)).toMatchObject({ attempts: 0, file: null });
  });

  it('is one that is gone, too', () => {
    const { saved, store } = salvaged('DELETE FROM frames WHERE job_id = 1 AND frame <> 1');
    expect(saved).toMatchObject({ frames: 5, lostFrames: 3 });
    expect(states(store, 1)).toEqual(['3 waiting', '1 failed', '4 waiting', '2 waiting']);
  });

  it('is none of which only what it says to people lacks a letter', () => {
    const { saved, store } = salvaged(
      "UPDATE frames SET reason = CAST(x'4eff' AS TEXT) WHERE job_id = 1 AND frame = 1",
    );
    expect(saved).toMatchObject({ lostFrames: 0 });
    expect(store.frames.get(1, 1)).toMatchObject({ state: 'failed', reason: 'N\uFFFD' });
  });
});

describe('a job that can’t be read', () => {
  it.each([
    "state = 'renderinh'",
    "engine = 'gltg'",
    "settings = '{'",
    "settings = '{}'",
    "settings = json_set(settings, '$.frames', '1-z')",
    "settings = json_set(settings, '$.frames', '1-4000000')",
    "folder = CAST(x'ff' AS TEXT)",
  ])('with %s is lost, and no other', (change) => {
    const { saved, store } = salvaged(`UPDATE jobs SET ${change} WHERE id = 1`);
    expect(saved).toEqual({ jobs: 1, lostJobs: 1, frames: 4, lostFrames: 0 });
    expect(store.ids()).toEqual([2]);
  });

  it('is not looked for without end where the counter of jobs is damaged', () => {
    const { saved } = salvaged(`UPDATE sqlite_sequence SET seq = ${2 ** 50} WHERE name = 'jobs'`);
    expect(saved).toMatchObject({ jobs: 2, lostJobs: 0 });
  });

  it('is none that was removed', () => {
    const { saved } = salvaged('DELETE FROM jobs WHERE id = 1; DELETE FROM frames WHERE job_id = 1');
    expect(saved).toEqual({ jobs: 1, lostJobs: 0, frames: 4, lostFrames: 0 });
  });

  it('is none of which something can be done without', () => {
    const { saved, store } = salvaged(
      "UPDATE jobs SET name = CAST(x'73ff' AS TEXT), warnings = '[1', comes_after = '{}', place = 0, folder = '' WHERE id = 2",
    );
    expect(saved).toMatchObject({ jobs: 2, lostJobs: 0 });
    expect(store.job(2)).toMatchObject({ name: 's\uFFFD', warnings: [], after: [], position: 2, priority: 7 });
    expect(store.folder(2)).toBe(dirname(store.settings(2).output));
  });
});

describe('the counter of leases', () => {
  it('goes on from where it was', () => {
    const { store } = salvaged('UPDATE leases SET last = 500');
    expect(store.tries.start(1, 2).lease).toBe(501);
  });

  it('does not follow nonsense, nor does a frame', () => {
    const { store } = salvaged(`UPDATE leases SET last = ${2 ** 60}; UPDATE frames SET lease = ${2 ** 60}`);
    expect(store.tries.interrupted()).toMatchObject([{ jobId: 1, frame: 4, lease: 0 }]);
    expect(store.tries.start(1, 2).lease).toBe(1);
  });

  it('leaves an older version’s journal with lease 0', () => {
    const journal = JSON.stringify({ fingerprint: 'blue', stamps: [{ path: '/out/4.png', bytes: 1, modifiedAt: 2 }] });
    const { store } = salvaged(`UPDATE frames SET lease = NULL, placing = '${journal}' WHERE job_id = 1 AND frame = 4`);
    expect(store.tries.interrupted()).toEqual([
      {
        jobId: 1,
        frame: 4,
        lease: 0,
        machine: null,
        source: null,
        journal: { lease: 0, fingerprint: 'blue', files: [{ path: '/out/4.png', bytes: 1, modifiedAt: 2 }] },
      },
    ]);
  });
});

it('takes nothing out of what is no database', () => {
  const file = join(temporaryFolder(), 'queue.sqlite');
  writeFileSync(file, 'x'.repeat(9_000));
  expect(salvaged('', file).saved).toEqual({ jobs: 0, lostJobs: 0, frames: 0, lostFrames: 0 });
});
