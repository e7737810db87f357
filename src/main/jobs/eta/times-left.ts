import type { Frame, Job } from '../../../shared/jobs';
import type { TimeLeft } from './job-estimate';
import type { JobStore } from '../store/job-store';
import { createQueueEstimates } from './queue-estimates';
import type { StoredJob } from '../store/job-row';

/** How long the queue's time left is cached, in milliseconds: with thousands of jobs it takes some to compute. */
const GOOD_FOR = 1_000;

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
  let last: { readonly value: TimeLeft | null; readonly until: number } = { value: null, until: 0 };
  const times: TimesLeft = {
    workers: 1,
    frame: (job, frame) => estimates.frame(job, frame, Date.now()),
    forget: (job) => estimates.forget(job),
    addTo(job) {
      const left = estimates.job(job, Date.now());
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
