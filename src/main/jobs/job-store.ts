import { join } from 'node:path';
import type Database from 'libsql';
import { parseFrameRange } from '../../shared/frame-range';
import { FINAL_JOB_STATES, type Frame, type FrameCounts, type FrameState, type Job, type JobSettings, type JobState, jobSettingsSchema } from '../../shared/jobs';
import type { EngineId } from '../../shared/scene';
import { openDatabase } from './database';
import { createPace, type Pace } from './pace';

interface JobRow {
  id: number;
  name: string;
  engine: EngineId;
  settings: string;
  state: JobState;
  reason: string | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  last_frame: number | null;
}

interface FrameRow {
  frame: number;
  state: FrameState;
  attempts: number;
  reason: string | null;
  file: string | null;
  seconds: number | null;
  started_at: number | null;
  written_at: number | null;
}

/** A job as it is kept in memory: its row, the number of its frames in each state, and its pace. */
interface Entry {
  row: JobRow;
  settings: JobSettings;
  counts: FrameCounts;
  pace: Pace;
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
  readonly #entries = new Map<number, Entry>();

  constructor(dataFolder: string) {
    const { database, notice } = openDatabase(join(dataFolder, 'queue.sqlite'));
    this.#database = database;
    this.notice = notice;
    const rows = database.prepare('SELECT * FROM jobs ORDER BY id').all() as JobRow[];
    const counts = database.prepare('SELECT job_id, state, count(*) AS n FROM frames GROUP BY job_id, state').all() as { job_id: number; state: FrameState; n: number }[];
    for (const row of rows) {
      this.#entries.set(row.id, { row, settings: jobSettingsSchema.parse(JSON.parse(row.settings)), counts: noFrames(), pace: createPace() });
    }
    for (const { job_id: id, state, n } of counts) {
      const entry = this.#entries.get(id);
      if (!entry) continue;
      entry.counts[state] = n;
      entry.counts.total += n;
    }
  }

  /** In queue order. */
  jobs(): Job[] {
    return [...this.#entries.values()].map(toJob);
  }

  /** In queue order: those that are not finished. */
  unfinished(): Job[] {
    const unfinished: Job[] = [];
    for (const entry of this.#entries.values()) {
      if (!FINAL_JOB_STATES.includes(entry.row.state)) unfinished.push(toJob(entry));
    }
    return unfinished;
  }

  job(id: number): Job | null {
    const entry = this.#entries.get(id);
    return entry ? toJob(entry) : null;
  }

  add(job: { name: string; engine: EngineId; settings: JobSettings }): Job {
    const frames = parseFrameRange(job.settings.frames);
    const createdAt = Date.now();
    const id = this.#transaction(() => {
      const { lastInsertRowid } = this.#database
        .prepare('INSERT INTO jobs (name, engine, settings, state, created_at) VALUES (?, ?, ?, ?, ?)')
        .run(job.name, job.engine, JSON.stringify(job.settings), 'queued', createdAt);
      // One statement for all frames, however many: the list travels as JSON.
      this.#database
        .prepare(`INSERT INTO frames (job_id, position, frame, state) SELECT ?, key, value, 'waiting' FROM json_each(?)`)
        .run(lastInsertRowid, JSON.stringify(frames));
      return Number(lastInsertRowid);
    });
    const row: JobRow = {
      id,
      name: job.name,
      engine: job.engine,
      settings: JSON.stringify(job.settings),
      state: 'queued',
      reason: null,
      created_at: createdAt,
      started_at: null,
      finished_at: null,
      last_frame: null,
    };
    const entry: Entry = { row, settings: job.settings, counts: { ...noFrames(), total: frames.length, waiting: frames.length }, pace: createPace() };
    this.#entries.set(id, entry);
    return toJob(entry);
  }

  /** Takes a job and its frames out; their images stay where they are. */
  remove(id: number): void {
    this.#database.prepare('DELETE FROM jobs WHERE id = ?').run(id);
    this.#entries.delete(id);
  }

  /** Changes a job's state. A final state puts every frame in work back to waiting: nothing is left half done. */
  setState(id: number, state: JobState, reason: string | null): Job {
    const entry = this.#entry(id);
    const now = Date.now();
    const row: JobRow = {
      ...entry.row,
      state,
      reason,
      started_at: state === 'rendering' ? (entry.row.started_at ?? now) : entry.row.started_at,
      finished_at: FINAL_JOB_STATES.includes(state) ? now : null,
    };
    const released = FINAL_JOB_STATES.includes(state) ? entry.counts.rendering : 0;
    this.#transaction(() => {
      this.#database
        .prepare('UPDATE jobs SET state = ?, reason = ?, started_at = ?, finished_at = ? WHERE id = ?')
        .run(state, reason, row.started_at, row.finished_at, id);
      if (released > 0) this.#database.prepare(`UPDATE frames SET state = 'waiting' WHERE job_id = ? AND state = 'rendering'`).run(id);
    });
    entry.row = row;
    entry.counts = { ...entry.counts, rendering: entry.counts.rendering - released, waiting: entry.counts.waiting + released };
    return toJob(entry);
  }

  frames(id: number): Frame[] {
    const rows = this.#database.prepare('SELECT * FROM frames WHERE job_id = ? ORDER BY position').all(id) as FrameRow[];
    return rows.map(toFrame);
  }

  frame(id: number, frame: number): Frame | null {
    const row = this.#database.prepare('SELECT * FROM frames WHERE job_id = ? AND frame = ?').get(id, frame) as FrameRow | undefined;
    return row ? toFrame(row) : null;
  }

  /** The waiting frame that comes next in the job's order. */
  nextWaiting(id: number): number | null {
    const row = this.#database.prepare(`SELECT frame FROM frames WHERE job_id = ? AND state = 'waiting' ORDER BY position LIMIT 1`).get(id);
    return (row as { frame: number } | undefined)?.frame ?? null;
  }

  /** Every waiting frame, in the job's order. */
  waiting(id: number): number[] {
    const rows = this.#database.prepare(`SELECT frame FROM frames WHERE job_id = ? AND state = 'waiting' ORDER BY position`).all(id);
    return (rows as { frame: number }[]).map((row) => row.frame);
  }

  /** Marks a waiting frame as handed to a worker, and counts the try. */
  frameStarted(id: number, frame: number): Frame {
    return this.#moveFrame(id, frame, 'rendering', `attempts = attempts + 1, started_at = ?, reason = NULL`, [Date.now()]);
  }

  /** Marks a frame whose image is verified and in its place. */
  frameDone(id: number, frame: number, image: { file: string; seconds: number | null }): Frame {
    const entry = this.#entry(id);
    const at = Date.now();
    const done = this.#transaction(() => {
      this.#database.prepare('UPDATE jobs SET last_frame = ? WHERE id = ?').run(frame, id);
      return this.#moveFrame(id, frame, 'done', 'file = ?, seconds = ?, written_at = ?, reason = NULL', [image.file, image.seconds, at]);
    });
    entry.row = { ...entry.row, last_frame: frame };
    entry.pace.written(at);
    return done;
  }

  /** Marks a frame that is not rendered because its image was there before. */
  frameSkipped(id: number, frame: number, file: string): Frame {
    return this.#moveFrame(id, frame, 'skipped', 'file = ?', [file]);
  }

  /** Puts a frame back to waiting, with why the try failed, or without a reason when it was merely interrupted. */
  frameReleased(id: number, frame: number, reason: string | null): Frame {
    return this.#moveFrame(id, frame, 'waiting', 'reason = ?', [reason]);
  }

  /** Gives a frame up. */
  frameFailed(id: number, frame: number, reason: string): Frame {
    return this.#moveFrame(id, frame, 'failed', 'reason = ?', [reason]);
  }

  /** The frames that were in work when the last host ended. */
  interrupted(): InterruptedFrame[] {
    return this.#database
      .prepare(`SELECT job_id AS jobId, frame, started_at AS startedAt FROM frames WHERE state = 'rendering' ORDER BY job_id, position`)
      .all() as InterruptedFrame[];
  }

  close(): void {
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.#database.close();
  }

  #entry(id: number): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new Error(`There is no job ${id}.`);
    return entry;
  }

  #moveFrame(id: number, frame: number, state: FrameState, also: string, values: readonly (string | number | null)[]): Frame {
    const entry = this.#entry(id);
    const before = this.frame(id, frame);
    if (!before) throw new Error(`Job ${id} has no frame ${frame}.`);
    this.#database.prepare(`UPDATE frames SET state = ?, ${also} WHERE job_id = ? AND frame = ?`).run(state, ...values, id, frame);
    const counts = { ...entry.counts };
    counts[before.state]--;
    counts[state]++;
    entry.counts = counts;
    return this.frame(id, frame)!;
  }

  #transaction<T>(step: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = step();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

function noFrames(): FrameCounts {
  return { total: 0, waiting: 0, rendering: 0, done: 0, failed: 0, skipped: 0 };
}

function toJob({ row, settings, counts, pace }: Entry): Job {
  const framesPerMinute = pace.framesPerMinute();
  const left = counts.waiting + counts.rendering;
  const finished = FINAL_JOB_STATES.includes(row.state);
  return {
    id: row.id,
    name: row.name,
    engine: row.engine,
    settings,
    state: row.state,
    reason: row.reason,
    priority: 0,
    after: [],
    startAt: null,
    waitsFor: null,
    warnings: [],
    suspicious: 0,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    frames: { ...counts },
    lastFrame: row.last_frame,
    framesPerMinute,
    secondsLeft: finished || framesPerMinute === null ? null : (left / framesPerMinute) * 60,
    secondsLeftP90: null,
  };
}

function toFrame(row: FrameRow): Frame {
  return {
    frame: row.frame,
    state: row.state,
    attempts: row.attempts,
    reason: row.reason,
    file: row.file,
    files: row.file === null ? [] : [row.file],
    suspicion: null,
    slot: null,
    peakBytes: null,
    seconds: row.seconds,
    writtenAt: row.written_at,
  };
}
