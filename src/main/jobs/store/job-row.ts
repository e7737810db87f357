import { type FailureCode, failureCodeSchema } from '../../../shared/failures';
import type { FrameCounts, Job, JobSettings, JobState } from '../../../shared/jobs';
import { jobSettingsSchema } from '../../../shared/jobs';
import type { EngineId } from '../../../shared/scene';
import { type Throughput, createThroughput } from './throughput';

/** A row of the jobs table. */
export interface JobRow extends FrameCounts {
  id: number;
  name: string;
  note: string;
  engine: EngineId;
  settings: string;
  state: JobState;
  reason: string | null;
  /** What was wrong, where it failed. */
  failure: FailureCode | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  last_frame: number | null;
  priority: number;
  comes_after: string;
  start_at: number | null;
  /** Queue position; jobs that were moved have fractional ones. */
  place: number;
  warnings: string;
  /** Names of the machines of the farm that have had frames of it, as a JSON list. */
  machines: string;
  suspicious: number;
  /**
   * Fingerprint of the frames rendered last or, before that, of the sources when the job was added; null for jobs of
   * older versions.
   */
  fingerprint: string | null;
  /** Where its images go, with links resolved. */
  folder: string;
  /** Root of the file system of that folder; null where unknown. */
  volume: string | null;
  /** Root of the file system that its scene is on; null where unknown. */
  scene_volume: string | null;
}

/** Every column, as an explicit list, so that a row has these names and no others. */
const COLUMNS: Readonly<Record<keyof JobRow, true>> = {
  id: true,
  name: true,
  note: true,
  engine: true,
  settings: true,
  state: true,
  reason: true,
  failure: true,
  created_at: true,
  started_at: true,
  finished_at: true,
  last_frame: true,
  priority: true,
  comes_after: true,
  start_at: true,
  place: true,
  warnings: true,
  machines: true,
  suspicious: true,
  fingerprint: true,
  folder: true,
  volume: true,
  scene_volume: true,
  total: true,
  waiting: true,
  rendering: true,
  done: true,
  failed: true,
  skipped: true,
};

/** Column list for selecting a {@link JobRow}. */
export const JOB_COLUMNS = Object.keys(COLUMNS).join(', ');

/** A job in memory: its row, values parsed on first use, and its throughput. */
export class JobEntry {
  row: JobRow;
  #throughput: Throughput | null = null;
  #settings: JobSettings | null = null;
  #after: readonly number[] | null = null;
  #warnings: readonly string[] | null = null;
  #machines: readonly string[] | null = null;

  constructor(row: JobRow) {
    this.row = row;
  }

  /** Created on demand: most jobs of a long list are never rendered by this host. */
  get throughput(): Throughput {
    return (this.#throughput ??= createThroughput());
  }

  framesPerMinute(): number | null {
    return this.#throughput?.framesPerMinute() ?? null;
  }

  get settings(): JobSettings {
    return (this.#settings ??= jobSettingsSchema.parse(JSON.parse(this.row.settings)));
  }

  get after(): readonly number[] {
    return (this.#after ??= this.row.comes_after === '[]' ? [] : (JSON.parse(this.row.comes_after) as number[]));
  }

  get warnings(): readonly string[] {
    return (this.#warnings ??= textsOf(this.row.warnings));
  }

  get machines(): readonly string[] {
    return (this.#machines ??= textsOf(this.row.machines));
  }

  /** Applies a stored change. */
  update(change: Partial<JobRow>): void {
    if (change.settings !== undefined) this.#settings = null;
    if (change.comes_after !== undefined) this.#after = null;
    if (change.warnings !== undefined) this.#warnings = null;
    if (change.machines !== undefined) this.#machines = null;
    this.row = { ...this.row, ...change };
  }
}

export function countsOf(row: FrameCounts): FrameCounts {
  const { total, waiting, rendering, done, failed, skipped } = row;
  return { total, waiting, rendering, done, failed, skipped };
}

/** What decides when a job runs. `position` increases in queue order; times are milliseconds since 1970. */
export interface JobStanding {
  readonly engine: EngineId;
  readonly state: JobState;
  readonly priority: number;
  readonly position: number;
  readonly startAt: number | null;
  readonly finishedAt: number | null;
}

/** A job as clients see it, without the time left: the store makes no estimates. */
export type StoredJob = Omit<Job, 'secondsLeft' | 'secondsLeftP90'>;

/** @param waitsFor what the job waits for beside its turn, in words */
export function toJob(entry: JobEntry, waitsFor: string | null): StoredJob {
  const { row } = entry;
  return {
    id: row.id,
    name: row.name,
    note: row.note,
    engine: row.engine,
    settings: entry.settings,
    state: row.state,
    reason: row.reason,
    failure: knownFailure(row.failure),
    position: row.place,
    priority: row.priority,
    after: [...entry.after],
    startAt: row.start_at,
    waitsFor,
    warnings: [...entry.warnings],
    machines: [...entry.machines],
    suspicious: row.suspicious,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    frames: countsOf(row),
    lastFrame: row.last_frame,
    framesPerMinute: entry.framesPerMinute(),
  };
}

/** A code that a later version may have written; null where this one does not know it. */
export function knownFailure(code: string | null): FailureCode | null {
  return failureCodeSchema.safeParse(code).data ?? null;
}

function textsOf(list: string): string[] {
  return list === '[]' ? [] : (JSON.parse(list) as string[]);
}
