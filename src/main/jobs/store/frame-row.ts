import type { FailureCode } from '../../../shared/failures';
import type { Frame, FrameState } from '../../../shared/jobs';
import type { FileStamp } from '../output/output-stamps';
import { knownFailure } from './job-row';

/** A row of the frames table. */
export interface FrameRow {
  job_id: number;
  position: number;
  frame: number;
  state: FrameState;
  attempts: number;
  reason: string | null;
  /** What was wrong when the last try failed. */
  failure: FailureCode | null;
  file: string | null;
  seconds: number | null;
  started_at: number | null;
  written_at: number | null;
  failures: number;
  /**
   * Stamps of the output files this job wrote, as JSON; they remain the job's own while the frame waits to be rendered
   * again.
   */
  files: string | null;
  suspicion: string | null;
  slot: number | null;
  /** Name of the machine of the latest try; null for the host's own. */
  machine: string | null;
  peak_bytes: number | null;
  /** Fingerprint of what `files` show; null where unknown. */
  fingerprint: string | null;
  /** Fingerprint of what the latest try was dispatched to render; null where unknown. */
  source: string | null;
  /** The {@link Journal} of the try being stored, as JSON. */
  placing: string | null;
  /** Lease of the latest try; null before the first, or if a version without leases made it. */
  lease: number | null;
}

/** Data of a frame whose output files are all written. */
export interface Written {
  /** The frame's own image, the first where there are several. */
  readonly file: string;
  /** Render time on the worker; null where unknown. */
  readonly seconds: number | null;
  /** Stamps of all output files, `file` first. */
  readonly stamps?: readonly FileStamp[];
  readonly suspicion?: string | null;
  readonly peakBytes?: number | null;
  /** Fingerprint of what they show; null where unknown. */
  readonly fingerprint?: string | null;
  /** Warnings for the user, one sentence each, stored with the job. */
  readonly warnings?: readonly string[];
}

/** Every column, as an explicit list, so that a row has these names and no others. */
const COLUMNS: Readonly<Record<keyof FrameRow, true>> = {
  job_id: true,
  position: true,
  frame: true,
  state: true,
  attempts: true,
  reason: true,
  failure: true,
  file: true,
  seconds: true,
  started_at: true,
  written_at: true,
  failures: true,
  files: true,
  suspicion: true,
  slot: true,
  machine: true,
  peak_bytes: true,
  fingerprint: true,
  source: true,
  placing: true,
  lease: true,
};

/** Columns of a {@link FrameRow}. */
export const FRAME_FIELDS = Object.keys(COLUMNS) as (keyof FrameRow)[];
/** Column list for selecting a {@link FrameRow}. */
export const FRAME_COLUMNS = FRAME_FIELDS.join(', ');

/** Converts a row to the frame that clients see. */
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
    failure: knownFailure(row.failure),
    file: there ? row.file : null,
    files: there ? files : [],
    suspicion: row.suspicion,
    slot: row.slot,
    machine: row.machine,
    peakBytes: row.peak_bytes,
    seconds: row.seconds,
    writtenAt: row.written_at,
  };
}

/** Stamps of the output files the job wrote for a frame. */
export function stampsOf(row: Pick<FrameRow, 'files'>): FileStamp[] {
  return row.files === null ? [] : (JSON.parse(row.files) as FileStamp[]);
}

/** Change of a row when only some of a frame's output files were written: what they show together is unknown. */
export function partlyWritten(stamps: readonly FileStamp[] | undefined): Partial<FrameRow> {
  return stamps ? { files: JSON.stringify(stamps), fingerprint: null } : {};
}
