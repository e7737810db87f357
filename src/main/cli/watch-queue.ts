import type { HostEvent } from '../../shared/host-api';
import { FINAL_JOB_STATES } from '../../shared/job-constants';
import type { Job, QueueInfo } from '../../shared/jobs';
import { UserError } from '../../shared/user-error';
import { jobLine, queueLine } from './describe-job';
import { isWhole } from './follow-job';
import type { HostConnection } from './host-connection';
import { UNFINISHED, listJobs } from './list-jobs';

/** Minimum interval between two requests for the time left, in milliseconds. */
const ASK_AGAIN = 2_000;

/** Callbacks for watching the queue. */
export interface QueueWatcher {
  /** Every event about jobs, frames and the queue, preceded by events that describe the initial state. */
  event(event: HostEvent): void;
  /** The current state: the unfinished jobs in queue order. */
  update(jobs: readonly Job[], queue: QueueInfo | null): void;
  /** A change worth keeping on the screen. */
  line(text: string): void;
}

/** The result of watching. */
export interface WatchEnd {
  /** Why it ended: nothing is left that would start by itself, or the user interrupted it. */
  readonly end: 'over' | 'left';
  /** Whether every job that ended meanwhile has all its frames. */
  readonly whole: boolean;
  /** Unfinished jobs: paused, or waiting for something that will not happen. */
  readonly left: readonly Job[];
}

/**
 * Follows the queue until nothing in it will start by itself.
 *
 * @throws UserError when the host ends first
 */
export async function watchQueue(host: HostConnection, watcher: QueueWatcher, signal: AbortSignal): Promise<WatchEnd> {
  const jobs = new Map<number, Job>();
  let queue: QueueInfo | null = null;
  let whole = true;
  let asked = performance.now();
  let early: HostEvent[] | null = [];
  let settle: () => void = () => undefined;
  const over = new Promise<'over'>((resolve) => (settle = () => resolve('over')));
  const shown = (): void => {
    watcher.update([...jobs.values()], queue);
    if (isOver([...jobs.values()], queue)) settle();
  };
  /** The time left changes with every frame, so it is sent only on request. */
  const ask = (): void => {
    if (performance.now() - asked < ASK_AGAIN) return;
    asked = performance.now();
    void host.call('queue.get', {}).then(
      (answer) => {
        queue = answer;
        shown();
      },
      // It will be requested again; a lost connection is noticed elsewhere.
      () => undefined,
    );
  };
  /** Says how the queue stands where that has changed: it may be why nothing happens. */
  let said = queueNews({ state: 'running', reason: null });
  const queueNow = (now: QueueInfo): string | null => {
    queue = now;
    const news = queueNews(now);
    if (news === said) return null;
    said = news;
    return news;
  };
  const seen = (event: HostEvent): void => {
    let news: string | null = null;
    if (event.type === 'job') {
      const before = jobs.get(event.job.id);
      const ended = FINAL_JOB_STATES.includes(event.job.state);
      // A change of a job that had ended before watching began is not news.
      if (ended && !before) return;
      if (ended) jobs.delete(event.job.id);
      else jobs.set(event.job.id, event.job);
      if (ended && !isWhole(event.job)) whole = false;
      watcher.event(event);
      news = event.job.state !== before?.state || event.job.waitsFor !== before.waitsFor ? jobLine(event.job) : null;
    } else if (event.type === 'job-removed') {
      jobs.delete(event.id);
      watcher.event(event);
    } else if (event.type === 'queue') {
      news = queueNow(event.queue);
      watcher.event(event);
    } else if (event.type === 'frame' || event.type === 'notice') {
      watcher.event(event);
      if (event.type === 'notice' && event.notice.level !== 'info') news = event.notice.text;
    } else return;
    // State first, so that the view is not redrawn with outdated lines below the new one.
    shown();
    if (news !== null) watcher.line(news);
    if (event.type === 'frame') ask();
  };
  const unsubscribe = host.subscribe((event) => (early ? early.push(event) : seen(event)));
  try {
    const found = await host.call('queue.get', {});
    const news = queueNow(found);
    watcher.event({ type: 'queue', queue: found });
    for (const job of (await listJobs(host, { states: UNFINISHED, order: 'queue' })).jobs) {
      jobs.set(job.id, job);
      watcher.event({ type: 'job', job });
    }
    const missed = early;
    early = null;
    for (const event of missed) seen(event);
    shown();
    if (news !== null && jobs.size > 0) watcher.line(news);
    const left = new Promise<'left'>((resolve) => {
      if (signal.aborted) resolve('left');
      else signal.addEventListener('abort', () => resolve('left'), { once: true });
    });
    const end = await Promise.race([over, left, host.lost.then(() => 'lost' as const)]);
    if (end === 'lost') throw new UserError('The host ended before its queue did: start it again, and the jobs go on.');
    return { end, whole, left: [...jobs.values()] };
  } finally {
    unsubscribe();
  }
}

/** How the queue stands, without the time left, which changes all the time. */
function queueNews({ state, reason }: Pick<QueueInfo, 'state' | 'reason'>): string {
  const line = queueLine({ state, reason, secondsLeft: null, secondsLeftP90: null });
  return isPaused({ state, reason }) ? `${line} “framegauge queue resume” lets it go on.` : line;
}

/** Whether a person paused the queue: one that the program holds has a reason, and goes on by itself. */
function isPaused({ state, reason }: Pick<QueueInfo, 'state' | 'reason'>): boolean {
  return state === 'paused' && reason === null;
}

/** Whether none of these unfinished jobs will start or continue by itself. */
export function isOver(jobs: readonly Job[], queue: QueueInfo | null): boolean {
  if (queue !== null && isPaused(queue)) return jobs.every(({ state }) => state !== 'rendering');
  const waiting = new Map(jobs.map((job) => [job.id, job]));
  /** Whether a job depends on others that failed, were deleted, or will not start themselves. */
  const isBlocked = (job: Job, seen: ReadonlySet<number>): boolean => {
    if (job.state === 'paused' || seen.has(job.id)) return true;
    if (job.state !== 'queued' || job.waitsFor === null || job.after.length === 0) return false;
    if (job.startAt !== null && job.startAt > Date.now()) return false;
    const others = job.after.flatMap((id) => waiting.get(id) ?? []);
    return others.length === 0 || others.some((other) => isBlocked(other, new Set([...seen, job.id])));
  };
  return jobs.every((job) => isBlocked(job, new Set()));
}
