import type { JobState } from '../../../shared/jobs';

/** What must be known of a dependency. */
export interface EarlierJob {
  readonly id: number;
  readonly name: string;
  readonly state: JobState;
}

/** Why a queued job may not start yet. */
export interface Wait {
  /** In words, to follow “waits for”. */
  readonly text: string;
  /** Whether it ends without user action. */
  readonly endsByItself: boolean;
}

/**
 * What a queued job waits for beside its turn: its dependencies and start time.
 *
 * @param find looks up a job; null where it was removed
 * @param now milliseconds since 1970
 * @returns null when it may start
 */
export function waitOf(
  job: { readonly after: readonly number[]; readonly startAt: number | null },
  find: (id: number) => EarlierJob | null,
  now: number,
): Wait | null {
  let unfinished: EarlierJob | null = null;
  for (const id of job.after) {
    const earlier = find(id);
    if (!earlier)
      return {
        text: `job ${id}, which was removed before it completed: change what this job comes after`,
        endsByItself: false,
      };
    if (earlier.state === 'failed' || earlier.state === 'cancelled') {
      return {
        text: `job ${id} (${earlier.name}), which ${earlier.state === 'failed' ? 'failed' : 'was cancelled'}: requeue it, or change what this job comes after`,
        endsByItself: false,
      };
    }
    if (earlier.state !== 'completed') unfinished ??= earlier;
  }
  if (unfinished)
    return {
      text: `job ${unfinished.id} (${unfinished.name}) to complete`,
      endsByItself: unfinished.state !== 'paused',
    };
  if (job.startAt !== null && job.startAt > now)
    return { text: `its start time, ${localTime(job.startAt)}`, endsByItself: true };
  return null;
}

/**
 * Detects circular dependencies.
 *
 * @param id the job with the dependencies; null for a new one, which nothing can depend on
 * @param afterOf dependencies of a job
 * @returns the jobs of the cycle in words, as `3 → 5 → 3`; null for none
 */
export function circleOf(
  id: number | null,
  after: readonly number[],
  afterOf: (id: number) => readonly number[],
): string | null {
  if (id === null) return null;
  const seen = new Set<number>();
  const path: number[] = [id];
  const visit = (next: number): boolean => {
    path.push(next);
    if (next === id) return true;
    if (!seen.has(next)) {
      seen.add(next);
      if (afterOf(next).some(visit)) return true;
    }
    path.pop();
    return false;
  };
  return after.some(visit) ? path.join(' → ') : null;
}

/** Local time of the host: 2026-11-21 22:00. */
function localTime(time: number): string {
  const date = new Date(time);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
