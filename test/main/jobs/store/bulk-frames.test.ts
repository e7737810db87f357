import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openSqlite } from '../../../../src/main/data/open-sqlite';
import {
  addFrames,
  countFrames,
  releaseFrames,
  replaceFrames,
  requeueFrames,
} from '../../../../src/main/jobs/store/bulk-frames';
import { migrations } from '../../../../src/main/jobs/store/database';
import { StoreConnection } from '../../../../src/main/jobs/store/store-connection';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** Jobs 1 and 2 with frames 9, 7 and 8 each, in this order: done, failed and in work. */
function opened() {
  const file = join(temporaryFolder(), 'queue.sqlite');
  const connection = new StoreConnection(openSqlite(file, { migrations }).database, file);
  onTestFinished(() => connection.close());
  for (const id of [1, 2]) {
    connection.run(
      `INSERT INTO jobs (id, name, engine, settings, state, created_at) VALUES (?, 'a', 'gltf', '{}', 'queued', 1)`,
      id,
    );
    addFrames(connection, id, [9, 7, 8]);
  }
  connection.run(
    `UPDATE frames SET state = CASE frame WHEN 9 THEN 'done' WHEN 7 THEN 'failed' ELSE 'rendering' END,
      attempts = 2, failures = 1, reason = 'No.', suspicion = iif(frame = 9, 'It is black.', NULL), files = '[]'`,
  );
  const list = (id: number): string[] =>
    connection
      .all<{ text: string }>(`SELECT frame || ' ' || state AS text FROM frames WHERE job_id = ? ORDER BY position`, id)
      .map(({ text }) => text);
  const positions = (id: number): number[] =>
    connection
      .all<{ position: number }>('SELECT position FROM frames WHERE job_id = ? ORDER BY position', id)
      .map(({ position }) => position);
  return { connection, list, positions };
}

it('adds frames that wait, in the order in which they are given', () => {
  const { connection, list, positions } = opened();
  connection.run('DELETE FROM frames WHERE job_id = 1');
  addFrames(connection, 1, [3, -1, 2]);
  expect([list(1), positions(1)]).toEqual([
    ['3 waiting', '-1 waiting', '2 waiting'],
    [0, 1, 2],
  ]);
});

it('releases the frames in work of one job', () => {
  const { connection, list } = opened();
  releaseFrames(connection, 1);
  expect([list(1), list(2)]).toEqual([
    ['9 done', '7 failed', '8 waiting'],
    ['9 done', '7 failed', '8 rendering'],
  ]);
});

it('lets failed frames, or all, wait as if never tried; their files stay known', () => {
  const { connection, list } = opened();
  requeueFrames(connection, 1, 'failed');
  expect(list(1)).toEqual(['9 done', '7 waiting', '8 rendering']);
  const row = (frame: number): unknown =>
    connection.get(
      'SELECT attempts, failures, reason, suspicion, files FROM frames WHERE job_id = 1 AND frame = ?',
      frame,
    );
  expect(row(7)).toMatchObject({ attempts: 0, failures: 0, reason: null, suspicion: null, files: '[]' });
  expect(row(9)).toMatchObject({ attempts: 2, suspicion: 'It is black.' });
  requeueFrames(connection, 1, 'all');
  expect(list(1)).toEqual(['9 waiting', '7 waiting', '8 waiting']);
  expect(row(9)).toMatchObject({ attempts: 0, suspicion: null, files: '[]' });
  expect(list(2)).toContain('7 failed');
});

it('gives a job other frames: those that it had keep their state, in the new order', () => {
  const { connection, list, positions } = opened();
  replaceFrames(connection, 1, [8, 5, 9]);
  expect([list(1), positions(1)]).toEqual([
    ['8 rendering', '5 waiting', '9 done'],
    [0, 1, 2],
  ]);
  expect(list(2)).toEqual(['9 done', '7 failed', '8 rendering']);
});

it('counts a job’s frames, and those that look suspicious', () => {
  const { connection } = opened();
  expect(countFrames(connection, 1)).toEqual({
    total: 3,
    waiting: 0,
    rendering: 1,
    done: 1,
    failed: 1,
    skipped: 0,
    suspicious: 1,
  });
  expect(countFrames(connection, 99)).toMatchObject({ total: 0, suspicious: 0 });
});
