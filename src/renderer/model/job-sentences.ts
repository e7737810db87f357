import type { Job } from '../../shared/jobs';
import { formatCount, formatDuration, formatMoment, frames, JOB_STATE_WORDS, signed } from './format';
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
  return `${job.name} rendered nothing: ${total === 1 ? 'its image exists' : `all ${frames(total)} exist`} already. Turn on Overwrite to render ${total === 1 ? 'it' : 'them'} again.`;
}

/** A sentence of the host's without the names of the command line's options, which stand in brackets. */
export function withoutOptions(sentence: string): string {
  return sentence.replaceAll(/ \(--[a-z-]+\)/g, '');
}

/** What was cancelled, and what is there of it. */
export function cancelled(job: Job): string {
  const { total, done, skipped } = job.frames;
  const there = done + skipped;
  return `${job.name} (job ${job.id}) was cancelled: ${there === 0 ? 'no frame had been rendered' : `${formatCount(there)} of ${frames(total)} ${there === 1 ? 'is' : 'are'} done and kept`}.`;
}

export function priorityChanged(job: Job, priority: number): string {
  return `${job.name} (job ${job.id}) now has priority ${signed(priority)}, like the jobs around it; it was ${signed(job.priority)}.`;
}

/**
 * What the frames of a job that has ended are called that can be rendered once more; null where all images are there.
 */
export function againWords(job: Job): string | null {
  if (!isFinished(job)) return job.frames.failed > 0 ? 'Render Failed Frames Again' : null;
  if (job.frames.waiting > 0)
    return job.frames.waiting === job.frames.total ? 'Render Again' : 'Render Remaining Frames';
  return job.frames.failed > 0 ? 'Render Failed Frames Again' : null;
}

/** Why a job is not worked on: what the host says, else what its settings tell. */
export function whyWaiting(job: Job, now = Date.now()): string {
  if (job.waitsFor !== null) return `Waits for ${job.waitsFor}`;
  if (job.startAt !== null && job.startAt > now) return `Starts ${formatMoment(job.startAt, now)}`;
  // It is before all other jobs.
  return job.settings.preview ? 'Waits for a free worker' : 'Waits for its turn';
}

/** The host's reason for a job's state, which it gives as a clause, as a sentence begins. */
export function reasonOf({ reason }: Job): string | null {
  return reason === null ? null : reason.charAt(0).toUpperCase() + reason.slice(1);
}

/** The viewer's text for a queued job that has no image yet. */
export function notBegun(job: Job): string {
  if (job.waitsFor !== null) return `${job.name} waits for ${job.waitsFor}.`;
  return job.settings.preview
    ? 'The preview starts as soon as a worker is free.'
    : `${job.name} is waiting for its turn.`;
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
  const without = skipped > 0 ? `, ${formatCount(skipped)} skipped because their images existed` : '';
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
