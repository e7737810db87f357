import type { Frame, Job } from '../../../shared/jobs';
import type { TimeLeft } from './job-estimate';
import type { JobStore } from '../store/job-store';
import { createQueueEstimates } from './queue-estimates';

/** For how long the queue's time left is good, in milliseconds: with thousands of jobs it takes some to reckon. */
const GOOD_FOR = 1_000;

/** The time left of jobs, which the store's jobs get by it, and of the queue. */
export interface TimesLeft {
  /** What it is reckoned with: the most workers that the job last worked on may use. */
  workers: number;
  /** A frame changed. */
  frame(job: Job, frame: Frame): void;
  /** A job ended, or has to be reckoned with anew. */
  forget(job: Job): void;
  /** Until every job is done that is not paused; null until it can be told. */
  queue(): TimeLeft | null;
}

export function createTimesLeft(store: JobStore): TimesLeft {
  let last: { readonly value: TimeLeft | null; readonly until: number } = { value: null, until: 0 };
  const times: TimesLeft = {
    workers: 1,
    frame: (job, frame) => estimates.frame(job, frame, Date.now()),
    forget: (job) => estimates.forget(job),
    queue() {
      if (store.unfinishedCount === 0) return null;
      if (performance.now() >= last.until)
        last = { value: estimates.queue(store.unfinished(), Date.now()), until: performance.now() + GOOD_FOR };
      return last.value;
    },
  };
  const estimates = createQueueEstimates({ start: (id) => store.estimateStart(id), workers: () => times.workers });
  store.reckonWith((job) => estimates.job(job, Date.now()));
  return times;
}
