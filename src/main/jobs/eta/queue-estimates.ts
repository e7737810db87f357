import type { Frame, Job, JobSettings } from '../../../shared/jobs';
import { FINAL_JOB_STATES } from '../../../shared/jobs';
import {
  type JobEstimate,
  type SeenFrame,
  type TimeLeft,
  type Work,
  createJobEstimate,
  guessedWork,
  queueTimeLeft,
} from './job-estimate';

/** Of how many kinds of jobs it is remembered what their frames take. */
const REMEMBERED = 1_000;

/** What a job's estimate begins with. */
export interface EstimateStart {
  /** Frames that wait or are in work, in the order in which they will be rendered. */
  readonly outstanding: readonly number[];
  /** Those in work, with when they were handed out, milliseconds since 1970. */
  readonly rendering: readonly { readonly frame: number; readonly startedAt: number }[];
  /** Those written before, oldest first; the last 5,000 suffice. */
  readonly seen: readonly SeenFrame[];
}

export interface QueueEstimatesOptions {
  /** Read once for each job, when the first of its frames changes in this host. */
  start(jobId: number): EstimateStart;
  /** How many workers the queue may use. */
  workers(): number;
}

/** The time left of jobs and of the queue. Times are milliseconds since 1970. */
export interface QueueEstimates {
  /** A frame changed. */
  frame(job: Pick<Job, 'id' | 'engine' | 'settings'>, frame: Frame, now: number): void;
  /** A job ended, was requeued, edited or removed: what its frames took is kept for jobs like it, the rest is looked up anew when it goes on. */
  forget(job: Pick<Job, 'id' | 'engine' | 'settings'>): void;
  /** Once the job's turn has come; null until it can be told. */
  job(job: Job, now: number): TimeLeft | null;
  /** Until every job that is not paused is done; null until it can be told. With 10,000 jobs it takes some milliseconds: ask once a second at most. */
  queue(unfinished: readonly Job[], now: number): TimeLeft | null;
}

export function createQueueEstimates({ start, workers }: QueueEstimatesOptions): QueueEstimates {
  const estimates = new Map<number, JobEstimate>();
  /** Seconds of a frame of jobs that were rendered, by what they have in common. */
  const usual = new Map<string, number>();

  function begin(id: number): JobEstimate {
    const { outstanding, rendering, seen } = start(id);
    const estimate = createJobEstimate(outstanding, seen);
    for (const { frame, startedAt } of rendering) estimate.started(frame, startedAt);
    estimates.set(id, estimate);
    return estimate;
  }

  function remember(job: Pick<Job, 'id' | 'engine' | 'settings'>): void {
    const mean = estimates.get(job.id)?.mean() ?? null;
    if (mean === null) return;
    const kind = kindOf(job);
    usual.delete(kind);
    usual.set(kind, mean);
    for (const oldest of usual.keys()) {
      if (usual.size <= REMEMBERED) break;
      usual.delete(oldest);
    }
  }

  /** @param typical what frames of any job take, or null */
  function workOf(job: Job, typical: number | null, now: number): Work | null {
    const limit = Math.min(job.settings.workers ?? Number.POSITIVE_INFINITY, workers());
    const known = estimates.get(job.id)?.work(limit, now) ?? null;
    if (known) return known;
    const alike = usual.get(kindOf(job)) ?? null;
    const frame = alike ?? typical;
    return frame === null ? null : guessedWork(job.frames.waiting + job.frames.rendering, frame, limit, alike !== null);
  }

  return {
    frame(job, frame, now) {
      const known = estimates.get(job.id);
      if (!known) {
        // What it begins with has this change in it.
        begin(job.id);
        return;
      }
      if (frame.state === 'rendering') known.started(frame.frame, now);
      else if (frame.state === 'waiting') known.waits(frame.frame);
      else if (frame.state === 'done') {
        known.done(frame);
        remember(job);
      } else known.gone(frame.frame);
    },
    forget(job) {
      remember(job);
      estimates.delete(job.id);
    },
    job(job, now) {
      if (FINAL_JOB_STATES.includes(job.state)) return null;
      const limit = Math.min(job.settings.workers ?? Number.POSITIVE_INFINITY, workers());
      const known = estimates.get(job.id)?.left(limit, now) ?? null;
      if (known) return known;
      const guess = workOf(job, null, now);
      return guess && queueTimeLeft([guess], workers());
    },
    queue(unfinished, now) {
      const jobs = unfinished.filter((job) => job.state !== 'paused');
      const means = [...usual.values()];
      const typical = means.length === 0 ? null : means.reduce((sum, mean) => sum + mean, 0) / means.length;
      const works: Work[] = [];
      for (const job of jobs) {
        const work = workOf(job, typical, now);
        if (!work) return null;
        works.push(work);
      }
      return queueTimeLeft(works, workers());
    },
  };
}

/** Jobs of one kind take about the same for a frame. */
function kindOf({ engine, settings }: { engine: string; settings: JobSettings }): string {
  const { scene, sceneName, camera, renderEngine, width, height, samples } = settings;
  return [engine, scene, sceneName, camera, renderEngine, width, height, samples].join('\n');
}
