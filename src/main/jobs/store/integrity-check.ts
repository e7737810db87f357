import { isUtf8 } from 'node:buffer';
import type Database from 'libsql';
import { frameStateSchema, jobSettingsSchema, jobStateSchema } from '../../../shared/jobs';
import type { EngineId } from '../../../shared/scene';
import { leaseFault } from './leases';

/** Above this number of rows only unfinished jobs are checked, to keep the start fast. */
const MOST_ROWS = 100_000;

const FRAME_TEXTS = 'reason, file, files, suspicion, machine, fingerprint, source, placing';

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');

/**
 * Checks that the texts in a structurally sound database are intact. SQLite has no checksums, so nothing else detects a
 * flipped byte within a text, and libsql aborts the process on text that is not UTF-8.
 *
 * @param engines that jobs may have
 * @returns what is wrong, in words; null for nothing
 */
export function contentFault(database: Database.Database, engines: readonly EngineId[]): string | null {
  const { jobs, frames } = database
    .prepare('SELECT count(*) AS jobs, coalesce(sum(total), 0) AS frames FROM jobs')
    .get() as { jobs: number; frames: number };
  const some =
    jobs + frames <= MOST_ROWS
      ? 'true'
      : "CAST(state AS BLOB) IN (CAST('queued' AS BLOB), CAST('rendering' AS BLOB), CAST('paused' AS BLOB))";
  const strange = database.prepare(
    `SELECT id FROM jobs WHERE state NOT IN (${quoted(jobStateSchema.options)}) OR engine NOT IN (${quoted(engines)}) OR NOT json_valid(comes_after) OR NOT json_valid(warnings) OR NOT json_valid(machines) LIMIT 1`,
  );
  const text = database.prepare(
    "SELECT CAST(concat_ws('', name, reason, comes_after, warnings, machines, fingerprint, folder, volume, scene_volume) AS BLOB) AS text, CAST(settings AS BLOB) AS settings FROM jobs WHERE id = ?",
  );
  // Frames that nothing happened to yet have no texts: a queue of a million of those is read in a third of the time.
  const ofFrames = database.prepare(
    `SELECT CAST(group_concat(concat_ws('', ${FRAME_TEXTS}), '') AS BLOB) AS text, max(state NOT IN (${quoted(frameStateSchema.options)}) OR (files IS NOT NULL AND NOT json_valid(files)) OR (placing IS NOT NULL AND NOT json_valid(placing))) AS strange FROM frames WHERE job_id = ? AND (state <> 'waiting' OR coalesce(${FRAME_TEXTS}) IS NOT NULL)`,
  );
  const leases = leaseFault(database, jobs + frames <= MOST_ROWS);
  if (leases !== null) return leases;
  const odd = strange.get() as { id: number } | undefined;
  if (odd) return `job ${odd.id} is damaged`;
  for (const { id } of database.prepare(`SELECT id FROM jobs WHERE ${some}`).all() as { id: number }[]) {
    const row = text.get(id) as { text: ArrayBuffer; settings: ArrayBuffer };
    if (!isUtf8(row.text) || !isUtf8(row.settings) || !isSettings(row.settings)) return `job ${id} is damaged`;
    const found = ofFrames.get(id) as { text: ArrayBuffer | null; strange: number | null };
    if (found.strange || (found.text && !isUtf8(found.text))) return `a frame of job ${id} is damaged`;
  }
  const notes = database.prepare("SELECT CAST(group_concat(key || value, '') AS BLOB) AS text FROM queue").get() as {
    text: ArrayBuffer | null;
  };
  return notes.text && !isUtf8(notes.text) ? 'the queue’s own state is damaged' : null;
}

function isSettings(text: ArrayBuffer): boolean {
  try {
    return jobSettingsSchema.safeParse(JSON.parse(Buffer.from(text).toString())).success;
  } catch {
    return false;
  }
}
