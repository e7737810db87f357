import type { Job } from '../../shared/jobs';
import { t } from '../../shared/texts/translate';
import { formatCount, frames, jobCount } from './format';
import { endOf, skippedAll } from './job-sentences';

export type JobEnd = NonNullable<ReturnType<typeof endOf>>;

/**
 * What jobs that have ended have in common: those of one cause are told together. Numbers and what names the job itself
 * are no difference.
 */
export function causeOf(job: Job): string {
  if (skippedAll(job)) return 'skipped';
  if (job.state === 'completed') return job.frames.failed > 0 ? 'with failures' : 'completed';
  const { scene, output } = job.settings;
  let cause = job.reason ?? '';
  for (const own of [scene, output, job.name]) if (own !== '') cause = cause.replaceAll(own, '…');
  return `${job.state} ${cause.replaceAll(/\d+/g, '#')}`;
}

/**
 * How several jobs of one cause ended.
 *
 * @param jobs as they ended, oldest first; one at least
 */
export function endsOf(jobs: readonly Job[], single: JobEnd): JobEnd {
  const [first, second] = jobs;
  if (!first || !second) return single;
  const names = [...new Set(jobs.map(({ name }) => name))];
  const told =
    names.length > 3
      ? t('{names} and {count} others', { names: names.slice(0, 2).join(', '), count: names.length - 2 })
      : names.join(', ');
  const rendered = jobs.reduce((sum, job) => sum + job.frames.done, 0);
  const failed = jobs.reduce((sum, job) => sum + job.frames.failed, 0);
  const count = jobCount(jobs.length);
  switch (causeOf(first)) {
    case 'skipped':
      return {
        level: 'warning',
        text: t('{count} rendered nothing, since all their images exist already: {told}.', { count, told }),
      };
    case 'completed':
      return {
        level: 'success',
        text: t('{count} are done, with {frames} rendered: {told}.', { count, frames: frames(rendered), told }),
      };
    case 'with failures':
      return {
        level: 'warning',
        text: t('{count} are done with failures, {frames} rendered and {failed} failed: {told}.', {
          count,
          frames: frames(rendered),
          failed: formatCount(failed),
          told,
        }),
      };
    default:
      return {
        level: 'error',
        text: t('{count} failed ({told}): {reason}', {
          count,
          told,
          reason: first.reason ?? t('their frames could not be rendered'),
        }),
      };
  }
}
