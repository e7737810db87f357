import type { Frame, FrameState } from '../../../shared/jobs';
import type { SeenFrame } from '../eta/job-estimate';
import type { EstimateStart } from '../eta/queue-estimates';
import type { FileStamp } from '../output/output-stamps';
import type { Judgement } from '../output/suspicious-frame';
import { FRAME_COLUMNS, FRAME_FIELDS, type FrameRow, stampsOf, toFrame } from './frame-row';
import type { JobList } from './job-list';
import type { StoreConnection } from './store-connection';

/** Number of recently written frames an estimate starts from. */
const SEEN_FRAMES = 5_000;

/** Output files a job wrote for a frame, with their stamps. */
export interface FrameRecord {
  readonly job: number;
  readonly frame: number;
  readonly position: number;
  readonly fingerprint: string | null;
  /** Milliseconds since 1970. */
  readonly writtenAt: number | null;
  readonly stamps: readonly FileStamp[];
}

/** Reads the frames of jobs. Written by {@link FrameTries}, and by bulk-frames.ts within a change to a job. */
export class FrameStore {
  readonly #connection: StoreConnection;
  readonly #jobs: JobList;

  constructor(connection: StoreConnection, jobs: JobList) {
    this.#connection = connection;
    this.#jobs = jobs;
  }

  /** In dispatch order. @param limit -1 for all */
  list(
    jobId: number,
    { states, offset = 0, limit = -1 }: { states?: readonly FrameState[]; offset?: number; limit?: number } = {},
  ): Frame[] {
    // Positions start at 0 and have no gaps, so the last page of a million frames is found without skipping the others.
    const rest = states
      ? `${isIn(states)} ORDER BY position LIMIT ?3 OFFSET ?2`
      : 'position >= ?2 ORDER BY position LIMIT ?3';
    return this.#connection
      .page<FrameRow>(FRAME_FIELDS, `FROM frames WHERE job_id = ?1 AND ${rest}`, jobId, offset, limit)
      .map(toFrame);
  }

  /** The numbers of the frames in some states, in dispatch order. */
  numbers(jobId: number, states: readonly FrameState[]): number[] {
    return this.#connection.column(
      'frame',
      `FROM frames WHERE job_id = ? AND ${isIn(states)} ORDER BY position`,
      jobId,
    );
  }

  get(jobId: number, frame: number): Frame | null {
    const row = this.#row(jobId, frame);
    return row ? toFrame(row) : null;
  }

  /** The states of those of these frames that the job has. */
  statesOf(jobId: number, frames: readonly number[]): { frame: number; state: FrameState }[] {
    return this.#connection.all(
      'SELECT frame, state FROM frames WHERE job_id = ? AND frame IN (SELECT value FROM json_each(?))',
      jobId,
      JSON.stringify(frames),
    );
  }

  /** The first failed frame of a job. */
  firstFailed(jobId: number): Frame | null {
    const row = this.#connection.get<FrameRow>(firstOf('failed', FRAME_COLUMNS), jobId);
    return row ? toFrame(row) : null;
  }

  /** The first suspicious frame of a job. */
  firstSuspicious(jobId: number): Frame | null {
    return this.#rows('job_id = ? AND suspicion IS NOT NULL ORDER BY position LIMIT 1', jobId).map(toFrame)[0] ?? null;
  }

  /**
   * Changes what a frame that was rendered is suspected of.
   *
   * @returns null where it has been rendered again or queued since, or was suspected of that already
   */
  judge(jobId: number, { frame, seconds, suspicion }: Judgement): Frame | null {
    const before = this.#row(jobId, frame);
    if (before?.state !== 'done' || before.seconds !== seconds || before.suspicion === suspicion) return null;
    const job = this.#jobs.get(jobId);
    const suspicious = job.row.suspicious + Number(suspicion !== null) - Number(before.suspicion !== null);
    this.#connection.transaction(() => {
      this.#connection.update('frames', { job_id: jobId, position: before.position }, { suspicion });
      this.#connection.update('jobs', { id: jobId }, { suspicious });
    });
    this.#jobs.update(job, { suspicious });
    return toFrame({ ...before, suspicion });
  }

  /** Failed tries of a frame since it was last queued or requeued. */
  failures(jobId: number, frame: number): number {
    return this.#row(jobId, frame)?.failures ?? 0;
  }

  /**
   * The next waiting frame in dispatch order.
   *
   * @param avoiding a slot: frames whose latest try failed there are passed over
   */
  nextWaiting(jobId: number, avoiding?: number): number | null {
    const row =
      avoiding === undefined
        ? this.#connection.get(firstOf('waiting'), jobId)
        : this.#connection.get(firstOf('waiting', 'frame', 'AND (failures = 0 OR slot IS NOT ?)'), jobId, avoiding);
    return (row as { frame: number } | undefined)?.frame ?? null;
  }

  /** When the latest try of a frame was dispatched, milliseconds since 1970; null before the first. */
  startedAt(jobId: number, frame: number): number | null {
    const row = this.#connection.get<{ startedAt: number | null }>(
      'SELECT started_at AS startedAt FROM frames WHERE job_id = ? AND frame = ?',
      jobId,
      frame,
    );
    return row?.startedAt ?? null;
  }

  /** Initial data for a job's estimate. */
  estimateStart(jobId: number): EstimateStart {
    const outstanding = this.numbers(jobId, ['waiting', 'rendering']);
    const rendering = this.#connection.all(
      `SELECT frame, started_at AS startedAt FROM frames WHERE job_id = ? AND state = 'rendering'`,
      jobId,
    ) as { frame: number; startedAt: number }[];
    const seen = this.#connection.all(
      `SELECT frame, seconds, slot, written_at AS writtenAt FROM frames WHERE job_id = ? AND state = 'done' ORDER BY written_at DESC LIMIT ?`,
      jobId,
      SEEN_FRAMES,
    ) as SeenFrame[];
    return { outstanding, rendering, seen: seen.toReversed() };
  }

  /** Stamps of the output files a job wrote, for one frame or all. */
  stamps(jobId: number, frame?: number): FileStamp[] {
    const rows =
      frame === undefined
        ? this.#connection.all(
            'SELECT files FROM frames WHERE job_id = ? AND files IS NOT NULL ORDER BY position',
            jobId,
          )
        : this.#connection.all('SELECT files FROM frames WHERE job_id = ? AND frame = ?', jobId, frame);
    return (rows as Pick<FrameRow, 'files'>[]).flatMap(stampsOf);
  }

  /** What a job wrote for a frame; null for nothing. */
  record(jobId: number, frame: number): FrameRecord | null {
    const [row] = this.#rows('job_id = ? AND frame = ? AND files IS NOT NULL', jobId, frame);
    return row ? { ...withoutStamps(jobId, row), stamps: stampsOf(row) } : null;
  }

  /** As {@link record}, one page of a job's frames in dispatch order, without stamps. */
  recordsAfter(jobId: number, position: number, limit: number): Omit<FrameRecord, 'stamps'>[] {
    const rows = this.#connection.all(
      'SELECT frame, position, fingerprint, written_at FROM frames WHERE job_id = ? AND position > ? AND files IS NOT NULL ORDER BY position LIMIT ?',
      jobId,
      position,
      limit,
    ) as FrameRow[];
    return rows.map((row) => withoutStamps(jobId, row));
  }

  #rows(where: string, ...values: (number | string)[]): FrameRow[] {
    return this.#connection.all(`SELECT ${FRAME_COLUMNS} FROM frames WHERE ${where}`, ...values) as FrameRow[];
  }

  #row(jobId: number, frame: number): FrameRow | undefined {
    return this.#rows('job_id = ? AND frame = ?', jobId, frame)[0];
  }
}

/**
 * The query for a job's first frame in a state. SQLite by itself goes through the job's frames in their order, those that
 * are done too: each of the last frames of a million took 70 ms to find.
 */
export function firstOf(state: FrameState, columns = 'frame', and = ''): string {
  return `SELECT ${columns} FROM frames INDEXED BY frames_by_state WHERE job_id = ? AND state = '${state}' ${and} ORDER BY position LIMIT 1`;
}

/** The condition that a frame is in one of some states. */
function isIn(states: readonly FrameState[]): string {
  return `state IN (${states.map((state) => `'${state}'`).join(', ')})`;
}

function withoutStamps(
  job: number,
  { frame, position, fingerprint, written_at }: FrameRow,
): Omit<FrameRecord, 'stamps'> {
  return { job, frame, position, fingerprint, writtenAt: written_at };
}
