import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import { paperJob } from '../../../helpers/paper-queue';
import { temporaryFolder } from '../../../helpers/temporary-folder';

function open(folder: string): JobStore {
  const store = new JobStore(folder);
  onTestFinished(() => store.close());
  return store;
}

/** A database whose counter stands at a number, and its two jobs' frames 1 had leases 1 and 2. */
function counted(folder: string, last: number): string {
  const store = new JobStore(folder);
  for (let job = 1; job <= 2; job++) store.tries.start(store.add(paperJob(folder)).id, 1);
  store.close();
  const file = join(folder, 'queue.sqlite');
  edit(file, `UPDATE leases SET last = ${last}`);
  return file;
}

function edit(file: string, sql: string): void {
  const database = new Database(file);
  database.exec(`${sql}; PRAGMA wal_checkpoint(TRUNCATE)`);
  database.close();
}

it.each([1, -1, 2 ** 60])('takes a counter of %d for damage, and goes on beyond every lease', (last) => {
  const folder = temporaryFolder();
  counted(folder, last);
  const before = Date.now();
  const store = open(folder);
  expect(store.notice).toMatch(/\(the counter of leases is damaged\).*Saved were 2 jobs with 6 frames/);
  expect(store.tries.interrupted().map(({ lease }) => lease)).toEqual([1, 2]);
  expect(store.tries.start(1, 2).lease).toBeGreaterThan(before);
});

it.each(['DELETE FROM leases', 'INSERT INTO leases VALUES (7)'])('takes it for damage after %s', (sql) => {
  const folder = temporaryFolder();
  edit(counted(folder, 2), sql);
  expect(open(folder).notice).toMatch(/the counter of leases is damaged/);
});

it('goes on from the counter of a database that was set aside, where the clock was set back since', () => {
  const folder = temporaryFolder();
  const later = Date.now() + 1e9;
  const file = counted(folder, later);
  const bytes = readFileSync(file);
  bytes[bytes.indexOf('frames_by_number')] = 0xff;
  writeFileSync(file, bytes);
  const store = open(folder);
  expect(store.notice).toMatch(/It was set aside/);
  expect(store.tries.start(1, 2).lease).toBe(later + 1);
});

it('goes on beyond every lease where nothing can be read', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'queue.sqlite'), 'x'.repeat(9_000));
  const before = Date.now();
  const store = open(folder);
  expect(store.tries.start(store.add(paperJob(folder)).id, 1).lease).toBeGreaterThan(before);
});
