import type { JobState } from '../../../shared/jobs';

/** What has to be known of a job that another one comes after. */
export interface EarlierJob {
  readonly id: number;
  readonly name: string;
  readonly state: JobState;
}

/** Why a job's turn does not come yet. */
export interface Wait {
  /** In words, to follow “waits for”. */
  readonly text: string;
  /** It comes to an end without anybody's doing. */
  readonly endsByItself: boolean;
}

/**
 * What a queued job waits for beside its turn.
 *
 * @param find looks up a job; null where it was removed
 * @param now milliseconds since 1970
 * @returns null when its turn may come
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
 * Whether jobs would wait for each other for ever.
 *
 * @param id the job that is to come after others; null for one that is not there yet, which nothing can come after
 * @param afterOf what a job comes after
 * @returns the jobs of the circle in words, as `3 → 5 → 3`; null when there is none
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

/** As a clock and a calendar on the host's wall say it: 2026-11-21 22:00. */
function localTime(time: number): string {
  const date = new Date(time);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
