import type { FrameState, JobState } from '../../../shared/jobs';

/**
 * The state machine of jobs and frames: which states may follow which. The store asks here before it writes, so that no other part of the program can bring about a move that is not in
 * these tables.
 */

/** queued → rendering when its first worker is wanted; rendering → queued when the queue was paused or the last host ended; a state that ended → queued when it is requeued. */
const JOB_MOVES: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['rendering', 'paused', 'failed', 'cancelled'],
  rendering: ['queued', 'paused', 'completed', 'failed', 'cancelled'],
  paused: ['queued', 'failed', 'cancelled'],
  completed: ['queued'],
  failed: ['queued'],
  cancelled: ['queued'],
};

/** rendering → waiting when a try failed or was given up; an ended state → waiting when the frame is rendered again. */
const FRAME_MOVES: Readonly<Record<FrameState, readonly FrameState[]>> = {
  waiting: ['rendering', 'skipped'],
  rendering: ['waiting', 'done', 'failed', 'skipped'],
  done: ['waiting'],
  failed: ['waiting'],
  skipped: ['waiting'],
};

/** States of which a reason must be told. */
const NEEDS_REASON: readonly JobState[] = ['failed', 'cancelled'];

/** Whether a job may go from one state into another; staying where it is is no move. */
export function mayMoveJob(from: JobState, to: JobState): boolean {
  return JOB_MOVES[from].includes(to);
}

/** Whether a frame may go from one state into another. */
export function mayMoveFrame(from: FrameState, to: FrameState): boolean {
  return FRAME_MOVES[from].includes(to);
}

/** @throws Error when a job may not do that: a fault of ours, which must not get into the database */
export function checkJobMove(id: number, from: JobState, to: JobState, reason: string | null): void {
  if (from !== to && !mayMoveJob(from, to)) throw new Error(`Job ${id} cannot become ${to}: it is ${from}.`);
  if (reason === null && NEEDS_REASON.includes(to)) throw new Error(`Job ${id} cannot become ${to} without a reason.`);
}

/** @throws Error when a frame may not do that: a fault of ours, which must not get into the database */
export function checkFrameMove(id: number, frame: number, from: FrameState, to: FrameState): void {
  if (!mayMoveFrame(from, to)) throw new Error(`Frame ${frame} of job ${id} cannot become ${to}: it is ${from}.`);
}
