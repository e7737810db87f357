import type { Frame, FrameCounts, FrameState, Job, JobSettings, JobState } from '../../../shared/jobs';
import { jobSettingsSchema } from '../../../shared/jobs';
import type { EngineId } from '../../../shared/scene';
import type { FileStamp } from '../output/output-files';
import { type Pace, createPace } from './throughput';

/** A job as its table has it. */
export interface JobRow extends FrameCounts {
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
  priority: number;
  comes_after: string;
  start_at: number | null;
  place: number;
  warnings: string;
  suspicious: number;
}

/** A frame as its table has it. */
export interface FrameRow {
  job_id: number;
  position: number;
  frame: number;
  state: FrameState;
  attempts: number;
  reason: string | null;
  file: string | null;
  seconds: number | null;
  started_at: number | null;
  written_at: number | null;
  failures: number;
  /** Stamps of the files that this job put in their places, as JSON; they are ours also while the frame waits to be rendered again. */
  files: string | null;
  suspicion: string | null;
  slot: number | null;
  peak_bytes: number | null;
}

/** A job as it is kept in memory: its row, what is read out of it when it is first asked for, and its pace. */
export class JobEntry {
  row: JobRow;
  #pace: Pace | null = null;
  #settings: JobSettings | null = null;
  #after: readonly number[] | null = null;

  constructor(row: JobRow) {
    this.row = row;
  }

  /** Most jobs of a long list are never worked on by this host. */
  get pace(): Pace {
    return (this.#pace ??= createPace());
  }

  framesPerMinute(): number | null {
    return this.#pace?.framesPerMinute() ?? null;
  }

  get settings(): JobSettings {
    return (this.#settings ??= jobSettingsSchema.parse(JSON.parse(this.row.settings)));
  }

  get after(): readonly number[] {
    return (this.#after ??= this.row.comes_after === '[]' ? [] : (JSON.parse(this.row.comes_after) as number[]));
  }

  /** Takes what was written. */
  update(change: Partial<JobRow>): void {
    if (change.settings !== undefined) this.#settings = null;
    if (change.comes_after !== undefined) this.#after = null;
    this.row = { ...this.row, ...change };
  }
}

export function countsOf(row: FrameCounts): FrameCounts {
  const { total, waiting, rendering, done, failed, skipped } = row;
  return { total, waiting, rendering, done, failed, skipped };
}

/** A job as others see it, without the time left. @param waitsFor why its turn does not come, in words */
export function toJob(entry: JobEntry, waitsFor: string | null): Job {
  const { row } = entry;
  return {
    id: row.id,
    name: row.name,
    engine: row.engine,
    settings: entry.settings,
    state: row.state,
    reason: row.reason,
    position: row.place,
    priority: row.priority,
    after: [...entry.after],
    startAt: row.start_at,
    waitsFor,
    warnings: row.warnings === '[]' ? [] : (JSON.parse(row.warnings) as string[]),
    suspicious: row.suspicious,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    frames: countsOf(row),
    lastFrame: row.last_frame,
    framesPerMinute: entry.framesPerMinute(),
    secondsLeft: null,
    secondsLeftP90: null,
  };
}

export function toFrame(row: FrameRow): Frame {
  const there = row.state === 'done' || row.state === 'skipped';
  const stamps = stampsOf(row);
  const files =
    row.state === 'done' && stamps.length > 0 ? stamps.map(({ path }) => path) : row.file === null ? [] : [row.file];
  return {
    frame: row.frame,
    state: row.state,
    attempts: row.attempts,
    reason: row.reason,
    file: there ? row.file : null,
    files: there ? files : [],
    suspicion: row.suspicion,
    slot: row.slot,
    peakBytes: row.peak_bytes,
    seconds: row.seconds,
    writtenAt: row.written_at,
  };
}

/** The files that the job put in their places for a frame, as they were then. */
export function stampsOf(row: Pick<FrameRow, 'files'>): FileStamp[] {
  return row.files === null ? [] : (JSON.parse(row.files) as FileStamp[]);
}
