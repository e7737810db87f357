import {
  FINAL_JOB_STATES,
  type Frame,
  type FrameState,
  type Job,
  type JobState,
  jobStateSchema,
} from '../../shared/jobs';
import { UserError } from '../../shared/user-error';
import type { HostConnection } from './host-connection';

/** Jobs asked for at once. */
const PAGE = 1_000;

export const UNFINISHED: readonly JobState[] = jobStateSchema.options.filter(
  (state) => !FINAL_JOB_STATES.includes(state),
);

/**
 * Reads a list of jobs page by page.
 *
 * @param enough ends the list before the first job for which it is true, or after so many jobs
 */
export async function listJobs(
  host: HostConnection,
  { states, order }: { readonly states: readonly JobState[] | null; readonly order: 'queue' | 'finished' },
  enough: { readonly limit?: number; readonly before?: (job: Job) => boolean } = {},
): Promise<{ jobs: Job[]; total: number }> {
  const jobs: Job[] = [];
  const limit = enough.limit ?? Number.POSITIVE_INFINITY;
  for (;;) {
    const page = await host.call('job.list', {
      ...(states === null ? {} : { states: [...states] }),
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

/** Frames of a job in some states. */
export function framesIn(host: HostConnection, id: number, states: readonly FrameState[]): Promise<Frame[]> {
  return host.call('job.frames', { id, states: [...states] });
}

/**
 * Reads the states of `--state`: `failed` or `failed,cancelled`.
 *
 * @throws UserError (`arguments`) naming what is none
 */
export function statesIn(text: string): JobState[] {
  return text.split(',').map((part) => {
    const state = jobStateSchema.safeParse(part.trim().toLowerCase());
    if (!state.success)
      throw new UserError(
        `--state cannot be “${text}”: write ${jobStateSchema.options.slice(0, -1).join(', ')} or ${jobStateSchema.options.at(-1)}, or several with commas.`,
        'arguments',
      );
    return state.data;
  });
}

/** The number of a job. @throws UserError (`arguments`) when it is none */
export function jobId(text: string): number {
  const id = Number(text);
  if (!/^\d{1,15}$/.test(text.trim()) || id < 1)
    throw new UserError(`“${text}” is not the number of a job: “framegauge jobs” lists them.`, 'arguments');
  return id;
}

/** The most jobs that one command may name. */
const MAX_IDS = 100_000;

/** Numbers of jobs as they are typed: `3`, `3,5` and `7-12`, each once. @throws UserError (`arguments`) when one is none */
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
