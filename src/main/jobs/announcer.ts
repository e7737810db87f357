import type { Frame, Job, QueueInfo } from '../../shared/jobs';
import { throttle } from '../../shared/throttle';
import type { WorkerInfo } from '../../shared/workers';
import type { Lifecycle, LifecycleFields } from '../events/lifecycle';
import type { JobStore } from './store/job-store';
import type { TimesLeft } from './eta/times-left';
import type { PauseState } from './scheduling/pause-state';
import type { StoredJob } from './store/job-row';

/** Minimum interval between announcements of the queue's time left, in milliseconds. */
const TELL_QUEUE = 2_000;
/** Minimum interval between two lists of more than {@link FEW_WORKERS}, in milliseconds. */
const TELL_WORKERS = 100;
/** Up to this many workers are told whenever one of them changes. */
const FEW_WORKERS = 32;

/** Receives changes to the queue; each callback runs after the change was stored. */
export interface QueueListener {
  job(job: Job): void;
  frame(jobId: number, frame: Frame): void;
  workers(workers: WorkerInfo[]): void;
  jobRemoved(id: number): void;
  queue(queue: QueueInfo): void;
}

/** {@link QueueListener} as used inside the queue; the time left is added before jobs are passed on. */
export interface ChangeListener extends Omit<QueueListener, 'job'> {
  job(job: StoredJob): void;
}

/** Announces stored changes: states to listeners, lifecycle events to handlers. */
export interface Announcer {
  /** A frame changed, and its job with it. */
  frame(jobId: number, frame: Frame): void;
  /** A job changed. */
  job(jobId: number): void;
  event(name: Parameters<Lifecycle['emit']>[0], job: StoredJob, fields: LifecycleFields): void;
  /** @param gone why the worker is gone or could not be started; null while it exists */
  worker(worker: WorkerInfo, gone: string | null): void;
  queue(): void;
  /** Announces the queue's time left, throttled since it changes with every frame. */
  queueNowAndThen(): void;
}

export interface AnnouncerOptions {
  readonly store: JobStore;
  readonly lifecycle: Lifecycle;
  readonly listener: ChangeListener;
  readonly times: TimesLeft;
  readonly pauseState: Pick<PauseState, 'info'>;
  /** Every worker. */
  workers(): WorkerInfo[];
}

/** The state of the whole queue as clients see it. */
export function queueInfo(pauseState: Pick<PauseState, 'info'>, times: TimesLeft): QueueInfo {
  const left = times.queue();
  return { ...pauseState.info(), secondsLeft: left?.p50 ?? null, secondsLeftP90: left?.p90 ?? null };
}

export function createAnnouncer(options: AnnouncerOptions): Announcer {
  const { store, lifecycle, listener, times, pauseState, workers } = options;
  let tellAgainAt = 0;
  /** Number of workers as last told. */
  let workersTold = 0;
  const tellWorkers = (): void => {
    const all = workers();
    workersTold = all.length;
    listener.workers(all);
  };
  // Each of a thousand changes several times a second.
  const tellManyWorkers = throttle(TELL_WORKERS, tellWorkers);
  const queue = (): void => listener.queue(queueInfo(pauseState, times));
  return {
    frame(jobId, frame) {
      const job = store.job(jobId);
      if (!job) return;
      times.frame(job, frame);
      listener.frame(jobId, frame);
      listener.job(store.job(jobId)!);
    },
    job(jobId) {
      const job = store.job(jobId);
      if (job) listener.job(job);
    },
    event(name, job, fields) {
      lifecycle.emit(name, {
        job: { id: job.id, name: job.name, state: job.state },
        scene: job.settings.scene,
        engine: job.engine,
        ...fields,
      });
    },
    worker(worker, gone) {
      if (workersTold > FEW_WORKERS) tellManyWorkers();
      else tellWorkers();
      const reason = gone ?? worker.reason;
      lifecycle.emit('worker_state', {
        worker: worker.slot,
        engine: worker.engine,
        state: gone === null ? worker.state : 'gone',
        ...(worker.scene === null ? {} : { scene: worker.scene }),
        ...(reason === undefined ? {} : { reason }),
      });
    },
    queue,
    queueNowAndThen() {
      const begun = performance.now();
      if (begun < tellAgainAt) return;
      queue();
      // Spends at most 1 % of the time on this, however many jobs there are.
      tellAgainAt = performance.now() + Math.max(TELL_QUEUE, (performance.now() - begun) * 100);
    },
  };
}
