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

interface OwnTable extends JobTable {
  readonly byId: Map<number, Job>;
  /** Where each stands in the queue: what the host says, else after all that were there before. */
  readonly places: Map<number, number>;
  /** The greatest of them. */
  readonly lastPlace: number;
}

export function isFinished(job: Job): boolean {
  return FINAL_JOB_STATES.includes(job.state);
}

/** @param jobs in queue order */
export function jobTable(jobs: readonly Job[]): JobTable {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const places = new Map(jobs.map((job, index) => [job.id, job.position ?? index]));
  const inOrder = jobs.toSorted((a, b) => places.get(a.id)! - places.get(b.id)!);
  const open = inOrder.filter((job) => !isFinished(job));
  const table: OwnTable = {
    byId,
    places,
    lastPlace: Math.max(0, ...(inOrder.length > 0 ? [places.get(inOrder.at(-1)!.id)!] : [])),
    open: open.map((job) => job.id),
    rendering: open.filter((job) => job.state === 'rendering').map((job) => job.id),
    finished: jobs.filter(isFinished).sort(laterFirst).map((job) => job.id),
  };
  return table;
}

export const NO_JOBS: JobTable = jobTable([]);

/** Adds a job or replaces it. */
export function putJob(table: JobTable, job: Job): JobTable {
  const own = table as OwnTable;
  const before = own.byId.get(job.id);
  const place = job.position ?? own.places.get(job.id) ?? own.lastPlace + 1;
  const stays = before !== undefined && before.state === job.state && before.finishedAt === job.finishedAt && own.places.get(job.id) === place;
  own.byId.set(job.id, job);
  own.places.set(job.id, place);
  if (stays) return { ...own };
  const inQueue = (a: number, b: number): number => own.places.get(a)! - own.places.get(b)!;
  const lately = (a: number, b: number): number => laterFirst(own.byId.get(a)!, own.byId.get(b)!);
  const placed = (list: readonly number[], belongs: boolean, order: (a: number, b: number) => number): readonly number[] => {
    const at = list.indexOf(job.id);
    const rest = at === -1 ? list : list.toSpliced(at, 1);
    return belongs ? inserted(rest, job.id, order) : rest;
  };
  const finished = isFinished(job);
  const next: OwnTable = {
    ...own,
    lastPlace: Math.max(own.lastPlace, place),
    open: placed(own.open, !finished, inQueue),
    rendering: placed(own.rendering, job.state === 'rendering', inQueue),
    finished: placed(own.finished, finished, lately),
  };
  return next;
}

export function dropJob(table: JobTable, id: number): JobTable {
  const own = table as OwnTable;
  if (!own.byId.delete(id)) return table;
  own.places.delete(id);
  const without = (list: readonly number[]): readonly number[] => (list.includes(id) ? list.filter((other) => other !== id) : list);
  const next: OwnTable = { ...own, open: without(own.open), rendering: without(own.rendering), finished: without(own.finished) };
  return next;
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

function laterFirst(a: Job, b: Job): number {
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
