import { FINAL_JOB_STATES, type Job } from '../../shared/jobs';

/**
 * The host's jobs. Updating one takes constant time, however many there are, while its state and rank stay the same. A change makes a new table around the same map: `byId` is changed in place, the lists never are.
 */
export interface JobTable {
  readonly byId: ReadonlyMap<number, Job>;
  /**
   * Ids of those that have not ended, in the order in which they are rendered: higher priority first, then their rank in the
   * queue, then their number.
   */
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
  const open = jobs.filter((job) => !isFinished(job)).sort(earlierTurn);
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
    before.position === job.position &&
    before.priority === job.priority
  )
    return { ...table };
  const ranked = (list: readonly number[], belongs: boolean, order: (a: Job, b: Job) => number): readonly number[] => {
    const at = list.indexOf(job.id);
    const others = at === -1 ? list : list.toSpliced(at, 1);
    return belongs ? inserted(others, job.id, (a, b) => order(byId.get(a)!, byId.get(b)!)) : others;
  };
  return {
    byId,
    open: ranked(table.open, !isFinished(job), earlierTurn),
    rendering: ranked(table.rendering, job.state === 'rendering', earlierTurn),
    finished: ranked(table.finished, isFinished(job), laterEnd),
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

/** Leaves several jobs out, in one pass. */
export function dropJobs(table: JobTable, ids: ReadonlySet<number>): JobTable {
  const byId = table.byId as Map<number, Job>;
  for (const id of ids) byId.delete(id);
  const without = (list: readonly number[]): readonly number[] => list.filter((id) => !ids.has(id));
  return { byId, open: without(table.open), rendering: without(table.rendering), finished: without(table.finished) };
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

/** Jobs to come that have one priority, in the order in which they are rendered. */
export interface PriorityGroup {
  readonly priority: number;
  readonly ids: readonly number[];
}

/** The jobs to come by priority, the highest first: a job's rank decides only within its group. */
export function priorityGroups({ byId, open }: JobTable): PriorityGroup[] {
  const groups: { priority: number; ids: number[] }[] = [];
  for (const id of open) {
    const { priority } = byId.get(id)!;
    const last = groups.at(-1);
    if (last?.priority === priority) last.ids.push(id);
    else groups.push({ priority, ids: [id] });
  }
  return groups;
}

/**
 * The job that an opened scene is shown by: the one of it being rendered, else its next one, else the one that ended
 * last.
 */
export function jobOfScene({ byId, rendering, open, finished }: JobTable, path: string): Job | null {
  for (const list of [rendering, open, finished]) {
    const id = list.find((one) => byId.get(one)!.settings.scene === path);
    if (id !== undefined) return byId.get(id)!;
  }
  return null;
}

function earlierTurn(a: Job, b: Job): number {
  return b.priority - a.priority || a.position - b.position || a.id - b.id;
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
