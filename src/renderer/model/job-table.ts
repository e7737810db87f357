import { FINAL_JOB_STATES, type Job } from '../../shared/jobs';

/**
 * The host's jobs, so kept that a change of one costs nothing that grows with their number while its state and place stay as they are. A change makes a new table around the same
 * map: `byId` is changed in place, the lists never are.
 */
export interface JobTable {
  readonly byId: ReadonlyMap<number, Job>;
  /** Ids of those that have not ended, in queue order. */
  readonly open: readonly number[];
  /** Those of `open` that are being rendered. */
  readonly rendering: readonly number[];
  /** Ids of those that have ended, the latest first. */
  readonly finished: readonly number[];
}

export function isFinished(job: Job): boolean {
  return FINAL_JOB_STATES.includes(job.state);
}

export function jobTable(jobs: readonly Job[]): JobTable {
  const open = jobs.filter((job) => !isFinished(job)).sort(earlierPlace);
  const ids = (list: readonly Job[]): number[] => list.map((job) => job.id);
  return {
    byId: new Map(jobs.map((job) => [job.id, job])),
    open: ids(open),
    rendering: ids(open.filter((job) => job.state === 'rendering')),
    finished: ids(jobs.filter(isFinished).sort(laterEnd)),
  };
}

export const NO_JOBS: JobTable = jobTable([]);

/** Adds a job or replaces it. */
export function putJob(table: JobTable, job: Job): JobTable {
  const byId = table.byId as Map<number, Job>;
  const before = byId.get(job.id);
  byId.set(job.id, job);
  if (
    before !== undefined &&
    before.state === job.state &&
    before.finishedAt === job.finishedAt &&
    before.position === job.position
  )
    return { ...table };
  const placed = (list: readonly number[], belongs: boolean, order: (a: Job, b: Job) => number): readonly number[] => {
    const at = list.indexOf(job.id);
    const rest = at === -1 ? list : list.toSpliced(at, 1);
    return belongs ? inserted(rest, job.id, (a, b) => order(byId.get(a)!, byId.get(b)!)) : rest;
  };
  return {
    byId,
    open: placed(table.open, !isFinished(job), earlierPlace),
    rendering: placed(table.rendering, job.state === 'rendering', earlierPlace),
    finished: placed(table.finished, isFinished(job), laterEnd),
  };
}

export function dropJob(table: JobTable, id: number): JobTable {
  if (!(table.byId as Map<number, Job>).delete(id)) return table;
  const without = (list: readonly number[]): readonly number[] =>
    list.includes(id) ? list.filter((other) => other !== id) : list;
  return {
    byId: table.byId,
    open: without(table.open),
    rendering: without(table.rendering),
    finished: without(table.finished),
  };
}

/** The job that matters most now: the one rendering, else the next in the queue, else the one that ended last. */
export function leadingJob(table: JobTable): Job | null {
  const id = table.rendering[0] ?? table.open[0] ?? table.finished[0];
  return id === undefined ? null : table.byId.get(id)!;
}

/** The job being rendered; the first in the queue of several. */
export function renderingJob(table: JobTable): Job | null {
  const id = table.rendering[0];
  return id === undefined ? null : table.byId.get(id)!;
}

function earlierPlace(a: Job, b: Job): number {
  return a.position - b.position;
}

function laterEnd(a: Job, b: Job): number {
  return (b.finishedAt ?? 0) - (a.finishedAt ?? 0) || b.id - a.id;
}

/** `list` with `id` where it belongs, after those that are its equals. */
function inserted(list: readonly number[], id: number, order: (a: number, b: number) => number): readonly number[] {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(list[middle]!, id) <= 0) low = middle + 1;
    else high = middle;
  }
  return list.toSpliced(low, 0, id);
}
