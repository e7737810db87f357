import type { QueueInfo } from '../../../shared/jobs';

/** Storage of the queue's state. */
export interface Notes {
  note(key: string): string | null;
  setNote(key: string, value: string): void;
}

/** Reasons to hold a queue that is not paused: little free space (`space`), or a failed write (`full`). */
export type HoldKey = 'space' | 'full';

/** State of the queue when the program starts: running, paused, or as it was left. */
export type OnStart = 'run' | 'paused' | 'last';

/** Whether frames are dispatched, from the user's pause and the current holds. */
export interface PauseState {
  /** The state as clients see it. */
  info(): Pick<QueueInfo, 'state' | 'reason'>;
  /** What the user asked for, whatever holds the queue. */
  readonly wanted: QueueInfo['state'];
  /** Whether a job may get workers. @param inWork whether it is rendering already */
  open(inWork: boolean): boolean;
  /** @returns whether anything changed */
  set(state: QueueInfo['state']): boolean;
  /** Stores the state for the next start; nothing is stored before this call. */
  keep(): void;
  hold(key: HoldKey, reason: string): boolean;
  release(key: HoldKey): boolean;
}

export function createPauseState(notes: Notes, onStart: OnStart): PauseState {
  const left = notes.note('state') ?? 'running';
  let state: QueueInfo['state'] =
    onStart === 'paused' || (onStart === 'last' && left !== 'running') ? 'paused' : 'running';
  const holds = new Map<HoldKey, string>();
  return {
    info() {
      const [held] = holds.values();
      return held !== undefined && state !== 'paused' ? { state: 'paused', reason: held } : { state, reason: null };
    },
    get wanted() {
      return state;
    },
    open: (inWork) => holds.size === 0 && (state === 'running' || (state === 'after-job' && inWork)),
    set(next) {
      if (next === state) return false;
      notes.setNote('state', next);
      state = next;
      return true;
    },
    keep: () => notes.setNote('state', state),
    hold(key, reason) {
      if (holds.get(key) === reason) return false;
      holds.set(key, reason);
      return true;
    },
    release: (key) => holds.delete(key),
  };
}
