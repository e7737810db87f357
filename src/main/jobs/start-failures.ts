import { messageOf } from '../../shared/user-error';
import type { ActiveJob, ActiveJobs } from './active-job';
import type { JobStates } from './job-states';
import type { QueuePause } from './queue-pause';
import { afterStartFailure, startFailureCode } from './retry-policy';
import type { JobStore } from './store/job-store';
import type { WorkerPool } from './workers/worker-pool';

export interface StartFailuresOptions {
  readonly store: JobStore;
  readonly jobs: ActiveJobs;
  readonly pool: WorkerPool;
  readonly pause: QueuePause;
  readonly states: JobStates;
  /** First backoff after a failure, in milliseconds. */
  readonly firstBackoff?: number;
}

/** Decides what follows where no worker could be started for a job. */
export class StartFailures {
  readonly #options: StartFailuresOptions;

  constructor(options: StartFailuresOptions) {
    this.#options = options;
  }

  /** @param others workers of its kind that are alive */
  judge(jobId: number, slot: number, others: number, error: unknown): void {
    const { store, jobs, pool, pause, states, firstBackoff } = this.#options;
    const active = jobs.get(jobId);
    const job = store.job(jobId);
    // Of workers started together the first failure counts.
    if (!active || job?.state !== 'rendering' || (others === 0 && this.awaits(active))) return;
    const verdict = afterStartFailure(error, active.startFailures + 1, others, firstBackoff);
    if (verdict.kind === 'hold') {
      pause.holdUntilWritable(`${messageOf(error)} It is tried again every half minute.`);
      return;
    }
    if (others === 0) active.startFailures++;
    if (verdict.kind === 'back-off') pool.backOff(slot, jobId, job.engine, verdict.milliseconds, messageOf(error));
    else states.finish(jobId, 'failed', messageOf(error), startFailureCode(error));
  }

  /** Whether no worker could be started for a job, and none is tried again yet. */
  awaits({ id, startFailures }: ActiveJob): boolean {
    return startFailures > 0 && this.#options.pool.backoff.hasOf(id);
  }
}
