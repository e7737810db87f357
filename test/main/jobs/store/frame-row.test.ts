import { join } from 'node:path';
import Database from 'libsql';
import { expect, it } from 'vitest';
import { FRAME_COLUMNS, type FrameRow, stampsOf, toFrame } from '../../../../src/main/jobs/store/frame-row';
import { JOB_COLUMNS } from '../../../../src/main/jobs/store/job-row';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const stamp = (path: string) => ({ path, bytes: 1, modifiedAt: 2 });
const row = (change: Partial<FrameRow>): FrameRow => ({
  job_id: 1,
  position: 0,
  frame: 7,
  state: 'done',
  attempts: 1,
  reason: null,
  failure: null,
  file: '/out/7_L.png',
  seconds: 1,
  started_at: 1,
  written_at: 2,
  failures: 0,
  files: JSON.stringify([stamp('/out/7_L.png'), stamp('/out/7_R.png')]),
  suspicion: null,
  slot: 1,
  machine: null,
  peak_bytes: null,
  fingerprint: null,
  source: null,
  placing: null,
  lease: 1,
  ...change,
});

it('has every column of its table', () => {
  const folder = temporaryFolder();
  new JobStore(folder).close();
  const database = new Database(join(folder, 'queue.sqlite'));
  const columns = (table: string): string[] =>
    (database.prepare(`PRAGMA table_info(${table})`).all() as { name: string }[]).map(({ name }) => name).sort();
  expect(FRAME_COLUMNS.split(', ').sort()).toEqual(columns('frames'));
  expect(JOB_COLUMNS.split(', ').sort()).toEqual(columns('jobs'));
  database.close();
});

it.each<[string, Partial<FrameRow>, string | null, string[]]>([
  ['that is done has the files that were written', {}, '/out/7_L.png', ['/out/7_L.png', '/out/7_R.png']],
  ['of an older version has one', { files: null }, '/out/7_L.png', ['/out/7_L.png']],
  [
    'that was skipped has the file that was found, not those of earlier tries',
    { state: 'skipped' },
    '/out/7_L.png',
    ['/out/7_L.png'],
  ],
  ['that waits has none, whatever it wrote before', { state: 'waiting' }, null, []],
  ['that failed has none', { state: 'failed' }, null, []],
])('a frame %s', (_what, change, file, files) => {
  expect(toFrame(row(change))).toMatchObject({ file, files });
});

it('remembers what it wrote also while it waits', () => {
  expect(stampsOf(row({ state: 'waiting' })).map(({ path }) => path)).toEqual(['/out/7_L.png', '/out/7_R.png']);
  expect(stampsOf({ files: null })).toEqual([]);
});
