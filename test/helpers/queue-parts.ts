import { expect, onTestFinished } from 'vitest';
import { createLifecycle } from '../../src/main/events/lifecycle';
import { type ActiveJob, createActiveJob } from '../../src/main/jobs/active-job';
import type { Assignment } from '../../src/main/jobs/frames-in-work';
import { JobSource } from '../../src/main/jobs/job-source';
import { type QueueOptions, type QueueParts, assembleQueue } from '../../src/main/jobs/queue-parts';
import type { StoredJob } from '../../src/main/jobs/store/job-row';
import { JobStore } from '../../src/main/jobs/store/job-store';
import type { NewJob } from '../../src/main/jobs/store/new-job';
import { type RenderCounters, createRenderCounters } from '../../src/main/jobs/render-counters';
import type { JobSettings } from '../../src/shared/jobs';
import type { LifecycleEvent } from '../../src/shared/lifecycle';
import { imageVerifier } from './image-verifier';
import { paperEngine } from './paper-engine';
import { paperJob } from './paper-queue';
import { temporaryFolder } from './temporary-folder';

/** The parts of a queue on its own store, none of which starts frames by itself, and the events they emitted. */
export interface MadeParts extends QueueParts {
  readonly folder: string;
  readonly store: JobStore;
  readonly counters: RenderCounters;
  readonly events: LifecycleEvent[];
  /** Announced changes of jobs, frames and the queue, such as `job 1 queued`, `frame 1/2 waiting`, `queue paused`. */
  readonly told: string[];
  readonly options: QueueOptions;
  /** Adds a {@link paperJob} that waits for its turn. */
  add(change?: Partial<JobSettings>, more?: Partial<NewJob>): StoredJob;
  /** Adds a job and starts it: its frames may be handed out. */
  begin(change?: Partial<JobSettings>): Promise<ActiveJob>;
  /** Marks a frame as in progress, as if a worker had received it. */
  handOut(active: ActiveJob, frame: number, slot?: number): Assignment;
}

/** @param change options of the queue besides its store; closed with the test, which fails on a reported fault */
export function makeParts(change: Partial<QueueOptions> = {}): MadeParts {
  const folder = temporaryFolder();
  const store = new JobStore(folder);
  const counters = createRenderCounters();
  const [events, told, faults]: [LifecycleEvent[], string[], unknown[]] = [[], [], []];
  const lifecycle = createLifecycle((error) => faults.push(error));
  lifecycle.on((event) => events.push(event));
  const options: QueueOptions = {
    store,
    dataFolder: folder,
    engines: new Map([['gltf', paperEngine()]]),
    lifecycle,
    counters,
    listener: {
      job: ({ id, state }) => told.push(`job ${id} ${state}`),
      frame: (id, { frame, state }) => told.push(`frame ${id}/${frame} ${state}`),
      workers: () => undefined,
      jobRemoved: (id) => told.push(`job ${id} removed`),
      queue: ({ state }) => told.push(`queue ${state}`),
    },
    images: imageVerifier,
    workerLimit: () => 1,
    onFault: (error) => faults.push(error),
    ...change,
  };
  const parts = assembleQueue(options);
  onTestFinished(async () => {
    parts.runnable.close();
    parts.deferred.close();
    await parts.pool.close();
    await parts.pause.close();
    store.close();
    expect(faults).toEqual([]);
  });
  const add: MadeParts['add'] = (settings, more) => {
    const job = store.add({ ...paperJob(folder, settings), ...more });
    parts.runnable.rank(job.id);
    return job;
  };
  return {
    ...parts,
    folder,
    store,
    counters,
    events,
    told,
    options,
    add,
    async begin(settings) {
      const { id, settings: wanted } = add(settings);
      const source = new JobSource({
        jobId: id,
        store,
        announcer: parts.announcer,
        read: () => Promise.resolve({ fingerprint: 'settings.1', sources: [], whole: true }),
        onFault: options.onFault,
      });
      const active = createActiveJob(id, wanted, source);
      parts.states.begin(active);
      (await source.first())();
      active.phase = 'ready';
      told.length = events.length = 0;
      return active;
    },
    handOut(active, frame, slot = 1) {
      const { frame: started, lease } = store.tries.start(active.id, frame, slot);
      const assignment: Assignment = {
        jobId: active.id,
        frame,
        lease,
        slot,
        attempt: started.attempts,
        machine: null,
        busyAtStart: 1,
        controller: new AbortController(),
        workerDone: false,
        live: { worker: null, progress: null, lastSeconds: null },
      };
      parts.inWork.add(assignment);
      return assignment;
    },
  };
}
