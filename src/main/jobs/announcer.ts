import type { Frame, Job, QueueInfo } from '../../shared/jobs';
import type { WorkerInfo } from '../../shared/workers';
import type { Lifecycle, LifecycleFields } from '../events/lifecycle';
import type { JobStore } from './store/job-store';
import type { TimesLeft } from './eta/times-left';

/** The least time between two tellings of the queue's time left, in milliseconds. */
const TELL_QUEUE = 2_000;

/** What the rest of the host wants to know as it happens; each is called after the change was written. */
export interface QueueListener {
  job(job: Job): void;
  frame(jobId: number, frame: Frame): void;
  workers(workers: WorkerInfo[]): void;
  jobRemoved(id: number): void;
  queue(queue: QueueInfo): void;
}

/** Tells what was written: states to those who show them, events to handlers. */
export interface Announcer {
  /** A frame changed, and with it its job. */
  frame(jobId: number, frame: Frame): void;
  event(name: Parameters<Lifecycle['emit']>[0], job: Job, fields: LifecycleFields): void;
  /** @param gone why it is gone or could not be started; null while it is there */
  worker(worker: WorkerInfo, gone: string | null, all: WorkerInfo[]): void;
  queue(): void;
  /** The queue's time left changes with every frame; it is told now and then. */
  queueNowAndThen(): void;
}

export interface AnnouncerOptions {
  readonly store: JobStore;
  readonly lifecycle: Lifecycle;
  readonly listener: QueueListener;
  readonly times: TimesLeft;
  info(): QueueInfo;
}

export function createAnnouncer({ store, lifecycle, listener, times, info }: AnnouncerOptions): Announcer {
  let tellAgainAt = 0;
  return {
    frame(jobId, frame) {
      const job = store.job(jobId);
      if (!job) return;
      times.frame(job, frame);
      listener.frame(jobId, frame);
      listener.job(store.job(jobId)!);
    },
    event(name, job, fields) {
      lifecycle.emit(name, {
        job: { id: job.id, name: job.name, state: job.state },
        scene: job.settings.scene,
        engine: job.engine,
        ...fields,
      });
    },
    worker(worker, gone, all) {
      listener.workers(all);
      const reason = gone ?? worker.reason;
      lifecycle.emit('worker_state', {
        worker: worker.slot,
        engine: worker.engine,
        state: gone === null ? worker.state : 'gone',
        ...(worker.scene === null ? {} : { scene: worker.scene }),
        ...(reason === undefined ? {} : { reason }),
      });
    },
    queue: () => listener.queue(info()),
    queueNowAndThen() {
      const begun = performance.now();
      if (begun < tellAgainAt) return;
      listener.queue(info());
      // A hundredth of the time at most goes into it, however many jobs there are.
      tellAgainAt = performance.now() + Math.max(TELL_QUEUE, (performance.now() - begun) * 100);
    },
  };
}
