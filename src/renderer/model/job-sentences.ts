import type { Job } from '../../shared/jobs';
import { t } from '../../shared/texts/translate';
import { formatCount, formatDuration, formatMoment, frames, jobCount, JOB_STATE_WORDS, signed } from './format';
import { isFinished } from './job-table';

/** What a job is doing, in a word or two. */
export function jobStateWords(job: Job): string {
  return job.state === 'completed' && job.frames.failed > 0
    ? t('Completed with failures')
    : t(JOB_STATE_WORDS[job.state]);
}

/** Every frame was left out, since its image was there. */
export function skippedAll(job: Job): boolean {
  return job.state === 'completed' && job.frames.total > 0 && job.frames.skipped === job.frames.total;
}

/** Blender says nothing here, and people wonder why nothing happened. */
export function allSkipped(job: Job): string {
  const { total } = job.frames;
  return t(
    '{count, plural, one {{name} rendered nothing: its image exists already. Turn on Overwrite to render it again.} other {{name} rendered nothing: all # frames exist already. Turn on Overwrite to render them again.}}',
    { name: job.name, count: total },
  );
}

/** A sentence of the host's without the names of the command line's options, which stand in brackets. */
export function withoutOptions(sentence: string): string {
  return sentence.replaceAll(/ \(--[a-z-]+\)/g, '');
}

/** Whether a refusal of the host's offers to render a new version beside the images that are in the way. */
export function offersNewVersion(sentence: string): boolean {
  return sentence.includes('(--new-version)');
}

/** What was cancelled, and what is there of it. */
export function cancelled(job: Job): string {
  const { total, done, skipped } = job.frames;
  const there = done + skipped;
  return t(
    '{there, plural, =0 {{job} was cancelled: no frame had been rendered.} one {{job} was cancelled: # of {frames} is done and kept.} other {{job} was cancelled: # of {frames} are done and kept.}}',
    { there, job: nameAndNumber(job), frames: frames(total) },
  );
}

/** What was cancelled, of several jobs. @param ended as they are now */
export function allCancelled(ended: readonly Job[]): string {
  const [only] = ended;
  if (ended.length === 1) return cancelled(only!);
  const there = ended.reduce((sum, { frames: { done, skipped } }) => sum + done + skipped, 0);
  return t(
    '{there, plural, =0 {{jobs} were cancelled: no frame had been rendered.} one {{jobs} were cancelled: # frame is done and kept.} other {{jobs} were cancelled: # frames are done and kept.}}',
    { there, jobs: jobCount(ended.length) },
  );
}

/**
 * That jobs were given another rank, and what priority that brought.
 *
 * @param moved as they were before, each with the priority that it has now
 */
export function jobsMoved(moved: readonly { readonly job: Job; readonly priority: number }[]): string {
  const changed = moved.filter(({ job, priority }) => job.priority !== priority);
  const { job: first, priority } = (changed[0] ?? moved[0])!;
  if (changed.length === 0)
    return moved.length === 1
      ? t('{job} was moved.', { job: nameAndNumber(first) })
      : t('{jobs} were moved.', { jobs: jobCount(moved.length) });
  if (moved.length === 1)
    return t('{job} now has priority {priority}, like the jobs around it; it was {before}.', {
      job: nameAndNumber(first),
      priority: signed(priority),
      before: signed(first.priority),
    });
  return changed.length === moved.length
    ? t('{jobs} were moved. They now have priority {priority}, like the jobs around them.', {
        jobs: jobCount(moved.length),
        priority: signed(priority),
      })
    : t('{jobs} were moved. {count} of them now have priority {priority}, like the jobs around them.', {
        jobs: jobCount(moved.length),
        count: changed.length,
        priority: signed(priority),
      });
}

/** What moving jobs among those of a priority would change; null for nothing. */
export function becomesPriority(moved: readonly Job[], priority: number): string | null {
  const before = new Set(moved.map((job) => job.priority));
  before.delete(priority);
  if (before.size === 0) return null;
  return before.size === 1
    ? t('Priority {old} → {new}', { old: signed([...before][0]!), new: signed(priority) })
    : t('Priority → {new}', { new: signed(priority) });
}

/** That jobs were given a priority. @param changed as they were before */
export function prioritiesSet(changed: readonly Job[], priority: number): string {
  const [first] = changed;
  return changed.length === 1
    ? t('{job} now has priority {priority}; it was {before}.', {
        job: nameAndNumber(first!),
        priority: signed(priority),
        before: signed(first!.priority),
      })
    : t('{jobs} now have priority {priority}.', { jobs: jobCount(changed.length), priority: signed(priority) });
}

/** That jobs can go no further with their priority, and how they can. @param beyond the next group's priority */
export function alreadyAtEnd(moved: readonly Job[], upwards: boolean, beyond: number): string {
  const [first] = moved;
  const values = { count: moved.length, priority: signed(first!.priority), beyond: signed(beyond) };
  return upwards
    ? t(
        '{count, plural, one {This job is already the first of priority {priority}. Press Alt+↑ once more to give it priority {beyond}.} other {These # jobs are already the first of priority {priority}. Press Alt+↑ once more to give them priority {beyond}.}}',
        values,
      )
    : t(
        '{count, plural, one {This job is already the last of priority {priority}. Press Alt+↓ once more to give it priority {beyond}.} other {These # jobs are already the last of priority {priority}. Press Alt+↓ once more to give them priority {beyond}.}}',
        values,
      );
}

function nameAndNumber(job: Job): string {
  return t('{name} (job {id})', { name: job.name, id: String(job.id) });
}

/**
 * What the frames of a job that has ended are called that can be rendered once more; null where all images are there.
 */
export function againWords(job: Job): string | null {
  if (!isFinished(job)) return job.frames.failed > 0 ? t('Render Failed Frames Again') : null;
  if (job.frames.waiting > 0)
    return job.frames.waiting === job.frames.total ? t('Render Again') : t('Render Remaining Frames');
  return job.frames.failed > 0 ? t('Render Failed Frames Again') : null;
}

/** The frames that {@link againWords} are about: a job that was cancelled goes on as it was. */
export function againFrames({ state, frames }: Job): 'failed' | 'remaining' {
  return state === 'cancelled' && frames.waiting > 0 ? 'remaining' : 'failed';
}

/** Why a job is not worked on: what the host says, else what its settings tell. */
export function whyWaiting(job: Job, now = Date.now()): string {
  if (job.waitsFor !== null) return t('Waits for {waitsFor}', { waitsFor: job.waitsFor });
  if (job.startAt !== null && job.startAt > now) return t('Starts {time}', { time: formatMoment(job.startAt, now) });
  // It is before all other jobs.
  return job.settings.preview ? t('Waits for a free worker') : t('Waits for its turn');
}

/** The host's reason for a job's state, which it gives as a clause, as a sentence begins. */
export function reasonOf({ reason }: Job): string | null {
  return reason === null ? null : reason.charAt(0).toUpperCase() + reason.slice(1);
}

/** The viewer's text for a queued job that has no image yet. */
export function notBegun(job: Job): string {
  if (job.waitsFor !== null) return t('{name} waits for {waitsFor}.', { name: job.name, waitsFor: job.waitsFor });
  return job.settings.preview
    ? t('The preview starts as soon as a worker is free.')
    : t('{name} is waiting for its turn.', { name: job.name });
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
      : t(' in {time}', { time: formatDuration((job.finishedAt - job.startedAt) / 1_000) });
  const without =
    skipped > 0 ? t(', {skipped} skipped because their images existed', { skipped: formatCount(skipped) }) : '';
  if (job.state === 'completed') {
    if (failed > 0)
      return {
        level: 'warning',
        text: t('{name} is done with failures: {frames} rendered{took}, {failed} failed{without}.', {
          name: job.name,
          frames: frames(done),
          took,
          failed: formatCount(failed),
          without,
        }),
      };
    return {
      level: 'success',
      text: t('{name} is done: {frames} rendered{took}{without}.', {
        name: job.name,
        frames: frames(done),
        took,
        without,
      }),
    };
  }
  if (job.state === 'failed')
    return {
      level: 'error',
      text: t('{name} failed: {reason}', {
        name: job.name,
        reason: job.reason ?? t('{frames} could not be rendered', { frames: frames(failed) }),
      }),
    };
  return null;
}

/** That images that are there are rendered anew. */
export function imagesAnew(count: number): string {
  return t(
    '{count, plural, one {# image that is done is rendered anew.} other {# images that are done are rendered anew.}}',
    { count },
  );
}
