import type { Frame, Job } from '../../../shared/jobs';
import type { TimeLeft } from './job-estimate';
import type { JobStore } from '../store/job-store';
import { createQueueEstimates } from './queue-estimates';
import type { StoredJob } from '../store/job-row';

/** How long the queue's time left is cached, in milliseconds: with thousands of jobs it takes some to compute. */
const GOOD_FOR = 1_000;
/**
 * A job's time left that took longer than this to compute is kept, in milliseconds: with a thousand workers it takes a
 * millisecond, and the job is told with every frame.
 */
const LONG = 0.1;
/** How long it is kept, as a multiple of the time it took. */
const KEPT = 50;

/** The time left of jobs and of the queue, cached. */
export interface TimesLeft {
  /** Workers assumed for the estimate: the limit of the job that was scheduled last. */
  workers: number;
  /** A frame changed. */
  frame(job: StoredJob, frame: Frame): void;
  /** A job ended, or its estimate must start over. */
  forget(job: StoredJob): void;
  /** Adds the time left to a job. */
  addTo(job: StoredJob): Job;
  /** Time until every job that is not paused is done; null while there is no estimate. */
  queue(): TimeLeft | null;
}

export function createTimesLeft(store: JobStore): TimesLeft {
  const ofJobs = new Map<number, { readonly left: TimeLeft; readonly until: number }>();

  function leftOf(job: StoredJob): TimeLeft | null {
    const begun = performance.now();
    const known = ofJobs.get(job.id);
    if (known && begun < known.until) return known.left;
    ofJobs.delete(job.id);
    const left = estimates.job(job, Date.now());
    const took = performance.now() - begun;
    if (left && took > LONG) ofJobs.set(job.id, { left, until: begun + KEPT * took });
    return left;
  }

  let last: { readonly value: TimeLeft | null; readonly until: number } = { value: null, until: 0 };
  const times: TimesLeft = {
    workers: 1,
    frame: (job, frame) => estimates.frame(job, frame, Date.now()),
    forget(job) {
      ofJobs.delete(job.id);
      estimates.forget(job);
    },
    addTo(job) {
      const left = leftOf(job);
      return { ...job, secondsLeft: left?.p50 ?? null, secondsLeftP90: left?.p90 ?? null };
    },
    queue() {
      if (store.unfinishedCount === 0) return null;
      if (performance.now() >= last.until)
        last = { value: estimates.queue(store.unfinished(), Date.now()), until: performance.now() + GOOD_FOR };
      return last.value;
    },
  };
  const estimates = createQueueEstimates({
    start: (id) => store.frames.estimateStart(id),
    workers: () => times.workers,
  });
  return times;
}
