import { dirname } from 'node:path';
import { parseFrameRange } from '../../../shared/frame-range';
import type { JobSettings } from '../../../shared/jobs';
import type { EngineId } from '../../../shared/scene';
import { orderFrames } from './frame-order';
import type { JobRow } from './job-row';
import { withWarnings } from './job-texts';

/** A job's schedule. */
export interface JobSchedule {
  readonly priority: number;
  /** Dependencies: jobs that must have completed first. */
  readonly after: readonly number[];
  /** Earliest start, milliseconds since 1970. */
  readonly startAt: number | null;
}

/** What people call a job and have written down about it. */
export interface JobLabels {
  readonly name: string;
  readonly note: string;
}

/**
 * The frames of a job that are rendered again: all, the failed ones, those of these numbers, or none but those that were
 * left when it ended.
 */
export type FramesAgain = 'all' | 'failed' | 'remaining' | readonly number[];

/** A job to add. */
export interface NewJob extends Partial<JobSchedule> {
  readonly name: string;
  /** What people have written down about it. */
  readonly note?: string;
  readonly engine: EngineId;
  readonly settings: JobSettings;
  /** Warnings for the user, one sentence each. */
  readonly warnings?: readonly string[];
  /** Fingerprint of its sources when it is added. */
  readonly fingerprint?: string | null;
  /** Where its images go, with links resolved. */
  readonly folder?: string;
  /** Root of the file system of that folder. */
  readonly volume?: string | null;
  /** Root of the file system that its scene is on. */
  readonly sceneVolume?: string | null;
}

/** A job's frame numbers in dispatch order. */
export function framesOf(settings: JobSettings): number[] {
  return orderFrames(parseFrameRange(settings.frames), settings.order);
}

/** The row of a queued job. @param position its queue position */
export function rowOf(job: NewJob, position: number, frames: number): Omit<JobRow, 'id'> {
  return {
    name: job.name,
    note: job.note ?? '',
    engine: job.engine,
    settings: JSON.stringify(job.settings),
    state: 'queued',
    reason: null,
    failure: null,
    created_at: Date.now(),
    started_at: null,
    finished_at: null,
    last_frame: null,
    priority: job.priority ?? 0,
    comes_after: JSON.stringify(job.after ?? []),
    start_at: job.startAt ?? null,
    place: position,
    warnings: withWarnings([], job.warnings ?? []) ?? '[]',
    machines: '[]',
    suspicious: 0,
    fingerprint: job.fingerprint ?? null,
    folder: job.folder ?? dirname(job.settings.output),
    volume: job.volume ?? null,
    scene_volume: job.sceneVolume ?? null,
    total: frames,
    waiting: frames,
    rendering: 0,
    done: 0,
    failed: 0,
    skipped: 0,
  };
}
