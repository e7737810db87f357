import type { JobStore } from '../store/job-store';
import { type Turns, createAlikeJobs } from './alike-jobs';
import { createPriorityList } from './priority-list';

/** Maximum interval between checks of start times, in milliseconds: the clock can be changed. */
const CHECK_INTERVAL = 30_000;

/** The jobs that may run now, best first, and those that wait for their start time. */
export interface RunnableJobs {
  /** Snapshot of the jobs that may run, best first. */
  ids(): readonly number[];
  /** Determines whether a job may run, or when. Call when its rank, its state or what it asks of machines has changed. */
  rank(id: number): void;
  /** Starts a round of scheduling, which passes over jobs that no machine may take. */
  turns(): Turns;
  /** Call when machines, or what they can render, have changed. */
  reconsider(): void;
  /** Removes a job. */
  remove(id: number): void;
  /** Whether nothing will run without user action. */
  readonly idle: boolean;
  /** Starts watching start times. */
  start(): void;
  close(): void;
}

/** @param onDue called with jobs whose start time has come, after they were ranked */
export function createRunnableJobs(store: JobStore, onDue: (ids: readonly number[]) => void): RunnableJobs {
  const runnable = createPriorityList();
  const alike = createAlikeJobs();
  const timed = new Set<number>();
  let clock: NodeJS.Timeout | null = null;
  let running = false;

  function rank(id: number): void {
    const standing = store.standing(id);
    const open = standing?.state === 'queued' || standing?.state === 'rendering';
    const wait = open ? store.wait(id) : null;
    if (open && !wait) {
      runnable.put(id, standing);
      alike.put(id, standing);
    } else {
      drop(id);
    }
    if (wait?.endsByItself && standing!.startAt !== null) timed.add(id);
    else timed.delete(id);
    setClock();
  }

  function drop(id: number): void {
    runnable.remove(id);
    alike.remove(id);
  }

  function setClock(): void {
    if (clock || timed.size === 0 || !running) return;
    let soonest = Number.POSITIVE_INFINITY;
    for (const id of timed) soonest = Math.min(soonest, store.standing(id)?.startAt ?? soonest);
    clock = setTimeout(check, Math.max(1, Math.min(CHECK_INTERVAL, soonest - Date.now())));
    clock.unref();
  }

  function check(): void {
    clock = null;
    const due = [...timed].filter((id) => store.wait(id) === null);
    for (const id of due) rank(id);
    setClock();
    if (due.length > 0) onDue(due);
  }

  return {
    ids: runnable.ids,
    rank,
    turns: alike.turns,
    reconsider: alike.reconsider,
    remove(id) {
      drop(id);
      timed.delete(id);
    },
    get idle() {
      return runnable.size === 0 && timed.size === 0;
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
