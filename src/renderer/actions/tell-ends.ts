import type { Job } from '../../shared/jobs';
import { t } from '../../shared/texts/translate';
import { causeOf, endsOf } from '../model/job-ends';
import { endOf } from '../model/job-sentences';
import { notify } from '../notify';
import type { ActionContext } from './action-context';

/** How often a message about jobs that go on ending may change, in milliseconds: a screen reader reads it each time. */
const RETELL_MS = 500;

/**
 * Tells how jobs end: those with one cause together, for as long as the message is there and they stay as they ended.
 *
 * @param selectJobs shows several jobs
 */
export function createEndTeller(
  { client, store, tell, settle }: ActionContext,
  selectJobs: (ids: readonly number[]) => void,
) {
  /** Jobs by what they ended of, as the message about them tells. */
  const told = new Map<string, Map<number, Job>>();
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  const topicOfCause = (cause: string): string => `ends ${cause}`;
  const isTold = (cause: string): boolean =>
    waiting.has(cause) || store.getState().messages.some(({ topic }) => topic === topicOfCause(cause));

  function retell(cause: string): void {
    const jobs = [...(told.get(cause)?.values() ?? [])];
    const last = jobs.at(-1);
    // It ended from being rendered, which is all that the sentence asks of before.
    const single = last && endOf({ ...last, state: 'rendering' }, last);
    if (!single) {
      told.delete(cause);
      settle(topicOfCause(cause));
      return;
    }
    const { level, text } = endsOf(jobs, single);
    const show = { label: t('Show'), run: () => selectJobs(jobs.map(({ id }) => id)) };
    tell(level, text, { topic: topicOfCause(cause), action: jobs.length > 1 && level !== 'success' ? show : null });
  }

  function retellSoon(cause: string): void {
    if (waiting.has(cause)) return;
    waiting.set(
      cause,
      setTimeout(() => {
        waiting.delete(cause);
        retell(cause);
      }, RETELL_MS),
    );
  }

  return {
    /** A job has changed. @param wasLast whether the queue is done with it */
    jobChanged(before: Job | undefined, job: Job, wasLast: boolean): void {
      const end = endOf(before, job);
      if (!end) return;
      const cause = causeOf(job);
      if (!isTold(cause)) told.delete(cause);
      const group = told.get(cause) ?? new Map<number, Job>();
      told.set(cause, group.set(job.id, job));
      if (group.size === 1) retell(cause);
      else retellSoon(cause);
      if (store.getState().view.notify) notify(client.shell, wasLast ? t('The queue is done') : job.name, end.text);
    },
    /** What was told of a job's end is over: it goes on, or is gone. */
    over(id: number): void {
      for (const [cause, group] of told) {
        if (!group.delete(id)) continue;
        if (!isTold(cause)) told.delete(cause);
        else if (group.size === 0) retell(cause);
        else retellSoon(cause);
      }
    },
  };
}
