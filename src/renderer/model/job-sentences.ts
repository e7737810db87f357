import type { Job } from '../../shared/jobs';
import { formatCount, formatDuration, formatMoment, frames, jobCount, JOB_STATE_WORDS, signed } from './format';
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

/** What was cancelled, of several jobs. @param ended as they are now */
export function allCancelled(ended: readonly Job[]): string {
  const [only] = ended;
  if (ended.length === 1) return cancelled(only!);
  const there = ended.reduce((sum, { frames: { done, skipped } }) => sum + done + skipped, 0);
  return `${jobCount(ended.length)} were cancelled: ${there === 0 ? 'no frame had been rendered' : `${frames(there)} ${there === 1 ? 'is' : 'are'} done and kept`}.`;
}

/** That jobs were given another rank, and what priority that brought. @param moved as they were before */
export function jobsMoved(moved: readonly Job[], priority: number): string {
  const changed = moved.filter((job) => job.priority !== priority);
  const [first] = moved;
  if (changed.length === 0)
    return moved.length === 1 ? `${nameAndNumber(first!)} was moved.` : `${jobCount(moved.length)} were moved.`;
  if (moved.length === 1)
    return `${nameAndNumber(first!)} now has priority ${signed(priority)}, like the jobs around it; it was ${signed(first!.priority)}.`;
  return `${jobCount(moved.length)} were moved. ${changed.length === moved.length ? 'They' : `${formatCount(changed.length)} of them`} now have priority ${signed(priority)}, like the jobs around them.`;
}

/** What moving jobs among those of a priority would change; null for nothing. */
export function becomesPriority(moved: readonly Job[], priority: number): string | null {
  const before = new Set(moved.map((job) => job.priority));
  before.delete(priority);
  if (before.size === 0) return null;
  return `Priority ${before.size === 1 ? `${signed([...before][0]!)} ` : ''}→ ${signed(priority)}`;
}

/** That jobs were given a priority. @param changed as they were before */
export function prioritiesSet(changed: readonly Job[], priority: number): string {
  const [first] = changed;
  return changed.length === 1
    ? `${nameAndNumber(first!)} now has priority ${signed(priority)}; it was ${signed(first!.priority)}.`
    : `${jobCount(changed.length)} now have priority ${signed(priority)}.`;
}

/** That jobs can go no further with their priority, and how they can. @param beyond the next group's priority */
export function alreadyAtEnd(moved: readonly Job[], upwards: boolean, beyond: number): string {
  const [first] = moved;
  const [subject, it] =
    moved.length === 1
      ? ['This job is already the', 'it']
      : [`These ${jobCount(moved.length)} are already the`, 'them'];
  return `${subject} ${upwards ? 'first' : 'last'} of priority ${signed(first!.priority)}. Press Alt+${upwards ? '↑' : '↓'} once more to give ${it} priority ${signed(beyond)}.`;
}

function nameAndNumber(job: Job): string {
  return `${job.name} (job ${job.id})`;
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
