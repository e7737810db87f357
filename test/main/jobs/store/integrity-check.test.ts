import { join } from 'node:path';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import { contentFault } from '../../../../src/main/jobs/store/integrity-check';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import { paperJob } from '../../../helpers/paper-queue';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** A database of two jobs, changed by a statement. */
function changed(sql: string): Database.Database {
  const folder = temporaryFolder();
  const store = new JobStore(folder);
  for (let job = 0; job < 2; job++) store.add(paperJob(folder));
  store.notes.setNote('state', 'running');
  store.close();
  const database = new Database(join(folder, 'queue.sqlite'));
  onTestFinished(() => void database.close());
  database.exec(sql);
  return database;
}

const fault = (sql: string): string | null => contentFault(changed(sql), ['gltf', 'blender']);

it('finds nothing where there is nothing', () => {
  expect(fault('')).toBeNull();
});

const noText = "CAST(x'ff' AS TEXT)";

it.each(['name', 'reason', 'warnings', 'fingerprint', 'folder', 'state', 'engine'])(
  'finds a %s of a job that is no text',
  (column) => expect(fault(`UPDATE jobs SET ${column} = ${noText} WHERE id = 2`)).toBe('job 2 is damaged'),
);

it.each([
  "state = 'renderinh'",
  "engine = 'gltg'",
  "comes_after = '[1'",
  "warnings = '[1'",
  "settings = '{'",
  "settings = '{}'",
])('finds a job with %s', (change) => expect(fault(`UPDATE jobs SET ${change} WHERE id = 2`)).toBe('job 2 is damaged'));

it.each(['reason', 'file', 'files', 'suspicion', 'fingerprint', 'placing', 'state'])(
  'finds a %s of a frame that is no text',
  (column) =>
    expect(fault(`UPDATE frames SET ${column} = ${noText} WHERE job_id = 2 AND frame = 3`)).toBe(
      'a frame of job 2 is damaged',
    ),
);

it.each(["state = 'dome'", "files = '['", "placing = '{'"])('finds a frame with %s', (change) =>
  expect(fault(`UPDATE frames SET ${change} WHERE job_id = 1 AND frame = 1`)).toBe('a frame of job 1 is damaged'),
);

it.each(['key', 'value'])('finds a %s of the queue’s own that is no text', (column) =>
  expect(fault(`UPDATE queue SET ${column} = ${noText}`)).toBe('the queue’s own state is damaged'),
);
