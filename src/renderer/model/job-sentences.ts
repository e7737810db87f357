import type { Job } from '../../shared/jobs';
import { formatCount, formatDuration, formatMoment, frames, JOB_STATE_WORDS } from './format';
import { isFinished } from './job-table';

/** What a job is doing, in a word or two. */
export function jobStateWords(job: Job): string {
  return job.state === 'completed' && job.frames.failed > 0 ? 'Completed with failures' : JOB_STATE_WORDS[job.state];
}

/** Every frame was left out, since its image was there. */
export function skippedAll(job: Job): boolean {
  return job.state === 'completed' && job.frames.total > 0 && job.frames.skipped === job.frames.total;
}

/** Blender says nothing here, and people wonder why nothing happened. */
export function allSkipped(job: Job): string {
  const { total } = job.frames;
  return `Nothing was rendered for ${job.name}: ${total === 1 ? 'its image was' : `all ${frames(total)} were`} there already. Tick Overwrite to render ${total === 1 ? 'it' : 'them'} again.`;
}

/** Why a job is not worked on: what the host says, else what its settings tell. */
export function whyWaiting(job: Job, now = Date.now()): string {
  if (job.waitsFor !== null) return job.waitsFor;
  if (job.startAt !== null && job.startAt > now) return `Starts ${formatMoment(job.startAt, now)}`;
  return 'Waits for its turn';
}

/**
 * How a job ended, once it has.
 *
 * @param before the job as it was
 * @returns null when it has not ended just now, or nobody needs to be told
 */
export function endOf(
  before: Job | undefined,
  job: Job,
): { level: 'success' | 'warning' | 'error'; text: string } | null {
  if (!before || isFinished(before) || !isFinished(job)) return null;
  const { done, failed, skipped } = job.frames;
  if (skippedAll(job)) return { level: 'warning', text: allSkipped(job) };
  const took =
    job.startedAt === null || job.finishedAt === null
      ? ''
      : ` in ${formatDuration((job.finishedAt - job.startedAt) / 1_000)}`;
  const without = skipped > 0 ? `, ${formatCount(skipped)} skipped because their images were there` : '';
  if (job.state === 'completed') {
    if (failed > 0)
      return {
        level: 'warning',
        text: `${job.name} is done with failures: ${frames(done)} rendered${took}, ${formatCount(failed)} failed${without}.`,
      };
    return { level: 'success', text: `${job.name} is done: ${frames(done)} rendered${took}${without}.` };
  }
  if (job.state === 'failed')
    return { level: 'error', text: `${job.name} failed: ${job.reason ?? `${frames(failed)} could not be rendered`}` };
  return null;
}
