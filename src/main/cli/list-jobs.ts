import { FINAL_JOB_STATES, JOB_STATES, type JobState } from '../../shared/job-constants';
import type { Frame, FrameState, Job } from '../../shared/jobs';
import { UserError } from '../../shared/user-error';
import type { HostConnection } from './host-connection';

/** Page size of jobs or frames. */
const PAGE = 1_000;

export const UNFINISHED: readonly JobState[] = JOB_STATES.filter((state) => !FINAL_JOB_STATES.includes(state));

/** Which jobs are fetched. */
interface WantedJobs {
  readonly states: readonly JobState[] | null;
  /** Only those that a machine of the farm has had frames of. */
  readonly machine?: string | undefined;
  readonly order: 'queue' | 'finished';
}

/**
 * Fetches jobs page by page.
 *
 * @param enough ends the list before the first job for which it is true, or after this many jobs
 */
export async function listJobs(
  host: HostConnection,
  { states, machine, order }: WantedJobs,
  enough: { readonly limit?: number; readonly before?: (job: Job) => boolean } = {},
): Promise<{ jobs: Job[]; total: number }> {
  const jobs: Job[] = [];
  const limit = enough.limit ?? Number.POSITIVE_INFINITY;
  for (;;) {
    const page = await host.call('job.list', {
      ...(states === null ? {} : { states: [...states] }),
      ...(machine === undefined ? {} : { machine }),
      order,
      offset: jobs.length,
      limit: Math.min(PAGE, Math.max(1, limit - jobs.length)),
    });
    for (const job of page.jobs) {
      if (enough.before?.(job) || jobs.length >= limit) return { jobs, total: page.total };
      jobs.push(job);
    }
    if (page.jobs.length === 0 || jobs.length >= page.total || jobs.length >= limit) return { jobs, total: page.total };
  }
}

/**
 * Fetches the frames of a job, all or those in some states, page by page.
 *
 * @param keep filters frames page by page: a job can have a million
 */
export async function framesIn(
  host: HostConnection,
  id: number,
  states?: readonly FrameState[],
  keep: (frame: Frame) => boolean = () => true,
): Promise<Frame[]> {
  const frames: Frame[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const page = await host.call('job.frames', { id, ...(states && { states: [...states] }), offset, limit: PAGE });
    for (const frame of page) if (keep(frame)) frames.push(frame);
    if (page.length < PAGE) return frames;
  }
}

/**
 * Parses `--state`: `failed` or `failed,cancelled`.
 *
 * @param among states that can be asked for
 * @throws UserError (`arguments`) naming an invalid state
 */
export function statesIn(text: string, among: readonly JobState[] = JOB_STATES): JobState[] {
  return text.split(',').map((part) => {
    const state = among.find((name) => name === part.trim().toLowerCase());
    if (!state)
      throw new UserError(
        `--state cannot be “${text}”: write ${among.slice(0, -1).join(', ')} or ${among.at(-1)}, or several with commas.`,
        'arguments',
      );
    return state;
  });
}

/** Parses a job number. @throws UserError (`arguments`) */
export function jobId(text: string): number {
  const id = Number(text);
  if (!/^\d{1,15}$/.test(text.trim()) || id < 1)
    throw new UserError(`“${text}” is not the number of a job: “framegauge jobs” lists them.`, 'arguments');
  return id;
}

/** Maximum number of jobs per command. */
const MAX_IDS = 100_000;

/** Parses job numbers: `3`, `3,5` and `7-12`, without duplicates. @throws UserError (`arguments`) */
export function jobIds(texts: readonly string[]): number[] {
  const ids = new Set<number>();
  for (const text of texts.flatMap((part) => part.split(','))) {
    const range = /^(\d{1,15})-(\d{1,15})$/.exec(text.trim());
    const [first, last] = range ? [jobId(range[1]!), jobId(range[2]!)] : [jobId(text), jobId(text)];
    if (last < first || last - first >= MAX_IDS)
      throw new UserError(`“${text}” is not a range of jobs: write it as 7-12.`, 'arguments');
    for (let id = first; id <= last; id++) ids.add(id);
  }
  return [...ids];
}
