import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type Database from 'libsql';
import { parseFrameRange } from '../../../shared/frame-range';
import {
  FINAL_JOB_STATES,
  type Frame,
  type FrameState,
  type Job,
  type JobSettings,
  type JobState,
} from '../../../shared/jobs';
import type { EngineId } from '../../../shared/scene';
import { openDatabase } from './database';
import type { SeenFrame, TimeLeft } from '../eta/job-estimate';
import { orderFrames } from './frame-order';
import type { FileStamp } from '../output/output-files';
import { type FrameRow, JobEntry, type JobRow, countsOf, stampsOf, toFrame, toJob } from './job-row';
import type { EstimateStart } from '../eta/queue-estimates';
import { checkFrameMove, checkJobMove } from './transitions';
import { type Wait, waitOf } from './dependencies';

/** How often the write-ahead log is looked at, in milliseconds. */
const CHECKPOINT_INTERVAL = 30_000;
/** A log that has grown beyond so many bytes is cut to nothing when it was written back. */
const LARGE_LOG = 16_000_000;
/** Two jobs whose places are nearer than this have no room for a third between them: all are numbered anew. */
const LEAST_GAP = 1e-6;
/** As many of the frames last written are looked at to reckon with. */
const SEEN_FRAMES = 5_000;
/** The most warnings that are kept with a job. */
const MAX_WARNINGS = 50;

/** When a job's turn comes, in relation to others. */
export interface PlaceInQueue {
  readonly priority: number;
  /** Jobs that must have completed before. */
  readonly after: readonly number[];
  /** Not before, milliseconds since 1970. */
  readonly startAt: number | null;
}

/** A job to take. */
export interface NewJob extends Partial<PlaceInQueue> {
  readonly name: string;
  readonly engine: EngineId;
  readonly settings: JobSettings;
  /** What the person should know about its images, a sentence each. */
  readonly warnings?: readonly string[];
}

/** What is known of a frame whose files are all in their places. */
export interface Written {
  /** The frame's own image, the first where there are several. */
  readonly file: string;
  /** Seconds that the worker took; null when it isn't known. */
  readonly seconds: number | null;
  /** All files as they were put there, `file` first. */
  readonly stamps?: readonly FileStamp[];
  readonly suspicion?: string | null;
  readonly peakBytes?: number | null;
}

/** A frame that was in work when the last host ended. */
export interface InterruptedFrame {
  readonly jobId: number;
  readonly frame: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** Jobs and frames in SQLite. Every method has written to disk when it returns. */
export class JobStore {
  readonly notice: string | null;
  readonly #database: Database.Database;
  readonly #log: string;
  readonly #prepared = new Map<string, Database.Statement>();
  readonly #entries = new Map<number, JobEntry>();
  /** Which jobs come after a job. */
  readonly #followers = new Map<number, Set<number>>();
  readonly #checkpoints: NodeJS.Timeout;
  #ordered: JobEntry[];
  #unfinished = new Set<number>();
  #written = false;
  #timeLeft: ((job: Job) => TimeLeft | null) | null = null;

  constructor(dataFolder: string) {
    const file = join(dataFolder, 'queue.sqlite');
    const { database, notice } = openDatabase(file);
    this.#database = database;
    this.#log = `${file}-wal`;
    this.notice = notice;
    this.#ordered = (database.prepare('SELECT * FROM jobs ORDER BY place, id').all() as JobRow[]).map(
      (row) => new JobEntry(row),
    );
    for (const entry of this.#ordered) this.#remember(entry);
    this.#checkpoints = setInterval(() => this.checkpoint(), CHECKPOINT_INTERVAL);
    this.#checkpoints.unref();
  }

  /** Jobs get their time left from here. */
  reckonWith(timeLeft: (job: Job) => TimeLeft | null): void {
    this.#timeLeft = timeLeft;
  }

  /** In queue order. */
  jobs(): Job[] {
    return this.#ordered.map((entry) => this.#toJob(entry));
  }

  /** In queue order: those that are not finished. */
  unfinished(): Job[] {
    return this.#inOrder(this.#unfinished).map((entry) => this.#toJob(entry));
  }

  get unfinishedCount(): number {
    return this.#unfinished.size;
  }

  /** The folders that unfinished jobs write to. */
  outputFolders(): string[] {
    const folders = new Set<string>();
    for (const id of this.#unfinished) folders.add(dirname(this.#entry(id).settings.output));
    return [...folders];
  }

  /** Ids of the jobs in some states, in queue order; of all jobs without. */
  ids(states?: readonly JobState[]): number[] {
    const among = states?.every((state) => !FINAL_JOB_STATES.includes(state))
      ? this.#inOrder(this.#unfinished)
      : this.#ordered;
    return (states ? among.filter(({ row }) => states.includes(row.state)) : among).map(({ row }) => row.id);
  }

  job(id: number): Job | null {
    const entry = this.#entries.get(id);
    return entry ? this.#toJob(entry) : null;
  }

  /** Where a job stands: what scheduling asks for, without making a whole {@link Job}. `place` grows in queue order. */
  standing(id: number): {
    readonly state: JobState;
    readonly priority: number;
    readonly place: number;
    readonly startAt: number | null;
    readonly finishedAt: number | null;
  } | null {
    const row = this.#entries.get(id)?.row;
    return row
      ? {
          state: row.state,
          priority: row.priority,
          place: row.place,
          startAt: row.start_at,
          finishedAt: row.finished_at,
        }
      : null;
  }

  /** Why a queued job's turn doesn't come yet; null when it may. */
  wait(id: number): Wait | null {
    const entry = this.#entry(id);
    if (entry.row.state !== 'queued' || (entry.after.length === 0 && entry.row.start_at === null)) return null;
    return waitOf(
      { after: entry.after, startAt: entry.row.start_at },
      (other) => this.#entries.get(other)?.row ?? null,
      Date.now(),
    );
  }

  /** The jobs that come after a job. */
  followers(id: number): number[] {
    return [...(this.#followers.get(id) ?? [])];
  }

  add(job: NewJob): Job {
    const frames = orderFrames(parseFrameRange(job.settings.frames), job.settings.order);
    const row: Omit<JobRow, 'id'> = {
      name: job.name,
      engine: job.engine,
      settings: JSON.stringify(job.settings),
      state: 'queued',
      reason: null,
      created_at: Date.now(),
      started_at: null,
      finished_at: null,
      last_frame: null,
      priority: job.priority ?? 0,
      comes_after: JSON.stringify(job.after ?? []),
      start_at: job.startAt ?? null,
      place: Math.floor(this.#ordered.at(-1)?.row.place ?? 0) + 1,
      warnings: JSON.stringify((job.warnings ?? []).slice(0, MAX_WARNINGS)),
      suspicious: 0,
      total: frames.length,
      waiting: frames.length,
      rendering: 0,
      done: 0,
      failed: 0,
      skipped: 0,
    };
    const names = Object.keys(row);
    const id = this.#transaction(() => {
      const { lastInsertRowid } = this.#sql(
        `INSERT INTO jobs (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      ).run(...Object.values(row));
      // One statement for all frames, however many: the list travels as JSON.
      this.#sql(
        `INSERT INTO frames (job_id, position, frame, state) SELECT ?, key, value, 'waiting' FROM json_each(?)`,
      ).run(lastInsertRowid, JSON.stringify(frames));
      return Number(lastInsertRowid);
    });
    const entry = new JobEntry({ id, ...row });
    this.#ordered.push(entry);
    this.#remember(entry);
    return this.#toJob(entry);
  }

  /** Takes a job and its frames out; their images stay where they are. Jobs that come after one that had completed need not wait for it any more. */
  remove(id: number): void {
    const entry = this.#entry(id);
    const freed = entry.row.state === 'completed' ? this.followers(id) : [];
    this.#transaction(() => {
      for (const follower of freed) {
        const after = this.#entry(follower).after.filter((other) => other !== id);
        this.#sql('UPDATE jobs SET comes_after = ? WHERE id = ?').run(JSON.stringify(after), follower);
      }
      this.#sql('DELETE FROM jobs WHERE id = ?').run(id);
    });
    for (const follower of freed)
      this.#setAfter(
        this.#entry(follower),
        this.#entry(follower).after.filter((other) => other !== id),
      );
    for (const earlier of entry.after) this.#followers.get(earlier)?.delete(id);
    this.#entries.delete(id);
    this.#unfinished.delete(id);
    this.#ordered.splice(this.#ordered.indexOf(entry), 1);
  }

  /** Changes a job's state. Every state but `rendering` puts the frames in work back to waiting: nothing is left half done. */
  setState(id: number, state: JobState, reason: string | null): Job {
    const entry = this.#entry(id);
    const { row } = entry;
    checkJobMove(id, row.state, state, reason);
    const now = Date.now();
    const released = state === 'rendering' ? 0 : row.rendering;
    const change = {
      state,
      reason,
      started_at: state === 'rendering' ? (row.started_at ?? now) : row.started_at,
      finished_at: FINAL_JOB_STATES.includes(state) ? now : null,
      rendering: row.rendering - released,
      waiting: row.waiting + released,
    };
    this.#transaction(() => {
      this.#update(id, change);
      if (released > 0)
        this.#sql(`UPDATE frames SET state = 'waiting' WHERE job_id = ? AND state = 'rendering'`).run(id);
    });
    entry.update(change);
    this.#remember(entry);
    return this.#toJob(entry);
  }

  /** Lets frames of a job wait again: those that failed, or all. A job that had ended is queued again. Files that it wrote are remembered as its own. */
  requeue(id: number, frames: 'all' | 'failed'): Job {
    const entry = this.#entry(id);
    const ended = FINAL_JOB_STATES.includes(entry.row.state);
    const change = this.#transaction(() => {
      const some = frames === 'all' ? '' : ` AND state = 'failed'`;
      this.#sql(
        `UPDATE frames SET state = 'waiting', attempts = 0, failures = 0, reason = NULL, suspicion = NULL WHERE job_id = ?${some}`,
      ).run(id);
      const anew = ended ? { state: 'queued' as const, reason: null, started_at: null, finished_at: null } : {};
      const changed = { ...anew, ...this.#countFrames(id) };
      this.#update(id, changed);
      return changed;
    });
    entry.update(change);
    this.#remember(entry);
    return this.#toJob(entry);
  }

  /**
   * Gives a job other settings. Frames that are still in its range keep their state; the others go, new ones wait, and all stand in the order that the settings ask for.
   *
   * @param anew frames that wait again: all (`images`, since theirs would be others), those that were skipped, or none
   */
  setSettings(id: number, settings: JobSettings, anew: 'images' | 'skipped' | 'none'): Job {
    const entry = this.#entry(id);
    const list = JSON.stringify(orderFrames(parseFrameRange(settings.frames), settings.order));
    const change = this.#transaction(() => {
      // Out of the way first: two frames must never stand at one position.
      this.#sql('UPDATE frames SET position = -1 - position WHERE job_id = ?').run(id);
      this.#sql(
        'UPDATE frames SET position = list.key FROM json_each(?) AS list WHERE frames.job_id = ? AND frames.frame = list.value',
      ).run(list, id);
      this.#sql('DELETE FROM frames WHERE job_id = ? AND position < 0').run(id);
      this.#sql(
        `INSERT INTO frames (job_id, position, frame, state) SELECT ?, key, value, 'waiting' FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
      ).run(id, list);
      if (anew !== 'none') {
        const some = anew === 'images' ? '' : ` AND state = 'skipped'`;
        this.#sql(
          `UPDATE frames SET state = 'waiting', attempts = 0, failures = 0, reason = NULL, suspicion = NULL WHERE job_id = ?${some}`,
        ).run(id);
      }
      const changed = { settings: JSON.stringify(settings), ...this.#countFrames(id) };
      this.#update(id, changed);
      return changed;
    });
    entry.update(change);
    return this.#toJob(entry);
  }

  /** Changes when a job's turn comes. */
  setPlace(id: number, { priority, after, startAt }: PlaceInQueue): Job {
    const entry = this.#entry(id);
    const change = { priority, start_at: startAt, comes_after: JSON.stringify(after) };
    this.#update(id, change);
    this.#setAfter(entry, after);
    entry.update(change);
    return this.#toJob(entry);
  }

  /** Puts a job before another in queue order; null: at the end. @returns the jobs whose place is another now */
  move(id: number, before: number | null): Job[] {
    const entry = this.#entry(id);
    const next = before === null ? null : this.#entry(before);
    if (next === entry) return [this.#toJob(entry)];
    this.#ordered.splice(this.#ordered.indexOf(entry), 1);
    const at = next ? this.#ordered.indexOf(next) : this.#ordered.length;
    const low = this.#ordered[at - 1]?.row.place ?? (next ? next.row.place - 2 : 0);
    const place = next ? (low + next.row.place) / 2 : Math.floor(low) + 1;
    this.#ordered.splice(at, 0, entry);
    if (next && next.row.place - place < LEAST_GAP) {
      this.#transaction(() => this.#ordered.forEach((each, index) => this.#update(each.row.id, { place: index + 1 })));
      this.#ordered.forEach((each, index) => each.update({ place: index + 1 }));
      return this.#ordered.map((each) => this.#toJob(each));
    }
    this.#update(id, { place });
    entry.update({ place });
    return [this.#toJob(entry)];
  }

  /** Keeps what the person should know about a job's images. @returns whether it is new */
  addWarnings(id: number, warnings: readonly string[]): boolean {
    const entry = this.#entry(id);
    const known = JSON.parse(entry.row.warnings) as string[];
    const all = [...new Set([...known, ...warnings])].slice(0, MAX_WARNINGS);
    if (all.length === known.length) return false;
    const change = { warnings: JSON.stringify(all) };
    this.#update(id, change);
    entry.update(change);
    return true;
  }

  /** In the order in which they are rendered. */
  frames(
    id: number,
    { states, offset = 0, limit = -1 }: { states?: readonly FrameState[]; offset?: number; limit?: number } = {},
  ): Frame[] {
    const some = states ? ` AND state IN (${states.map((state) => `'${state}'`).join(', ')})` : '';
    const rows = this.#sql(`SELECT * FROM frames WHERE job_id = ?${some} ORDER BY position LIMIT ? OFFSET ?`).all(
      id,
      limit,
      offset,
    ) as FrameRow[];
    return rows.map(toFrame);
  }

  frame(id: number, frame: number): Frame | null {
    const row = this.#frameRow(id, frame);
    return row ? toFrame(row) : null;
  }

  /** The first frame of a job that was given up. */
  firstFailed(id: number): Frame | null {
    const row = this.#sql(`SELECT * FROM frames WHERE job_id = ? AND state = 'failed' ORDER BY position LIMIT 1`).get(
      id,
    ) as FrameRow | undefined;
    return row ? toFrame(row) : null;
  }

  /** The first frame of a job that looks suspicious. */
  firstSuspicious(id: number): Frame | null {
    const row = this.#sql(
      'SELECT * FROM frames WHERE job_id = ? AND suspicion IS NOT NULL ORDER BY position LIMIT 1',
    ).get(id) as FrameRow | undefined;
    return row ? toFrame(row) : null;
  }

  /** What is known of a job's frames, to reckon its time left from. */
  estimateStart(id: number): EstimateStart {
    // A million frames come as one text: as rows they would take ten times as long.
    const list = this.#sql(
      `SELECT json_group_array(frame) AS frames FROM (SELECT frame FROM frames WHERE job_id = ? AND state IN ('waiting', 'rendering') ORDER BY position)`,
    ).get(id);
    const rendering = this.#sql(
      `SELECT frame, started_at AS startedAt FROM frames WHERE job_id = ? AND state = 'rendering'`,
    ).all(id) as { frame: number; startedAt: number }[];
    const seen = this.#sql(
      `SELECT frame, seconds, slot, written_at AS writtenAt FROM frames WHERE job_id = ? AND state = 'done' ORDER BY written_at DESC LIMIT ?`,
    ).all(id, SEEN_FRAMES);
    return {
      outstanding: JSON.parse((list as { frames: string }).frames) as number[],
      rendering,
      seen: (seen as SeenFrame[]).toReversed(),
    };
  }

  /** How often tries of a frame have failed since it last waited anew. */
  failures(id: number, frame: number): number {
    return this.#frameRow(id, frame)?.failures ?? 0;
  }

  /** The waiting frame that comes next in the job's order. @param avoiding a slot whose worker should not get a frame that failed there */
  nextWaiting(id: number, avoiding?: number): number | null {
    const row =
      avoiding === undefined
        ? this.#sql(`SELECT frame FROM frames WHERE job_id = ? AND state = 'waiting' ORDER BY position LIMIT 1`).get(id)
        : this.#sql(
            `SELECT frame FROM frames WHERE job_id = ? AND state = 'waiting' AND (failures = 0 OR slot IS NOT ?) ORDER BY position LIMIT 1`,
          ).get(id, avoiding);
    return (row as { frame: number } | undefined)?.frame ?? null;
  }

  /** Every waiting frame, in the job's order. */
  waiting(id: number): number[] {
    const rows = this.#sql(`SELECT frame FROM frames WHERE job_id = ? AND state = 'waiting' ORDER BY position`).all(id);
    return (rows as { frame: number }[]).map((row) => row.frame);
  }

  /** The files that a job put in their places for one frame, or for all of them, as they were then. */
  stamps(id: number, frame?: number): FileStamp[] {
    const rows =
      frame === undefined
        ? this.#sql('SELECT files FROM frames WHERE job_id = ? AND files IS NOT NULL ORDER BY position').all(id)
        : this.#sql('SELECT files FROM frames WHERE job_id = ? AND frame = ?').all(id, frame);
    return (rows as Pick<FrameRow, 'files'>[]).flatMap(stampsOf);
  }

  /** Marks a waiting frame as handed to a worker, and counts the try. */
  frameStarted(id: number, frame: number, slot: number | null = null): Frame {
    return this.#moveFrame(id, frame, 'rendering', (row) => ({
      attempts: row.attempts + 1,
      started_at: Date.now(),
      slot,
      suspicion: null,
    }));
  }

  /** Marks a frame whose files are verified and in their places. */
  frameDone(
    id: number,
    frame: number,
    { file, seconds, stamps = [], suspicion = null, peakBytes = null }: Written,
  ): Frame {
    const at = Date.now();
    const change = {
      file,
      seconds,
      written_at: at,
      reason: null,
      suspicion,
      peak_bytes: peakBytes,
      files: stamps.length === 0 ? null : JSON.stringify(stamps),
    };
    const done = this.#moveFrame(id, frame, 'done', () => change, { last_frame: frame });
    this.#entry(id).pace.written(at);
    return done;
  }

  /** Marks a frame that is not rendered because its image was there before. */
  frameSkipped(id: number, frame: number, file: string): Frame {
    return this.#moveFrame(id, frame, 'skipped', () => ({
      file,
      files: null,
      seconds: null,
      written_at: null,
      peak_bytes: null,
    }));
  }

  /**
   * Puts a frame back to waiting.
   *
   * @param reason why the try failed; null when it was merely interrupted, which counts as no failure
   * @param stamps files of the frame that are in their places already; undefined: as before
   */
  frameReleased(id: number, frame: number, reason: string | null, stamps?: readonly FileStamp[]): Frame {
    return this.#moveFrame(id, frame, 'waiting', (row) => ({
      ...(reason === null ? {} : { reason, failures: row.failures + 1 }),
      ...(stamps ? { files: JSON.stringify(stamps) } : {}),
    }));
  }

  /** Gives a frame up. @param stamps files of it that are in their places; undefined: as before */
  frameFailed(id: number, frame: number, reason: string, stamps?: readonly FileStamp[]): Frame {
    return this.#moveFrame(id, frame, 'failed', (row) => ({
      reason,
      failures: row.failures + 1,
      ...(stamps ? { files: JSON.stringify(stamps) } : {}),
    }));
  }

  /** The frames that were in work when the last host ended. */
  interrupted(): InterruptedFrame[] {
    return this.#sql(
      `SELECT job_id AS jobId, frame, started_at AS startedAt FROM frames WHERE state = 'rendering' ORDER BY job_id, position`,
    ).all() as InterruptedFrame[];
  }

  /** A text that the queue keeps about itself; null where it kept none. */
  note(key: string): string | null {
    return (
      (this.#sql('SELECT value FROM queue WHERE key = ?').get(key) as { value: string } | undefined)?.value ?? null
    );
  }

  setNote(key: string, value: string): void {
    this.#sql(
      'INSERT INTO queue (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    ).run(key, value);
    this.#written = true;
  }

  /** Writes the log back into the database, if there is anything to write; a log that has grown large is cut. Readers and the next writer don't wait for it. */
  checkpoint(): void {
    if (!this.#written) return;
    this.#written = false;
    const large = (statSync(this.#log, { throwIfNoEntry: false })?.size ?? 0) > LARGE_LOG;
    try {
      this.#database.exec(`PRAGMA wal_checkpoint(${large ? 'TRUNCATE' : 'PASSIVE'})`);
    } catch {
      // There may be no room now: nothing is lost by it, and it is tried again.
      this.#written = true;
    }
  }

  close(): void {
    clearInterval(this.#checkpoints);
    try {
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // Where there is no room the log stays beside the database, and the next start reads it.
    }
    this.#database.close();
  }

  #toJob(entry: JobEntry): Job {
    const job = toJob(entry, this.wait(entry.row.id)?.text ?? null);
    const left = this.#timeLeft?.(job);
    if (left) [job.secondsLeft, job.secondsLeftP90] = [left.p50, left.p90];
    return job;
  }

  #entry(id: number): JobEntry {
    const entry = this.#entries.get(id);
    if (!entry) throw new Error(`There is no job ${id}.`);
    return entry;
  }

  #remember(entry: JobEntry): void {
    const { id, state } = entry.row;
    if (!this.#entries.has(id) && entry.after.length > 0) this.#setAfter(entry, entry.after);
    this.#entries.set(id, entry);
    if (FINAL_JOB_STATES.includes(state)) this.#unfinished.delete(id);
    else this.#unfinished.add(id);
  }

  #setAfter(entry: JobEntry, after: readonly number[]): void {
    const { id } = entry.row;
    for (const earlier of entry.after) this.#followers.get(earlier)?.delete(id);
    for (const earlier of after) {
      const followers = this.#followers.get(earlier);
      if (followers) followers.add(id);
      else this.#followers.set(earlier, new Set([id]));
    }
    entry.update({ comes_after: JSON.stringify(after) });
  }

  #inOrder(ids: ReadonlySet<number>): JobEntry[] {
    // Of a few it is quicker to sort them than to walk through all.
    if (ids.size * 10 > this.#ordered.length) return this.#ordered.filter(({ row }) => ids.has(row.id));
    return [...ids].map((id) => this.#entry(id)).sort((a, b) => a.row.place - b.row.place || a.row.id - b.row.id);
  }

  #frameRow(id: number, frame: number): FrameRow | undefined {
    return this.#sql('SELECT * FROM frames WHERE job_id = ? AND frame = ?').get(id, frame) as FrameRow | undefined;
  }

  #countFrames(id: number): ReturnType<typeof countsOf> & { suspicious: number } {
    const counts = { total: 0, waiting: 0, rendering: 0, done: 0, failed: 0, skipped: 0, suspicious: 0 };
    const rows = this.#sql(
      'SELECT state, count(*) AS n, count(suspicion) AS suspicious FROM frames WHERE job_id = ? GROUP BY state',
    ).all(id);
    for (const { state, n, suspicious } of rows as { state: FrameState; n: number; suspicious: number }[]) {
      counts[state] = n;
      counts.total += n;
      counts.suspicious += suspicious;
    }
    return counts;
  }

  /** Moves a frame and keeps its job's counts, in one transaction. */
  #moveFrame(
    id: number,
    frame: number,
    state: FrameState,
    change: (row: FrameRow) => Partial<FrameRow>,
    ofJob: Partial<JobRow> = {},
  ): Frame {
    const entry = this.#entry(id);
    const before = this.#frameRow(id, frame);
    if (!before) throw new Error(`Job ${id} has no frame ${frame}.`);
    checkFrameMove(id, frame, before.state, state);
    const changed = { state, ...change(before) };
    const { row } = entry;
    const after: FrameRow = { ...before, ...changed };
    const counts = {
      ...ofJob,
      suspicious: row.suspicious + (after.suspicion === null ? 0 : 1) - (before.suspicion === null ? 0 : 1),
      [before.state]: row[before.state] - 1,
      [state]: row[state] + 1,
    };
    const names = Object.keys(changed);
    this.#transaction(() => {
      this.#sql(
        `UPDATE frames SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE job_id = ? AND position = ?`,
      ).run(...Object.values(changed), id, before.position);
      this.#update(id, counts);
    });
    entry.update(counts);
    return toFrame(after);
  }

  #update(id: number, change: Partial<JobRow>): void {
    const names = Object.keys(change);
    this.#sql(`UPDATE jobs SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`).run(
      ...Object.values(change),
      id,
    );
    this.#written = true;
  }

  /** A statement, prepared once. */
  #sql(text: string): Database.Statement {
    let statement = this.#prepared.get(text);
    if (!statement) this.#prepared.set(text, (statement = this.#database.prepare(text)));
    return statement;
  }

  #transaction<T>(step: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = step();
      this.#database.exec('COMMIT');
      this.#written = true;
      return result;
    } catch (error) {
      // SQLite has rolled back by itself where there is no room.
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}
