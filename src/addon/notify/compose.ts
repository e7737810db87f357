import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { Job } from '../api/context';
import { clock, fillTemplate, inWords, shortened } from './fill-template';
import type { Notice, NoticeKind } from './notice';

/** How many jobs ended since the queue was last done. */
export interface Ended {
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** When the first of them started, in milliseconds since 1970; null when none ever started. */
  readonly since: number | null;
}

type JobKind = Extract<NoticeKind, 'done' | 'failed' | 'cancelled' | 'stalled'>;

const TITLES: Readonly<Record<JobKind, string>> = {
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  stalled: 'Stalled',
};

interface Common {
  readonly template: string;
  /** Name of this machine. */
  readonly host: string;
  readonly time: number;
}

/**
 * The message about a job.
 *
 * @param still seconds without a frame, of a job that stands still
 */
export function jobNotice(kind: JobKind, job: Job, { template, host, time }: Common, still?: number): Notice {
  const { frames, settings, startedAt, finishedAt } = job;
  const seconds = startedAt === null ? null : Math.max(0, ((finishedAt ?? time) - startedAt) / 1_000);
  const done = frames.done + frames.skipped;
  const text = fillTemplate(template, {
    job: job.name,
    id: String(job.id),
    scene: basename(settings.scene),
    state: job.state,
    reason: job.reason ?? '',
    done: String(done),
    failed: String(frames.failed),
    total: String(frames.total),
    frame: job.lastFrame === null ? 'none' : String(job.lastFrame),
    duration: inWords(still ?? seconds ?? 0),
    host,
    time: clock(time),
  });
  return {
    ...base(kind, `${TITLES[kind]}: ${job.name}`, text, host, time),
    job: {
      id: job.id,
      name: shortened(job.name, 300),
      scene: shortened(settings.scene, 5_000),
      state: job.state,
      reason: job.reason === null ? null : shortened(job.reason, 4_000),
      frames: { total: frames.total, done, failed: frames.failed },
      seconds,
    },
    image: job.lastFrame === null ? null : { job: job.id, frame: job.lastFrame },
  };
}

/** The message that nothing is left to render. */
export function queueNotice({ completed, failed, cancelled, since }: Ended, { template, host, time }: Common): Notice {
  const text = fillTemplate(template, {
    completed: String(completed),
    failed: String(failed),
    cancelled: String(cancelled),
    duration: inWords(since === null ? 0 : Math.max(0, (time - since) / 1_000)),
    host,
    time: clock(time),
  });
  return { ...base('queue-done', `Queue done on ${host}`, text, host, time), job: null, image: null };
}

/** A message that shows that a service is set up. */
export function testNotice(host: string, time: number): Notice {
  const text = `This is how messages of Framegauge on ${host} arrive.`;
  return { ...base('test', `Test from ${host}`, text, host, time), job: null, image: null };
}

function base(
  kind: NoticeKind,
  title: string,
  text: string,
  host: string,
  time: number,
): Omit<Notice, 'job' | 'image'> {
  const line = title.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return { id: randomUUID(), kind, title: shortened(line, 200), text, time, host: shortened(host, 300) };
}
