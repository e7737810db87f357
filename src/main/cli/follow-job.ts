import type { Frame, Job, JobRequest } from '../../shared/jobs';
import { FINAL_JOB_STATES } from '../../shared/jobs';
import { UserError } from '../../shared/user-error';
import type { HostConnection } from './host-connection';
import type { ProgressView } from './progress';

/** What a rendered job came to, in the form that `--json` prints. */
export interface JobOutcome {
  readonly job: number;
  readonly state: Job['state'];
  readonly reason?: string;
  readonly frames: { readonly total: number; readonly done: number; readonly failed: number; readonly skipped: number };
  /** From its start to its end. */
  readonly seconds: number;
  /** The images that are there, in frame order. */
  readonly files: readonly string[];
}

/**
 * Submits a job and follows it to its end.
 *
 * @param signal cancels the job when it is aborted
 * @throws UserError when the job is refused, or the host ends before the job does
 */
export async function renderJob(host: HostConnection, request: JobRequest, view: ProgressView, signal: AbortSignal): Promise<JobOutcome> {
  let id: number | null = null;
  let settle: (job: Job) => void = () => undefined;
  const ended = new Promise<Job>((resolve) => (settle = resolve));
  const early: Parameters<Parameters<HostConnection['subscribe']>[0]>[0][] = [];
  const seen = (event: (typeof early)[number]): void => {
    if (event.type === 'job' && event.job.id === id) {
      view.update(event.job);
      if (FINAL_JOB_STATES.includes(event.job.state)) settle(event.job);
    } else if (event.type === 'frame' && event.jobId === id) {
      const line = frameLine(event.frame);
      if (line) view.frame(line);
    }
  };
  // Events may overtake the answer that names the job.
  const unsubscribe = host.subscribe((event) => (id === null ? early.push(event) : seen(event)));
  let cancel: (() => void) | null = null;
  try {
    const submitted = await host.call('job.submit', request);
    id = submitted.id;
    view.update(submitted);
    for (const event of early) seen(event);
    const job = submitted.id;
    cancel = () => void host.call('job.cancel', { id: job }).catch(() => undefined);
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
    const final = await Promise.race([ended, host.lost.then(() => null)]);
    if (!final) throw new UserError(`The host ended before job ${id} did: start it again, and the job goes on.`);
    view.update(final);
    const frames = await host.call('job.frames', { id });
    return outcomeOf(final, frames);
  } finally {
    if (cancel) signal.removeEventListener('abort', cancel);
    unsubscribe();
    view.end();
  }
}

function frameLine(frame: Frame): string | null {
  const seconds = frame.seconds === null ? '' : ` (${frame.seconds.toFixed(2)} s)`;
  if (frame.state === 'done') return `Frame ${frame.frame}: ${frame.file}${seconds}`;
  if (frame.state === 'skipped') return `Frame ${frame.frame}: skipped, ${frame.file} is there already`;
  if (frame.state === 'failed') return `Frame ${frame.frame}: failed, ${frame.reason}`;
  if (frame.state === 'waiting' && frame.reason !== null) return `Frame ${frame.frame}: try ${frame.attempts} failed, ${frame.reason}`;
  return null;
}

function outcomeOf(job: Job, frames: readonly Frame[]): JobOutcome {
  const { total, done, failed, skipped } = job.frames;
  return {
    job: job.id,
    state: job.state,
    ...(job.reason === null ? {} : { reason: job.reason }),
    frames: { total, done, failed, skipped },
    seconds: Math.round((job.finishedAt ?? Date.now()) - (job.startedAt ?? job.createdAt)) / 1000,
    files: frames.flatMap((frame) => (frame.file !== null && (frame.state === 'done' || frame.state === 'skipped') ? [frame.file] : [])),
  };
}

/** Whether every frame asked for is there. */
export function isWhole(outcome: JobOutcome): boolean {
  return outcome.state === 'completed' && outcome.frames.done + outcome.frames.skipped === outcome.frames.total;
}
