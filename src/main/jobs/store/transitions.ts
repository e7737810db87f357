import type { FrameState, JobState } from '../../../shared/jobs';

/**
 * The state machine of jobs and frames. The store checks every move against these tables, so that no other part of the
 * program can make one that is not listed.
 */

/**
 * queued → rendering when its first worker is requested; rendering → queued when the queue was paused or the last host
 * ended; a final state → queued when it is requeued.
 */
const JOB_MOVES: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['rendering', 'paused', 'failed', 'cancelled'],
  rendering: ['queued', 'paused', 'completed', 'failed', 'cancelled'],
  paused: ['queued', 'failed', 'cancelled'],
  completed: ['queued'],
  failed: ['queued'],
  cancelled: ['queued'],
};

/** rendering → waiting when a try failed or was aborted; a final state → waiting when the frame is rendered again. */
const FRAME_MOVES: Readonly<Record<FrameState, readonly FrameState[]>> = {
  waiting: ['rendering', 'skipped'],
  rendering: ['waiting', 'done', 'failed', 'skipped'],
  done: ['waiting'],
  failed: ['waiting'],
  skipped: ['waiting'],
};

/** States that require a reason. */
const NEEDS_REASON: readonly JobState[] = ['failed', 'cancelled'];

/** Whether a job may move from one state to another; keeping its state is not a move. */
export function mayMoveJob(from: JobState, to: JobState): boolean {
  return JOB_MOVES[from].includes(to);
}

/** Whether a frame may move from one state to another. */
export function mayMoveFrame(from: FrameState, to: FrameState): boolean {
  return FRAME_MOVES[from].includes(to);
}

/** @throws Error when the move is not allowed: a program fault that must not reach the database */
export function checkJobMove(id: number, from: JobState, to: JobState, reason: string | null): void {
  if (from !== to && !mayMoveJob(from, to)) throw new Error(`Job ${id} cannot become ${to}: it is ${from}.`);
  if (reason === null && NEEDS_REASON.includes(to)) throw new Error(`Job ${id} cannot become ${to} without a reason.`);
}

/** @throws Error when the move is not allowed: a program fault that must not reach the database */
export function checkFrameMove(id: number, frame: number, from: FrameState, to: FrameState): void {
  if (!mayMoveFrame(from, to)) throw new Error(`Frame ${frame} of job ${id} cannot become ${to}: it is ${from}.`);
}
