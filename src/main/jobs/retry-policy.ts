import { type FailureCode, failureCodeOf } from '../../shared/failures';
import type { FrameCounts } from '../../shared/jobs';
import type { FailureKind } from '../../shared/totals';
import { UserError, messageOf } from '../../shared/user-error';
import { FrameError, FrameLostError } from '../engines/render-engine';
import { TemporaryFolderError } from '../engines/temporary-folder';
import { OutputError, isFull } from './output/output-errors';
import { SceneGoneError, VolumeGoneError } from './output/output-volume';
import { OccupiedError, PartialRenameError } from './output/frame-output';

/**
 * Consequences of a failure: whether the frame is retried, whether its job continues, and how long the slot backs off.
 * All functions are pure; the callers apply the result.
 */

/** Consecutive failures to start a worker before the job that needs it fails. */
const MAX_START_FAILURES = 3;
/** Backoff of a slot whose worker could not be started while others run, in milliseconds. */
const START_BACKOFF = 30_000;
/** First backoff of a slot, in milliseconds; it doubles each time. */
const FIRST_BACKOFF = 5_000;
const MAX_BACKOFF = 300_000;
/** After consecutive failures of this many different frames the worker is suspected rather than the frame. */
const FRAMES_IN_A_ROW = 2;
/** Maximum number of times a frame is rendered again because its sources changed meanwhile: some change constantly. */
const MAX_SOURCE_CHANGES = 2;

/**
 * Cause of a failed try. `no-space`: the disk or a quota is full. `unmounted`: the disk or share of the output is gone.
 * `scene-gone`: that of the scene is, for which its job waits.
 * `scene`: the scene can't be read, though frames of it were rendered: a retry may succeed, no worker is to blame.
 * `output`: the disk or share of the output reports an error that may pass: no worker is to blame.
 * `occupied`: the frame's output path was taken by somebody else. `fatal`: the scene or its output is broken, hence every
 * frame fails. `refused`: its machine takes every frame for hopeless, but may itself lack what another one has. `lost`:
 * its machine was lost. `transient`: a retry may succeed.
 */
export type FailureCause =
  | 'no-space'
  | 'unmounted'
  | 'scene-gone'
  | 'scene'
  | 'output'
  | 'occupied'
  | 'fatal'
  | 'refused'
  | 'lost'
  | 'transient';

export interface Failure {
  readonly cause: FailureCause;
  /** Kind used for counting. */
  readonly kind: FailureKind;
  /** What was wrong, as far as it decides what mends it. */
  readonly code: FailureCode;
  /** As a sentence. */
  readonly reason: string;
}

/**
 * @param error any thrown value that ended a try
 * @param others whether another machine may have the job's frames; none by default
 * @param rendered whether frames of the job were rendered: its scene was fine then, so what is wrong with it may pass
 */
export function failureOf(error: unknown, others: () => boolean = () => false, rendered = false): Failure {
  const why = error instanceof PartialRenameError ? error.cause : error;
  const kind = kindOf(why);
  const code = codeOf(why) ?? kind;
  let cause = causeOf(why);
  if (cause === 'fatal' && why instanceof FrameError) {
    if (others()) cause = 'refused';
    else if (rendered && code === 'scene') cause = 'scene';
  }
  return { cause, kind, code, reason: messageOf(error) };
}

function codeOf(error: unknown): FailureCode | null {
  return error instanceof OccupiedError ? 'images-in-the-way' : failureCodeOf(error);
}

function causeOf(error: unknown): FailureCause {
  if (isFull(error)) return 'no-space';
  if (error instanceof VolumeGoneError) return 'unmounted';
  if (error instanceof SceneGoneError) return 'scene-gone';
  if (error instanceof OccupiedError) return 'occupied';
  if (error instanceof OutputError) return 'output';
  if (error instanceof FrameLostError) return 'lost';
  if (error instanceof UserError || (error instanceof FrameError && error.final)) return 'fatal';
  return 'transient';
}

/** A UserError in this phase comes from writing the image. */
function kindOf(error: unknown): FailureKind {
  if (error instanceof FrameError) return error.kind;
  return error instanceof UserError ? 'output' : 'render';
}

/** Consequences of a failed try. */
export interface FailureVerdict {
  /** `wait`: render again, not counted as a failure; `retry`: render again, counted; `fail`: give up. */
  readonly frame: 'wait' | 'retry' | 'fail';
  /** Fail the whole job: its other frames would fail in the same way. */
  readonly failsJob: boolean;
  /** Hold the queue: nothing can be written now. */
  readonly holdsQueue: boolean;
  /** Have the job wait, for longer each time: its other frames would fail in the same way until it passes. */
  readonly jobWaits: boolean;
  /** Count it against the worker. */
  readonly blamesWorker: boolean;
}

/**
 * @param failures earlier failures of the frame since it was last queued or requeued
 * @param attempts maximum number of tries per frame, at least 1
 */
export function afterFailure(cause: FailureCause, failures: number, attempts: number): FailureVerdict {
  const retry = failures + 1 < attempts ? 'retry' : 'fail';
  const verdict = { failsJob: false, holdsQueue: false, jobWaits: false, blamesWorker: false };
  switch (cause) {
    case 'no-space':
    case 'unmounted':
      return { ...verdict, frame: 'wait', holdsQueue: true };
    case 'occupied':
      return { ...verdict, frame: 'fail' };
    case 'scene-gone':
    case 'refused':
    case 'lost':
      return { ...verdict, frame: 'wait' };
    case 'fatal':
      return { ...verdict, frame: 'fail', failsJob: true };
    case 'scene':
    case 'output':
      return { ...verdict, frame: retry, jobWaits: true };
    case 'transient':
      return { ...verdict, frame: retry, blamesWorker: true };
  }
}

/**
 * Whether a job has ended, and how. It fails as soon as its failure share is exceeded, or when every frame failed.
 *
 * @param failureShare share of its frames that may fail, from 0 to 1
 * @param known failed frames that nobody asked to render again when others of them were: they end it only when it is
 * through
 */
export function jobVerdict(
  { total, waiting, rendering, failed }: FrameCounts,
  failureShare: number,
  known = 0,
): 'unfinished' | 'completed' | 'failed' {
  const through = waiting + rendering === 0;
  const counted = through ? failed : failed - known;
  if (failed > 0 && (counted / total > failureShare || (through && failed === total))) return 'failed';
  return through ? 'completed' : 'unfinished';
}

/**
 * Consequences of a failed worker start: its slot backs off, the queue is held as nothing can be written, or the job
 * fails.
 */
export type StartVerdict =
  { readonly kind: 'hold' | 'fail' } | { readonly kind: 'back-off'; readonly milliseconds: number };

/**
 * @param error that the start failed with; a UserError is a condition that only the user can fix
 * @param inARow consecutive failed starts for the job, this one included
 * @param others workers of the same kind that are alive and can render the job
 * @param first backoff before the next start, in milliseconds; it doubles each time
 */
export function afterStartFailure(error: unknown, inARow: number, others: number, first = FIRST_BACKOFF): StartVerdict {
  if (others > 0) return { kind: 'back-off', milliseconds: START_BACKOFF };
  if (error instanceof TemporaryFolderError || isFull(error)) return { kind: 'hold' };
  if (error instanceof UserError || inARow >= MAX_START_FAILURES) return { kind: 'fail' };
  return { kind: 'back-off', milliseconds: first * 2 ** (inARow - 1) };
}

/** What was wrong where no worker could be started: a sentence for people says what they must see to. */
export function startFailureCode(error: unknown): FailureCode {
  return failureCodeOf(error) ?? (error instanceof UserError ? 'program' : 'crash');
}

/**
 * How long a slot gets no worker after a failed try.
 *
 * @param framesInARow different frames that failed on the slot since its last success, this one included; repeated
 * failures of one frame count once, since they point to the frame
 * @param backoffs of the slot since its last success
 * @param first backoff, in milliseconds
 * @returns milliseconds; 0 for no backoff
 */
export function backoffAfter(framesInARow: number, backoffs: number, first = FIRST_BACKOFF): number {
  return framesInARow < FRAMES_IN_A_ROW ? 0 : Math.min(first * 2 ** backoffs, MAX_BACKOFF);
}

/**
 * Whether slots may back off for a job. While none of its frames was rendered, failing fast is better: it tells sooner
 * what is wrong with the job.
 *
 * @param rendered frames of the job rendered by this host
 */
export function mayBackOff(rendered: number): boolean {
  return rendered > 0;
}

/**
 * Whether to render a frame again whose sources changed during the render; otherwise it is accepted with unknown
 * content.
 *
 * @param times how often that has happened to the frame before
 */
export function rendersAgain(times: number): boolean {
  return times < MAX_SOURCE_CHANGES;
}
