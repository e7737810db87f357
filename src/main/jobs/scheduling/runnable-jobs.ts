import type { JobStore } from '../store/job-store';
import { createRunOrder } from './priority-list';

/** How often start times are looked at, since clocks are set: milliseconds. */
const LOOK_AGAIN = 30_000;

/** Whose turn it is: which jobs may be worked on, best first, and which will be at their start time. */
export interface Turns {
  /** Jobs that may be worked on, best first, as they are now. */
  ids(): readonly number[];
  /** Finds out whether a job may be worked on, and when. */
  rank(id: number): void;
  /** Forgets a job. */
  remove(id: number): void;
  /** Whether nothing will be worked on unless somebody does something. */
  readonly idle: boolean;
  /** From now on start times are watched. */
  start(): void;
  close(): void;
}

/**
 * @param onDue told jobs whose start time has come, after they were ranked
 */
export function createTurns(store: JobStore, onDue: (ids: readonly number[]) => void): Turns {
  const runnable = createRunOrder();
  const timed = new Set<number>();
  let clock: NodeJS.Timeout | null = null;
  let running = false;

  function rank(id: number): void {
    const standing = store.standing(id);
    const open = standing?.state === 'queued' || standing?.state === 'rendering';
    const wait = open ? store.wait(id) : null;
    if (open && !wait) runnable.put(id, standing);
    else runnable.remove(id);
    if (wait?.endsByItself && standing!.startAt !== null) timed.add(id);
    else timed.delete(id);
    setClock();
  }

  function setClock(): void {
    if (clock || timed.size === 0 || !running) return;
    let soonest = Number.POSITIVE_INFINITY;
    for (const id of timed) soonest = Math.min(soonest, store.standing(id)?.startAt ?? soonest);
    clock = setTimeout(look, Math.max(1, Math.min(LOOK_AGAIN, soonest - Date.now())));
    clock.unref();
  }

  function look(): void {
    clock = null;
    const due = [...timed].filter((id) => store.wait(id) === null);
    for (const id of due) rank(id);
    setClock();
    if (due.length > 0) onDue(due);
  }

  return {
    ids: runnable.ids,
    rank,
    remove(id) {
      runnable.remove(id);
      timed.delete(id);
    },
    get idle() {
      return runnable.ids().length === 0 && timed.size === 0;
    },
    start() {
      running = true;
      for (const id of store.ids(['queued'])) rank(id);
    },
    close() {
      running = false;
      if (clock) clearTimeout(clock);
    },
  };
}
