import type { Job } from '../../shared/jobs';
import { priorityGroups, type JobTable } from './job-table';
import { sortedJobs, type QueueSort } from './queue-columns';

/** The line between the jobs to come and those that have ended. */
export const FINISHED = 'finished';
/** The line above the jobs of one priority, where there are several. */
type PriorityLine = `priority ${number}`;
/** A line of the queue: a job by its number, or a heading. */
export type QueueEntry = number | PriorityLine | typeof FINISHED;

export function isJobEntry(entry: QueueEntry): entry is number {
  return typeof entry === 'number';
}

/** The priority that a heading names. */
export function headingPriority(entry: PriorityLine): number {
  return Number(entry.slice('priority '.length));
}

/**
 * The lines of the queue. In run order: the jobs to come, a group for each priority, and below them those that have
 * ended. Sorted by a column: all of them in one list.
 *
 * @param listed which jobs are listed; null for all
 * @param unfolded whether those that have ended are listed
 */
export function queueEntries(
  jobs: JobTable,
  { listed, sort, unfolded }: { listed: ((job: Job) => boolean) | null; sort: QueueSort; unfolded: boolean },
): readonly QueueEntry[] {
  const { byId } = jobs;
  const kept = (ids: readonly number[]): readonly number[] =>
    listed === null ? ids : ids.filter((id) => listed(byId.get(id)!));
  const finished = kept(jobs.finished);
  // What is looked for is not hidden by a fold.
  const shown = unfolded || listed !== null ? finished : [];
  if (sort !== null) return sortedJobs([...kept(jobs.open), ...shown], byId, sort);
  const groups = priorityGroups(jobs);
  const toCome = groups.flatMap(({ priority, ids }): QueueEntry[] => {
    const own = kept(ids);
    return groups.length < 2 || own.length === 0 ? [...own] : [`priority ${priority}`, ...own];
  });
  return finished.length === 0 ? toCome : [...toCome, FINISHED, ...shown];
}
