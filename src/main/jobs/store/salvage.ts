import { isUtf8 } from 'node:buffer';
import { dirname } from 'node:path';
import Database from 'libsql';
import { type JobSettings, frameStateSchema, jobSettingsSchema, jobStateSchema } from '../../../shared/jobs';
import type { EngineId } from '../../../shared/scene';
import { continueLeases, isLease } from './leases';
import { framesOf } from './new-job';
import { isHost } from './queue-notes';

/** What was recovered from a damaged database. */
export interface Salvaged {
  readonly jobs: number;
  /** Number of jobs that could not be read. */
  readonly lostJobs: number;
  /** Number of frames that were read. */
  readonly frames: number;
  /** Number of frames that could not be read and wait again; images of theirs are nobody's then. */
  readonly lostFrames: number;
}

type Row = Record<string, unknown>;

/** Ids tried above the newest readable job, whose pages may be damaged; a counter further away is damaged itself. */
const MOST_BEYOND = 1_000;

/**
 * Recovers what can be read of a damaged queue database: job by job, and the frames of each job at once or one by one.
 * A frame that can't be read is known from its job's range.
 *
 * @param file the damaged database, opened read-only
 * @param into a new, empty one, in a transaction
 * @param engines that jobs may have
 * @throws where the new one can't be written to: then nothing is in it
 */
export function salvage(file: string, into: Database.Database, engines: readonly EngineId[]): Salvaged {
  const saved = { jobs: 0, lostJobs: 0, frames: 0, lostFrames: 0 };
  let broken: Database.Database | null = null;
  // SQLite has rolled back by itself where it can't go on.
  const isOfInto = (error: unknown): boolean => cannotWrite(error) || !into.inTransaction;
  try {
    broken = new Database(file, { readonly: true });
    // Lets SQLite use what it understands of a damaged schema; indices are not needed here.
    broken.exec('PRAGMA writable_schema = ON');
    continueLeases(into, lastLease(broken));
    copyHost(broken, into);
    const columns = { jobs: columnsOf(into, 'jobs'), frames: columnsOf(into, 'frames') };
    const [ofJobs, ofFrames] = [readable(broken, 'jobs', columns.jobs), readable(broken, 'frames', columns.frames)];
    for (const id of jobIds(broken)) {
      const job = readRow(broken, `SELECT ${ofJobs} FROM jobs WHERE id = ?`, [id]);
      const wanted = job && readSettings(job);
      if (
        !job ||
        !wanted ||
        !jobStateSchema.safeParse(job.state).success ||
        typeof job.engine !== 'string' ||
        !engines.includes(job.engine)
      ) {
        if (job !== null) saved.lostJobs++;
        continue;
      }
      const { frames, lost } = readFrames(broken, ofFrames, id, wanted.range);
      const counts = { total: frames.length, waiting: 0, rendering: 0, done: 0, failed: 0, skipped: 0 };
      for (const frame of frames) counts[frameStateSchema.parse(frame.state)]++;
      into.exec('SAVEPOINT job');
      try {
        insert(into, 'jobs', columns.jobs, {
          ...job,
          ...counts,
          comes_after: asList(job.comes_after),
          warnings: asList(job.warnings),
          machines: asList(job.machines),
          place: typeof job.place === 'number' && job.place > 0 ? job.place : id,
          folder: typeof job.folder === 'string' && job.folder !== '' ? job.folder : dirname(wanted.settings.output),
        });
        for (const frame of frames) insert(into, 'frames', columns.frames, { ...frame, ...leaseOf(frame) });
        into.exec('RELEASE job');
        saved.jobs++;
        saved.frames += frames.length - lost;
        saved.lostFrames += lost;
      } catch (error) {
        if (isOfInto(error)) throw error;
        into.exec('ROLLBACK TO job; RELEASE job');
        saved.lostJobs++;
      }
    }
  } catch (error) {
    if (isOfInto(error)) throw error;
    // Not a database, or its first pages are lost: what was recovered so far is all.
  } finally {
    broken?.close();
  }
  return saved;
}

/** A quota that is used up is an error of writing for SQLite. */
function cannotWrite(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^SQLITE_(?:FULL|IOERR_(?:WRITE|FSYNC|TRUNCATE))$/.test(code);
}

function columnsOf(database: Database.Database, table: string): Set<string> {
  return new Set((database.prepare(`PRAGMA table_info(${table})`).all() as { name: string }[]).map(({ name }) => name));
}

/** Select list for a table. Texts are read as bytes, since libsql aborts the process on text that is not UTF-8. */
function readable(broken: Database.Database, table: string, columns: ReadonlySet<string>): string {
  const known = [...columns].map((name) => `'${name}'`).join(', ');
  // Column names are compared within the database: they may be damaged, too.
  const present = broken.prepare(`SELECT name FROM pragma_table_info('${table}') WHERE name IN (${known})`).all() as {
    name: string;
  }[];
  return present
    .map(({ name }) => `CASE typeof(${name}) WHEN 'text' THEN CAST(${name} AS BLOB) ELSE ${name} END AS ${name}`)
    .join(', ');
}

/** Texts that are only displayed: a lost character does no harm. */
const FOR_PEOPLE = new Set(['name', 'reason', 'suspicion', 'machine']);

/** A row with its texts decoded; null where one can't be. */
function decoded(row: Row): Row | null {
  const result: Row = {};
  for (const [name, value] of Object.entries(row)) {
    if (!(value instanceof ArrayBuffer)) result[name] = value;
    else if (isUtf8(value) || FOR_PEOPLE.has(name)) result[name] = Buffer.from(value).toString();
    else return null;
  }
  return result;
}

/** A JSON list; an empty one if the text isn't a list. */
function asList(text: unknown): string {
  try {
    return Array.isArray(JSON.parse(String(text))) ? String(text) : '[]';
  } catch {
    return '[]';
  }
}

function isJson(text: unknown): boolean {
  try {
    return JSON.parse(String(text)) !== undefined;
  } catch {
    return false;
  }
}

/** The last lease; 0 where it can't be read or makes no sense. */
function lastLease(broken: Database.Database): number {
  const last = Number(readRow(broken, 'SELECT max(CAST(last AS INTEGER)) AS last FROM leases', [])?.last ?? 0);
  return isLease(last) ? last : 0;
}

/** Copies the id that names work folders, so that those left behind are found and removed. */
function copyHost(broken: Database.Database, into: Database.Database): void {
  const host = readRow(broken, `SELECT CAST(value AS BLOB) AS value FROM queue WHERE key = 'host'`, [])?.value;
  if (typeof host !== 'string' || !isHost(host)) return;
  into.prepare(`INSERT INTO queue (key, value) VALUES ('host', ?)`).run(host);
}

/** Lease and journal of a frame in the present format; older ones had no leases. */
function leaseOf({ lease, placing }: Row): Row {
  const journal = typeof placing === 'string' ? (JSON.parse(placing) as Partial<Row> | null) : null;
  return {
    lease: isLease(lease) ? lease : null,
    placing:
      journal?.stamps !== undefined
        ? JSON.stringify({ lease: 0, fingerprint: journal.fingerprint ?? null, files: journal.stamps })
        : placing,
  };
}

/** Every id that a job has or had. */
function* jobIds(broken: Database.Database): Generator<number> {
  const counted = readRow(broken, `SELECT CAST(seq AS INTEGER) AS last FROM sqlite_sequence WHERE name = 'jobs'`, []);
  const readable = readRow(broken, 'SELECT max(id) AS last FROM jobs', []);
  const last = Math.min(
    Number((counted ?? readable)?.last ?? 0),
    readable ? Number(readable.last) + MOST_BEYOND : Number.POSITIVE_INFINITY,
  );
  for (let id = 1; id <= last; id++) yield id;
}

/** @returns null where there is no such row, undefined where it can't be read */
function readRow(broken: Database.Database, sql: string, values: number[]): Row | null | undefined {
  try {
    const [row] = broken.prepare(sql).all(...values) as Row[];
    return row ? (decoded(row) ?? undefined) : null;
  } catch {
    return undefined;
  }
}

/** @returns a job's settings, and its frame numbers in order; null where either can't be read */
function readSettings(job: Row): { settings: JobSettings; range: readonly number[] } | null {
  try {
    const settings = jobSettingsSchema.parse(JSON.parse(String(job.settings)));
    return { settings, range: framesOf(settings) };
  } catch {
    return null;
  }
}

/** @param range the job's frame numbers, in order */
function readFrames(
  broken: Database.Database,
  columns: string,
  id: number,
  range: readonly number[],
): { frames: Row[]; lost: number } {
  let rows: Row[];
  try {
    rows = (broken.prepare(`SELECT ${columns} FROM frames WHERE job_id = ? ORDER BY position`).all(id) as Row[])
      .map(decoded)
      .filter((row) => row !== null);
  } catch {
    rows = range
      .map((_frame, position) =>
        readRow(broken, `SELECT ${columns} FROM frames WHERE job_id = ? AND position = ?`, [id, position]),
      )
      .filter((row) => row != null);
  }
  const wanted = new Set(range);
  const read = new Map(
    rows
      .filter(
        (row) =>
          wanted.has(row.frame as number) &&
          (row.files == null || asList(row.files) === row.files) &&
          (row.placing == null || isJson(row.placing)) &&
          frameStateSchema.safeParse(row.state).success,
      )
      .map((row) => [row.frame as number, row]),
  );
  const frames = range.map((frame, position): Row => ({
    state: 'waiting',
    ...read.get(frame),
    job_id: id,
    position,
    frame,
  }));
  return { frames, lost: range.length - read.size };
}

function insert(database: Database.Database, table: string, columns: ReadonlySet<string>, row: Row): void {
  const names = Object.keys(row).filter((name) => columns.has(name));
  database
    .prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
    .run(...names.map((name) => row[name]));
}
