import { isUtf8 } from 'node:buffer';
import Database from 'libsql';
import { parseFrameRange } from '../../../shared/frame-range';
import { frameStateSchema, jobSettingsSchema, jobStateSchema } from '../../../shared/jobs';
import { engineIdSchema } from '../../../shared/scene';
import { orderFrames } from './frame-order';

/** What was taken over from a broken database. */
export interface Salvaged {
  readonly jobs: number;
  /** Jobs that were there and could not be read. */
  readonly lostJobs: number;
  /** Frames that were read. */
  readonly frames: number;
  /** Frames that could not be read and wait again: what was rendered of them is found in its place. */
  readonly lostFrames: number;
}

type Row = Record<string, unknown>;

/**
 * Takes over what can be read of a broken queue database: job by job, and of each job its frames, all at once or one by one. A frame that cannot be read is known from its job's range.
 *
 * @param file the broken database, which is only read
 * @param into a new, empty one
 */
export function salvage(file: string, into: Database.Database): Salvaged {
  const saved = { jobs: 0, lostJobs: 0, frames: 0, lostFrames: 0 };
  let broken: Database.Database | null = null;
  try {
    broken = new Database(file, { readonly: true });
    const columns = { jobs: columnsOf(into, 'jobs'), frames: columnsOf(into, 'frames') };
    const [ofJobs, ofFrames] = [readable(broken, 'jobs', columns.jobs), readable(broken, 'frames', columns.frames)];
    for (const id of jobIds(broken)) {
      const job = readRow(broken, `SELECT ${ofJobs} FROM jobs WHERE id = ?`, [id]);
      const settings = job && readSettings(job);
      if (
        !job ||
        !settings ||
        !jobStateSchema.safeParse(job.state).success ||
        !engineIdSchema.safeParse(job.engine).success
      ) {
        if (job !== null) saved.lostJobs++;
        continue;
      }
      const { frames, lost } = readFrames(
        broken,
        ofFrames,
        id,
        orderFrames(parseFrameRange(settings.frames), settings.order),
      );
      const counts = { total: frames.length, waiting: 0, rendering: 0, done: 0, failed: 0, skipped: 0 };
      for (const frame of frames) counts[frameStateSchema.parse(frame.state)]++;
      into.exec('BEGIN IMMEDIATE');
      try {
        insert(into, 'jobs', columns.jobs, {
          ...job,
          ...counts,
          comes_after: asList(job.comes_after),
          warnings: asList(job.warnings),
          place: typeof job.place === 'number' && job.place > 0 ? job.place : id,
        });
        for (const frame of frames) insert(into, 'frames', columns.frames, frame);
        into.exec('COMMIT');
        saved.jobs++;
        saved.frames += frames.length - lost;
        saved.lostFrames += lost;
      } catch {
        into.exec('ROLLBACK');
        saved.lostJobs++;
      }
    }
  } catch {
    // It is no database at all, or its first pages are gone: what was saved so far is what there is.
  } finally {
    broken?.close();
  }
  return saved;
}

function columnsOf(database: Database.Database, table: string): Set<string> {
  return new Set((database.prepare(`PRAGMA table_info(${table})`).all() as { name: string }[]).map(({ name }) => name));
}

/** What to select of a table: texts come as bytes, since reading a text that is not UTF-8 ends the process. */
function readable(broken: Database.Database, table: string, columns: ReadonlySet<string>): string {
  const known = [...columns].map((name) => `'${name}'`).join(', ');
  // Names are compared in the database: they may be damaged, too.
  const there = broken.prepare(`SELECT name FROM pragma_table_info('${table}') WHERE name IN (${known})`).all() as {
    name: string;
  }[];
  return there
    .map(({ name }) => `CASE typeof(${name}) WHEN 'text' THEN CAST(${name} AS BLOB) ELSE ${name} END AS ${name}`)
    .join(', ');
}

/** Texts that are only for people: they may lack a letter. */
const FOR_PEOPLE = new Set(['name', 'reason', 'suspicion']);

/** A row with its texts as such; null where one can't be read. */
function decoded(row: Row): Row | null {
  const result: Row = {};
  for (const [name, value] of Object.entries(row)) {
    if (!(value instanceof ArrayBuffer)) result[name] = value;
    else if (isUtf8(value) || FOR_PEOPLE.has(name)) result[name] = Buffer.from(value).toString();
    else return null;
  }
  return result;
}

/** A list in JSON, or an empty one in place of what is none. */
function asList(text: unknown): string {
  try {
    return Array.isArray(JSON.parse(String(text))) ? String(text) : '[]';
  } catch {
    return '[]';
  }
}

/** Every id that a job has or had. */
function* jobIds(broken: Database.Database): Generator<number> {
  const last =
    readRow(broken, `SELECT seq FROM sqlite_sequence WHERE name = 'jobs'`, []) ??
    readRow(broken, 'SELECT max(id) AS seq FROM jobs', []);
  for (let id = 1; id <= Number(last?.seq ?? 0); id++) yield id;
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

function readSettings(job: Row): ReturnType<typeof jobSettingsSchema.parse> | null {
  try {
    const parsed = jobSettingsSchema.safeParse(JSON.parse(String(job.settings)));
    return parsed.success ? parsed.data : null;
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
