import type { FrameCounts, FrameState } from '../../../shared/jobs';
import { stampOnly } from '../output/output-stamps';
import { FRAME_COLUMNS, type FrameRow, stampsOf } from './frame-row';
import { journalOf } from './frame-journal';
import type { FramesAgain } from './new-job';
import type { StoreConnection } from './store-connection';

/*
 * Bulk changes to a job's frames. They run within the transaction of a change to the job, which updates its counts,
 * too.
 */

/** Adds waiting frames to a job. @param frames in dispatch order */
export function addFrames(connection: StoreConnection, jobId: number, frames: readonly number[]): void {
  // One statement for any number of frames: the list is passed as JSON.
  connection.run(
    `INSERT INTO frames (job_id, position, frame, state) SELECT ?, key, value, 'waiting' FROM json_each(?)`,
    jobId,
    JSON.stringify(frames),
  );
}

/**
 * Returns frames in work to waiting, as if they had not been dispatched. A frame that still has a journal may have been
 * renamed before its outcome could not be stored: its files are recorded as the job's own.
 */
export function releaseFrames(connection: StoreConnection, jobId: number): void {
  const journaled = connection.all<FrameRow>(
    `SELECT ${FRAME_COLUMNS} FROM frames WHERE job_id = ? AND state = 'rendering' AND placing IS NOT NULL`,
    jobId,
  );
  for (const row of journaled) {
    const { frame, position, placing } = row;
    const journal = journalOf({ jobId, frame, lease: row.lease ?? 0 }, placing);
    const stamps = [...(journal?.files ?? []).map(stampOnly), ...stampsOf(row)];
    const change = { files: JSON.stringify(stamps), fingerprint: null, placing: null };
    connection.update('frames', { job_id: jobId, position }, change);
  }
  connection.run(`UPDATE frames SET state = 'waiting' WHERE job_id = ? AND state = 'rendering'`, jobId);
}

/**
 * Resets frames to waiting with no tries. Their files stay recorded as the job's own.
 *
 * @param which all, those in a state, or those of these numbers that neither wait nor are in work; what remains waits
 * already
 */
export function requeueFrames(connection: StoreConnection, jobId: number, which: FramesAgain | 'skipped'): void {
  if (which === 'remaining') return;
  const reset = `UPDATE frames SET state = 'waiting', attempts = 0, failures = 0, reason = NULL, failure = NULL, suspicion = NULL WHERE job_id = ?`;
  if (which === 'all') connection.run(reset, jobId);
  else if (typeof which === 'string') connection.run(`${reset} AND state = '${which}'`, jobId);
  else
    connection.run(
      `${reset} AND state IN ('done', 'failed', 'skipped') AND frame IN (SELECT value FROM json_each(?))`,
      jobId,
      JSON.stringify(which),
    );
}

/**
 * Replaces a job's frame list. Frames in both lists keep their state, new ones wait, the others are deleted.
 *
 * @param frames in dispatch order
 */
export function replaceFrames(connection: StoreConnection, jobId: number, frames: readonly number[]): void {
  const list = JSON.stringify(frames);
  // Negated first: positions must be unique at all times.
  connection.run('UPDATE frames SET position = -1 - position WHERE job_id = ?', jobId);
  connection.run(
    'UPDATE frames SET position = list.key FROM json_each(?) AS list WHERE frames.job_id = ? AND frames.frame = list.value',
    list,
    jobId,
  );
  connection.run('DELETE FROM frames WHERE job_id = ? AND position < 0', jobId);
  connection.run(
    `INSERT INTO frames (job_id, position, frame, state) SELECT ?, key, value, 'waiting' FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
    jobId,
    list,
  );
}

/** Frame counts of a job by state, and the number of suspicious frames, from the job's row. */
export function countFrames(connection: StoreConnection, jobId: number): FrameCounts & { suspicious: number } {
  const counts = { total: 0, waiting: 0, rendering: 0, done: 0, failed: 0, skipped: 0, suspicious: 0 };
  const rows = connection.all(
    'SELECT state, count(*) AS n, count(suspicion) AS suspicious FROM frames WHERE job_id = ? GROUP BY state',
    jobId,
  ) as { state: FrameState; n: number; suspicious: number }[];
  for (const { state, n, suspicious } of rows) {
    counts[state] = n;
    counts.total += n;
    counts.suspicious += suspicious;
  }
  return counts;
}
