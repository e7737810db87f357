import { FINAL_JOB_STATES } from '../../shared/job-constants';
import type { Frame, Job, JobRequest, QueueInfo } from '../../shared/jobs';
import { UserError } from '../../shared/user-error';
import { queueLine } from './describe-job';
import type { HostConnection } from './host-connection';
import { framesIn } from './list-jobs';
import type { ProgressView } from './progress';

/** The result of a job, in the form printed by `--json`. */
export interface JobOutcome {
  readonly job: number;
  readonly state: Job['state'];
  readonly reason?: string;
  readonly frames: { readonly total: number; readonly done: number; readonly failed: number; readonly skipped: number };
  /** From its start to its end. */
  readonly seconds: number;
  /** The existing images, in frame order. */
  readonly files: readonly string[];
  /** Frames that were given up, with the reason. */
  readonly failed: readonly { readonly frame: number; readonly reason: string | null; readonly attempts: number }[];
  /** Frames whose image is suspicious, with the reason. */
  readonly suspicious: readonly { readonly frame: number; readonly suspicion: string }[];
  readonly warnings: readonly string[];
}

/** How a job is followed. */
export interface Following {
  readonly view: ProgressView;
  readonly signal: AbortSignal;
  /** What Ctrl+C does: cancel the job, or only stop following it. */
  readonly onInterrupt: 'cancel' | 'leave';
}

/**
 * Submits a job and follows it to its end.
 *
 * @throws UserError when the job is refused, or the host ends before the job does
 */
export async function renderJob(
  host: HostConnection,
  request: JobRequest,
  view: ProgressView,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const final = await followJob(host, () => host.call('job.submit', request), { view, signal, onInterrupt: 'cancel' });
  return outcomeOf(final.job, await framesIn(host, final.job.id));
}

/**
 * Follows a job to its end.
 *
 * @param find identifies the job: submits it or fetches it
 * @returns the job's last state, and whether following was interrupted before its end
 * @throws UserError when the job is refused, or the host ends before the job does
 */
export async function followJob(
  host: HostConnection,
  find: () => Promise<Job>,
  { view, signal, onInterrupt }: Following,
): Promise<{ job: Job; left: boolean }> {
  let id: number | null = null;
  let last: Job | null = null;
  let queue: QueueInfo | null = null;
  let settle: (end: 'ended' | 'removed') => void = () => undefined;
  const ended = new Promise<'ended' | 'removed'>((resolve) => (settle = resolve));
  const early: Parameters<Parameters<HostConnection['subscribe']>[0]>[0][] = [];
  let said = '';
  /** Explains once why nothing is happening, if so. */
  const explain = (): void => {
    if (!last) return;
    const why = whyItWaits(last, queue);
    if (why !== null && why !== said) view.note(why);
    said = why ?? '';
  };
  const update = (job: Job): void => {
    last = job;
    view.update(job);
    explain();
    if (FINAL_JOB_STATES.includes(job.state)) settle('ended');
  };
  const seen = (event: (typeof early)[number]): void => {
    if (event.type === 'job' && event.job.id === id) update(event.job);
    else if (event.type === 'frame' && event.jobId === id) {
      const line = frameLine(event.frame);
      if (line) view.frame(line);
    } else if (event.type === 'queue') {
      queue = event.queue;
      explain();
    } else if (event.type === 'job-removed' && event.id === id) settle('removed');
    else if (event.type === 'notice' && event.notice.level !== 'info') view.note(event.notice.text);
  };
  // Events may arrive before the answer that identifies the job.
  const unsubscribe = host.subscribe((event) => (id === null ? early.push(event) : seen(event)));
  let stop: (() => void) | null = null;
  try {
    // Only needed to explain a delay: a job can be followed without it.
    queue = await host.call('queue.get', {}).catch(() => null);
    const found = await find();
    id = found.id;
    update(found);
    for (const event of early) seen(event);
    const job = found.id;
    const left = new Promise<'left'>((resolve) => {
      stop = () => {
        if (onInterrupt === 'cancel') void host.call('job.cancel', { id: job }).catch(() => undefined);
        else resolve('left');
      };
    });
    if (signal.aborted) stop!();
    else signal.addEventListener('abort', stop!, { once: true });
    const end = await Promise.race([ended, left, host.lost.then(() => 'lost' as const)]);
    if (end === 'lost')
      throw new UserError(`The host ended before job ${id} did: start it again, and the job goes on.`);
    if (end === 'removed') throw new UserError(`Job ${id} was taken out of the list before it ended.`);
    return { job: last ?? found, left: end === 'left' };
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
    unsubscribe();
    view.end();
  }
}

/** Why a job that could be rendered is not; null while it is being rendered or only waits for its turn. */
function whyItWaits(job: Job, queue: QueueInfo | null): string | null {
  if (job.state === 'paused')
    return `Job ${job.id} is paused${job.reason === null ? '' : ` (${job.reason})`}: “framegauge resume ${job.id}” lets it go on.`;
  if (FINAL_JOB_STATES.includes(job.state)) return null;
  if (queue?.state === 'paused') return `${queueLine(queue)} “framegauge queue resume” lets it go on.`;
  if (job.state === 'queued' && job.waitsFor !== null) return `Job ${job.id} waits for ${job.waitsFor}.`;
  return null;
}

function frameLine(frame: Frame): string | null {
  const seconds = frame.seconds === null ? '' : ` (${frame.seconds.toFixed(2)} s)`;
  if (frame.state === 'done')
    return `Frame ${frame.frame}: ${frame.file}${seconds}${frame.suspicion === null ? '' : `; looks wrong: ${frame.suspicion}`}`;
  if (frame.state === 'skipped') return `Frame ${frame.frame}: skipped, ${frame.file} is there already`;
  if (frame.state === 'failed') return `Frame ${frame.frame}: failed, ${frame.reason}`;
  if (frame.state === 'waiting' && frame.reason !== null)
    return `Frame ${frame.frame}: try ${frame.attempts} failed, ${frame.reason}`;
  return null;
}

/** Summarizes a job's result. @param frames all frames of the job */
export function outcomeOf(job: Job, frames: readonly Frame[]): JobOutcome {
  const { total, done, failed, skipped } = job.frames;
  return {
    job: job.id,
    state: job.state,
    ...(job.reason === null ? {} : { reason: job.reason }),
    frames: { total, done, failed, skipped },
    seconds: Math.round((job.finishedAt ?? Date.now()) - (job.startedAt ?? job.createdAt)) / 1000,
    files: [...frames]
      .sort((a, b) => a.frame - b.frame)
      .flatMap((frame) => (frame.state === 'done' || frame.state === 'skipped' ? filesOf(frame) : [])),
    failed: frames.flatMap((frame) =>
      frame.state === 'failed' ? [{ frame: frame.frame, reason: frame.reason, attempts: frame.attempts }] : [],
    ),
    suspicious: frames.flatMap((frame) =>
      frame.suspicion === null ? [] : [{ frame: frame.frame, suspicion: frame.suspicion }],
    ),
    warnings: job.warnings,
  };
}

function filesOf(frame: Frame): readonly string[] {
  if (frame.files.length > 0) return frame.files;
  return frame.file === null ? [] : [frame.file];
}

/** Whether every requested frame was rendered. */
export function isWhole({
  state,
  frames,
}: {
  readonly state: Job['state'];
  readonly frames: JobOutcome['frames'];
}): boolean {
  return state === 'completed' && frames.done + frames.skipped === frames.total;
}
