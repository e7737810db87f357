import type { QueueInfo } from '../../../shared/jobs';

/** What the queue's state is kept in. */
export interface Notes {
  note(key: string): string | null;
  setNote(key: string, value: string): void;
}

/** Why the queue stands still although nobody paused it. */
export type HoldKey = 'space' | 'full';

/** What the queue does when the program starts: it goes on, stays paused, or is as it was left. */
export type OnStart = 'run' | 'paused' | 'last';

/** Whether frames are handed out: what the user wants, and what holds the queue up beside that. */
export interface QueueSwitch {
  /** What people see. */
  info(): Pick<QueueInfo, 'state' | 'reason'>;
  /** Whether a job may get workers. @param inWork it is rendering already */
  open(inWork: boolean): boolean;
  /** @returns whether anything changed */
  set(state: QueueInfo['state']): boolean;
  /** Keeps the state for the next start; before it nothing is written. */
  keep(): void;
  hold(key: HoldKey, reason: string): boolean;
  release(key: HoldKey): boolean;
}

export function createQueueSwitch(notes: Notes, onStart: OnStart): QueueSwitch {
  const left = notes.note('state') ?? 'running';
  let state: QueueInfo['state'] =
    onStart === 'paused' || (onStart === 'last' && left !== 'running') ? 'paused' : 'running';
  const holds = new Map<HoldKey, string>();
  return {
    info() {
      const [held] = holds.values();
      return held !== undefined && state !== 'paused' ? { state: 'paused', reason: held } : { state, reason: null };
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
