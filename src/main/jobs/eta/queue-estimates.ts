import type { Frame, JobSettings } from '../../../shared/jobs';
import { FINAL_JOB_STATES } from '../../../shared/jobs';
import { type JobEstimate, type RemainingWork, type SeenFrame, type TimeLeft, createJobEstimate } from './job-estimate';
import { guessWork, queueTimeLeft } from './queue-time-left';
import type { StoredJob } from '../store/job-row';

/** Maximum number of job kinds whose frame times are remembered. */
const REMEMBERED = 1_000;

/** Initial data of a job's estimate. */
export interface EstimateStart {
  /** Frames waiting or in work, in dispatch order. */
  readonly outstanding: readonly number[];
  /** Frames in work with their dispatch time, milliseconds since 1970. */
  readonly rendering: readonly { readonly frame: number; readonly startedAt: number }[];
  /** Frames written before, oldest first; the last 5,000 are enough. */
  readonly seen: readonly SeenFrame[];
}

export interface QueueEstimatesOptions {
  /** Called once per job, when the first of its frames changes in this host. */
  start(jobId: number): EstimateStart;
  /** Maximum number of workers the queue may use. */
  workers(): number;
}

/** Estimates the time left of jobs and of the queue. Times are milliseconds since 1970. */
export interface QueueEstimates {
  /** A frame changed. */
  frame(job: Pick<StoredJob, 'id' | 'engine' | 'settings'>, frame: Frame, now: number): void;
  /**
   * A job ended or was requeued, edited or removed: keeps its mean frame time for similar jobs and discards the rest,
   * which is read again when the job continues.
   */
  forget(job: Pick<StoredJob, 'id' | 'engine' | 'settings'>): void;
  /** Null before the job has started and while there is no estimate. */
  job(job: StoredJob, now: number): TimeLeft | null;
  /**
   * Time until every job that is not paused is done; null while there is no estimate. With 10,000 jobs it takes some
   * milliseconds: call it at most once a second.
   */
  queue(unfinished: readonly StoredJob[], now: number): TimeLeft | null;
}

export function createQueueEstimates({ start, workers }: QueueEstimatesOptions): QueueEstimates {
  const estimates = new Map<number, JobEstimate>();
  /** Seconds per frame of rendered jobs, by job kind. */
  const usual = new Map<string, number>();

  function begin(id: number): JobEstimate {
    const { outstanding, rendering, seen } = start(id);
    const estimate = createJobEstimate(outstanding, seen);
    for (const { frame, startedAt } of rendering) estimate.started(frame, startedAt);
    estimates.set(id, estimate);
    return estimate;
  }

  function remember(job: Pick<StoredJob, 'id' | 'engine' | 'settings'>): void {
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

  /** @param typical mean seconds per frame over all jobs, or null */
  function workOf(job: StoredJob, typical: number | null, now: number): RemainingWork | null {
    const limit = Math.min(job.settings.workers ?? Number.POSITIVE_INFINITY, workers());
    const known = estimates.get(job.id)?.work(limit, now) ?? null;
    if (known) return known;
    const alike = usual.get(kindOf(job)) ?? null;
    const frame = alike ?? typical;
    return frame === null ? null : guessWork(job.frames.waiting + job.frames.rendering, frame, limit, alike !== null);
  }

  return {
    frame(job, frame, now) {
      const known = estimates.get(job.id);
      if (!known) {
        // The initial data already includes this change.
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
      const works: RemainingWork[] = [];
      for (const job of jobs) {
        const work = workOf(job, typical, now);
        if (!work) return null;
        works.push(work);
      }
      return queueTimeLeft(works, workers());
    },
  };
}

/** Jobs of the same kind take about the same time per frame. */
function kindOf({ engine, settings }: { engine: string; settings: JobSettings }): string {
  const { scene, sceneName, camera, renderEngine, width, height, samples } = settings;
  return [engine, scene, sceneName, camera, renderEngine, width, height, samples].join('\n');
}
