import { FINAL_JOB_STATES } from '../../../shared/jobs';
import type { StoredJob } from './job-row';
import type { JobStore } from './job-store';

/** Number of finished jobs in the initial state that every client gets; the history lists all of them, page by page. */
const RECENT_JOBS = 1_000;

/**
 * Every unfinished job and the most recently finished ones, in rendering order. Sending years of jobs would slow down
 * the host and every new client.
 */
export function recentJobs(store: Pick<JobStore, 'ranked' | 'standing' | 'job'>, most = RECENT_JOBS): StoredJob[] {
  const ids = store.ranked();
  const ended = ids.flatMap((id) => {
    const standing = store.standing(id);
    return standing && FINAL_JOB_STATES.includes(standing.state) ? [{ id, at: standing.finishedAt ?? 0 }] : [];
  });
  const older = new Set(
    ended
      .sort((a, b) => b.at - a.at || b.id - a.id)
      .slice(most)
      .map(({ id }) => id),
  );
  return ids.flatMap((id) => (older.has(id) ? [] : (store.job(id) ?? [])));
}
