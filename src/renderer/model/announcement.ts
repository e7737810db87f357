import type { Job } from '../../shared/jobs';
import { t } from '../../shared/texts/translate';
import { jobProgress } from './format';

/** Announced one by one; more are told as a number. */
const MOST_NAMED = 3;
/** Progress is told at each quarter. */
const PARTS = 4;

/**
 * What is worth telling those who don't see the window, of many changes to jobs: that one begins to render, is paused,
 * waits again, or has rendered another quarter. How jobs end is told by messages.
 */
export interface Announcements {
  /** @returns whether there is something new to tell */
  jobChanged(job: Job): boolean;
  /** What has gathered, in one text; null for nothing. */
  take(): string | null;
}

/** @param known the jobs as they are: only what changes is told */
export function gatherAnnouncements(known: Iterable<Job>): Announcements {
  const partOf = (job: Job): number => Math.floor(jobProgress(job) * PARTS + 1e-9);
  const seen = new Map([...known].map((job) => [job.id, { state: job.state, part: partOf(job) }]));
  const sentences = new Map<number, string>();

  return {
    jobChanged(job) {
      const before = seen.get(job.id);
      const part = partOf(job);
      seen.set(job.id, { state: job.state, part });
      const sentence =
        before?.state !== job.state
          ? sentenceOf(job, before === undefined)
          : job.state === 'rendering' && part > before.part && part < PARTS
            ? t('{name}: {percent} % rendered', { name: job.name, percent: String((part * 100) / PARTS) })
            : undefined;
      if (sentence === undefined) return false;
      if (sentence === null) sentences.delete(job.id);
      else sentences.set(job.id, sentence);
      return sentence !== null;
    },
    take() {
      if (sentences.size === 0) return null;
      const told = [...sentences.values()];
      sentences.clear();
      return told.length > MOST_NAMED
        ? t('{count, plural, one {# job has changed} other {# jobs have changed}}', { count: told.length })
        : told.join(' ');
    },
  };
}

/** null: what was to be told of it is out of date. */
function sentenceOf({ name, state }: Job, isNew: boolean): string | null {
  if (state === 'rendering') return t('{name} is being rendered.', { name });
  if (state === 'paused') return t('{name} is paused.', { name });
  // That a job was added is told where it was asked for.
  if (state === 'queued' && !isNew) return t('{name} waits for its turn.', { name });
  return null;
}
