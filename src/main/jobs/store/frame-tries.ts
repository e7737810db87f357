import type { FailureCode } from '../../../shared/failures';
import type { Frame, FrameState } from '../../../shared/jobs';
import type { FrameTry } from '../output/frame-folder';
import type { FileStamp } from '../output/output-stamps';
import { HOLDS_FRAME, type Journal, WRITE_JOURNAL, journalOf, journalText } from './frame-journal';
import { FRAME_COLUMNS, type FrameRow, type Written, partlyWritten, toFrame } from './frame-row';
import type { JobList } from './job-list';
import type { JobRow } from './job-row';
import { withMachine, withWarnings } from './job-texts';
import { CONTINUE_LEASES, lastLease, takeLease } from './leases';
import type { StoreConnection } from './store-connection';
import { checkFrameMove } from './transitions';

/** A try in progress when the last host ended. */
export interface InterruptedTry extends FrameTry {
  /** Name of the machine of the farm that it was on; null for the host's own. */
  readonly machine: string | null;
  /** Fingerprint of what it was dispatched to render; null where unknown. */
  readonly source: string | null;
  /** The files about to be renamed; null if it had not come to that. */
  readonly journal: Journal | null;
}

/** A dispatched frame. */
export interface StartedTry {
  readonly frame: Frame;
  /**
   * Lease of this try: higher than that of any earlier try of any frame, whatever happens to frames, jobs and database.
   */
  readonly lease: number;
}

/** The frame no longer belongs to this try: its result must be discarded. */
export class StaleLeaseError extends Error {
  constructor({ jobId, frame, lease }: FrameTry) {
    super(`Frame ${frame} of job ${jobId} is no longer held by lease ${lease}: nothing of that try may be kept.`);
  }
}

/**
 * Tries of frames, from dispatch to outcome. Each change is on disk when a method returns. An outcome is accepted only
 * from the try that holds the frame: its lease must be the frame's latest, and the frame in work.
 */
export class FrameTries {
  readonly #connection: StoreConnection;
  readonly #jobs: JobList;

  constructor(connection: StoreConnection, jobs: JobList) {
    this.#connection = connection;
    this.#jobs = jobs;
  }

  /**
   * Assigns a waiting frame to a worker and counts the try.
   *
   * @param machine name of the worker's machine; null for the host's own
   * @param source fingerprint of what it is rendered from; null where unknown
   */
  start(
    jobId: number,
    frame: number,
    slot: number | null = null,
    machine: string | null = null,
    source: string | null = null,
  ): StartedTry {
    const before = this.#row(jobId, frame);
    const machines = machine === null ? null : withMachine(this.#jobs.get(jobId).machines, machine);
    let lease = 0;
    const change = (): Partial<FrameRow> => ({
      attempts: before.attempts + 1,
      started_at: Date.now(),
      slot,
      machine,
      source,
      suspicion: null,
      placing: null,
      lease: (lease = takeLease(this.#connection)),
    });
    const started = this.#move(before, 'rendering', change, machines === null ? {} : { machines });
    return { frame: started, lease };
  }

  /** Continues a try of the last host, which a machine still has in work. @throws StaleLeaseError */
  resume(held: FrameTry, slot: number): StartedTry {
    const before = this.#heldRow(held);
    this.#connection.update('frames', { job_id: before.job_id, position: before.position }, { slot });
    return { frame: toFrame({ ...before, slot }), lease: held.lease };
  }

  /** The highest lease so far. */
  get lastLease(): number {
    return lastLease(this.#connection);
  }

  /** Continues leases from a number, unless they are beyond it already. */
  continueLeases(from: number): void {
    this.#connection.run(CONTINUE_LEASES, from);
  }

  /**
   * Stores which files are about to be renamed, so that the next host recognises them if this one is killed or the
   * power is cut: files are flushed, too, and one without an entry would be in the way. Must be called, and then be
   * {@link flushed}, before the first rename.
   *
   * @throws StaleLeaseError
   */
  writeJournal(held: FrameTry, journal: Journal): void {
    const { jobId, frame, lease } = held;
    const { changes } = this.#connection.run(WRITE_JOURNAL, journalText(held, journal), jobId, frame, lease);
    if (changes !== 1) throw new StaleLeaseError(held);
  }

  /** Resolves when everything stored so far is on the disk. See {@link StoreConnection.flush}. */
  flushed(): Promise<void> {
    return this.#connection.flush();
  }

  /** Whether a try still holds its frame. */
  holds({ jobId, frame, lease }: FrameTry): boolean {
    return this.#connection.get(HOLDS_FRAME, jobId, frame, lease) !== undefined;
  }

  /** Marks a frame done after its output files were verified and written. @throws StaleLeaseError */
  done(
    held: FrameTry,
    { file, seconds, stamps = [], suspicion = null, peakBytes = null, fingerprint = null, warnings = [] }: Written,
  ): Frame {
    const change = {
      file,
      seconds,
      written_at: Date.now(),
      reason: null,
      failure: null,
      suspicion,
      peak_bytes: peakBytes,
      files: stamps.length === 0 ? null : JSON.stringify(stamps),
      fingerprint,
      placing: null,
    };
    const before = this.#heldRow(held);
    const warned = withWarnings(this.#jobs.get(held.jobId).warnings, warnings);
    const ofJob = { last_frame: held.frame, ...(warned === null ? {} : { warnings: warned }) };
    const done = this.#move(before, 'done', () => change, ofJob);
    this.#jobs.get(held.jobId).throughput.written(performance.now());
    return done;
  }

  /**
   * Marks a frame as skipped because its image exists.
   *
   * @param held the try that found it; without a lease for a frame that was not dispatched
   * @throws StaleLeaseError
   */
  skip(held: FrameTry | (Omit<FrameTry, 'lease'> & { readonly lease?: undefined }), file: string): Frame {
    const before = held.lease === undefined ? this.#row(held.jobId, held.frame) : this.#heldRow(held);
    if (held.lease === undefined && before.state === 'rendering')
      throw new Error(`Frame ${held.frame} of job ${held.jobId} cannot be skipped: it is in work.`);
    return this.#move(before, 'skipped', () => ({
      file,
      files: null,
      fingerprint: null,
      placing: null,
      seconds: null,
      written_at: null,
      peak_bytes: null,
    }));
  }

  /**
   * Returns a frame to waiting.
   *
   * @param reason why the try failed; null if it was only interrupted, which does not count as a failure
   * @param stamps output files written so far; undefined: unchanged
   * @param code what was wrong
   * @throws StaleLeaseError
   */
  release(
    held: FrameTry,
    reason: string | null,
    stamps?: readonly FileStamp[],
    code: FailureCode | null = null,
  ): Frame {
    const before = this.#heldRow(held);
    const failure = reason === null ? {} : { reason, failure: code, failures: before.failures + 1 };
    return this.#move(before, 'waiting', () => ({ placing: null, ...failure, ...partlyWritten(stamps) }));
  }

  /**
   * Marks a frame as failed.
   *
   * @param stamps output files written so far; undefined: unchanged
   * @param code what was wrong
   * @throws StaleLeaseError
   */
  fail(held: FrameTry, reason: string, stamps?: readonly FileStamp[], code: FailureCode | null = null): Frame {
    const before = this.#heldRow(held);
    const failure = { reason, failure: code, failures: before.failures + 1 };
    return this.#move(before, 'failed', () => ({ placing: null, ...failure, ...partlyWritten(stamps) }));
  }

  /** The tries in progress when the last host ended. */
  interrupted(): InterruptedTry[] {
    const rows = this.#connection.all<Omit<InterruptedTry, 'journal'> & { placing: string | null }>(
      `SELECT job_id AS jobId, frame, coalesce(lease, 0) AS lease, machine, source, placing FROM frames WHERE state = 'rendering' ORDER BY job_id, position`,
    );
    return rows.map(({ placing, ...held }) => ({ ...held, journal: journalOf(held, placing) }));
  }

  #row(jobId: number, frame: number): FrameRow {
    const row = this.#connection.get<FrameRow>(
      `SELECT ${FRAME_COLUMNS} FROM frames WHERE job_id = ? AND frame = ?`,
      jobId,
      frame,
    );
    if (!row) throw new Error(`Job ${jobId} has no frame ${frame}.`);
    return row;
  }

  #heldRow(held: FrameTry): FrameRow {
    const row = this.#row(held.jobId, held.frame);
    if (row.state !== 'rendering' || (row.lease ?? 0) !== held.lease) throw new StaleLeaseError(held);
    return row;
  }

  /**
   * Moves a frame to another state and updates its job's counts, in one transaction.
   *
   * @param change other columns, computed within the transaction
   */
  #move(before: FrameRow, state: FrameState, change: () => Partial<FrameRow>, ofJob: Partial<JobRow> = {}): Frame {
    const { job_id: jobId, frame, position } = before;
    const job = this.#jobs.get(jobId);
    checkFrameMove(jobId, frame, before.state, state);
    const [after, counts] = this.#connection.transaction(() => {
      const changed = { state, ...change() };
      this.#connection.update('frames', { job_id: jobId, position }, changed);
      const row: FrameRow = { ...before, ...changed };
      const counted = {
        ...ofJob,
        suspicious: job.row.suspicious + Number(row.suspicion !== null) - Number(before.suspicion !== null),
        [before.state]: job.row[before.state] - 1,
        [state]: job.row[state] + 1,
      };
      this.#connection.update('jobs', { id: jobId }, counted);
      return [row, counted];
    });
    this.#jobs.update(job, counts);
    return toFrame(after);
  }
}
