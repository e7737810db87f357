import type { Frame, QueueInfo } from '../../shared/jobs';
import { messageOf } from '../../shared/user-error';
import type { ImageVerifier } from '../images/verify-image';
import type { Announcer } from './announcer';
import type { FramesInWork } from './frames-in-work';
import type { JobStates } from './job-states';
import { repairFrames } from './repair-frames';
import type { HoldKey, PauseState } from './scheduling/pause-state';
import type { InterruptedTry } from './store/frame-tries';
import type { JobStore } from './store/job-store';
import type { RenderCounters } from './render-counters';

/** Interval between write attempts on a full disk, in milliseconds. */
const WRITE_RETRY = 30_000;

export interface QueuePauseOptions {
  readonly store: JobStore;
  readonly images: ImageVerifier;
  readonly pauseState: PauseState;
  readonly inWork: FramesInWork;
  readonly states: JobStates;
  readonly announcer: Announcer;
  readonly counters: RenderCounters;
  /** Interval between write attempts on a full disk, in milliseconds. */
  readonly writeRetry?: number;
  /** Called when the queue may continue because the last hold was released. */
  onReleased(): void;
  /** Told of writes that failed; they are tried again. */
  onFault(error: unknown): void;
}

/** Pauses the whole queue: on request, for lack of free space, or after a failed write. */
export class QueuePause {
  readonly #options: QueuePauseOptions;
  #retry: NodeJS.Timeout | null = null;
  #repair: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: QueuePauseOptions) {
    this.#options = options;
  }

  /** `now` aborts the frames in work, `frame` lets them finish, `job` lets the jobs in work finish. */
  pause(after: 'now' | 'frame' | 'job'): void {
    const { store, pauseState, states, announcer } = this.#options;
    const { state, reason } = pauseState.info();
    if (state === 'paused' && reason === null) return;
    pauseState.set(after === 'now' ? 'paused' : `after-${after}`);
    // The pause must survive a power cut.
    store.checkpoint();
    if (after === 'now') for (const id of store.ids(['rendering'])) states.stop(id, 'queued', null);
    announcer.queue();
    states.settlePause();
  }

  resume(): void {
    const { pauseState, announcer } = this.#options;
    if (pauseState.set('running' satisfies QueueInfo['state'])) announcer.queue();
  }

  /**
   * Lets frames in work finish but dispatches no others until the hold is released. Never throws, since it is called
   * where the disk is full.
   */
  hold(key: HoldKey, reason: string): void {
    const { pauseState, announcer } = this.#options;
    if (!pauseState.hold(key, reason)) return;
    announcer.queue();
    this.#settle();
  }

  release(key: HoldKey): void {
    const { pauseState, announcer, onReleased } = this.#options;
    if (!pauseState.release(key)) return;
    announcer.queue();
    onReleased();
    // A pause that was requested meanwhile may have nothing left to wait for.
    this.#settle();
  }

  #settle(): void {
    const { states, onFault } = this.#options;
    try {
      states.settlePause();
    } catch (error) {
      onFault(error);
      this.#retryLater(notWritten(error));
    }
  }

  /** Holds the queue until the next write attempt; frames left in work in the database are repaired first. */
  holdUntilWritable(reason: string): void {
    this.hold('full', reason);
    this.#retryLater(reason);
  }

  #retryLater(reason: string): void {
    if (this.#retry || this.#closed) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#repair = this.#tryAgain(reason);
    }, this.#options.writeRetry ?? WRITE_RETRY);
    this.#retry.unref();
  }

  /** Resolves when no repair is in progress. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#retry) clearTimeout(this.#retry);
    await this.#repair;
  }

  /** What was written although the database could not say so is counted and told now. */
  #repaired({ jobId, machine }: InterruptedTry, frame: Frame): void {
    const { store, counters, announcer } = this.#options;
    const job = store.job(jobId)!;
    const slot = frame.slot ?? 0;
    if (frame.state === 'done') counters.frames.rendered(job.engine, slot, null, machine);
    announcer.frame(jobId, frame);
    if (frame.state !== 'done') return;
    announcer.event('render_write', job, {
      frame: frame.frame,
      worker: slot,
      attempt: frame.attempts,
      file: frame.file ?? undefined,
    });
  }

  async #tryAgain(reason: string): Promise<void> {
    const { store, images, inWork, states, announcer } = this.#options;
    try {
      const unclear = await repairFrames(
        store,
        images,
        ({ jobId, frame }) => inWork.has(jobId, frame),
        (held, frame) => this.#repaired(held, frame),
      );
      if (unclear !== null) {
        this.holdUntilWritable(unclear.message);
        return;
      }
      inWork.outOfStep = false;
      for (const id of store.ids(['rendering'])) {
        // The last host began it: it begins anew.
        if (!states.hasBegun(id)) states.set(id, 'queued', null);
        else if (!states.finishIfThrough(id)) announcer.job(id);
      }
      this.release('full');
      states.settlePause();
    } catch {
      this.holdUntilWritable(reason);
    }
  }
}

/** Reason for holding the queue when its database can't be written. */
export function notWritten(error: unknown): string {
  return `The queue could not be written to its database (${messageOf(error)}): it is tried again every half minute.`;
}
