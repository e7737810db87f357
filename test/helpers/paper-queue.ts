import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { RenderEngine } from '../../src/main/engines/render-engine';
import { imageVerifier } from './image-verifier';
import { createLifecycle } from '../../src/main/events/lifecycle';
import { JobStore } from '../../src/main/jobs/store/job-store';
import { type QueueOptions, RenderQueue } from '../../src/main/jobs/queue';
import { type RenderCounters, createRenderCounters } from '../../src/main/jobs/render-counters';
import { FINAL_JOB_STATES, type JobSettings, type QueueInfo } from '../../src/shared/jobs';
import type { LifecycleEvent } from '../../src/shared/lifecycle';
import { sampleSettings } from './samples';
import type { StoredJob } from '../../src/main/jobs/store/job-row';

/** A queue with its store and a record of its events. */
export interface PaperQueue {
  readonly queue: RenderQueue;
  readonly store: JobStore;
  readonly events: LifecycleEvent[];
  readonly counters: RenderCounters;
  /** Queue states in the order in which they were announced. */
  readonly told: QueueInfo[];
  onEvent(listener: (event: LifecycleEvent) => void): void;
  /** Closes it and checks that no fault was reported. */
  close(): Promise<void>;
  /** Settles when the job has ended. */
  ended(id: number): Promise<StoredJob>;
  /** Settles with the first matching event, past or future. */
  seen(fits: (event: LifecycleEvent) => boolean): Promise<LifecycleEvent>;
}

/** Opens a queue of one engine on a data folder; the caller closes it. */
export function openQueue(
  folder: string,
  engine: RenderEngine,
  workers = 1,
  options: Partial<QueueOptions> = {},
): PaperQueue {
  mkdirSync(folder, { recursive: true });
  const store = new JobStore(folder);
  const events: LifecycleEvent[] = [];
  const faults: unknown[] = [];
  const told: QueueInfo[] = [];
  const counters = createRenderCounters();
  const waiting: { fits: (event: LifecycleEvent) => boolean; resolve: (event: LifecycleEvent) => void }[] = [];
  const lifecycle = createLifecycle((error) => faults.push(error));
  lifecycle.on((event) => {
    events.push(event);
    for (const wait of waiting) if (wait.fits(event)) wait.resolve(event);
  });
  const queue = new RenderQueue({
    store,
    dataFolder: folder,
    engines: new Map([['gltf', engine]]),
    lifecycle,
    counters,
    listener: {
      job: () => undefined,
      frame: () => undefined,
      workers: () => undefined,
      jobRemoved: () => undefined,
      queue: (info) => told.push(info),
    },
    images: imageVerifier,
    workerLimit: () => workers,
    onFault: (error) => faults.push(error),
    ...options,
  });
  const seen: PaperQueue['seen'] = (fits) => {
    const past = events.find(fits);
    return past ? Promise.resolve(past) : new Promise((resolve) => waiting.push({ fits, resolve }));
  };
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await queue.close();
    store.close();
    expect(faults).toEqual([]);
  };
  return {
    queue,
    store,
    events,
    seen,
    counters,
    told,
    close,
    onEvent: (listener) => void lifecycle.on(listener),
    async ended(id) {
      await seen(
        (event) =>
          event.name === 'job_state' &&
          event.job?.id === id &&
          (FINAL_JOB_STATES as readonly string[]).includes(event.job.state),
      );
      return store.job(id)!;
    },
  };
}

/** {@link openQueue}, closed with the test. */
export function makeQueue(
  folder: string,
  engine: RenderEngine,
  workers = 1,
  options: Partial<QueueOptions> = {},
): PaperQueue {
  const paper = openQueue(folder, engine, workers, options);
  onTestFinished(paper.close);
  return paper;
}

/** A job of small images in `<folder>/out`. */
export function paperJob(
  folder: string,
  change: Partial<JobSettings> = {},
): { name: string; engine: 'gltf'; settings: JobSettings } {
  const output = join(folder, 'out', '####.png');
  return {
    name: 'paper',
    engine: 'gltf',
    settings: sampleSettings({
      scene: join(folder, 'paper.glb'),
      frames: '1-3',
      width: 8,
      height: 6,
      samples: 1,
      output,
      ...change,
    }),
  };
}

/** A compact form of the events of a job and its frames. */
export const story = (events: readonly LifecycleEvent[], job: number): string[] =>
  events
    .filter((event) => event.job?.id === job && /^(render_|frame_)/.test(event.name) && event.name !== 'render_stats')
    .map((event) =>
      /pre|post|write|failed/.test(event.name)
        ? `${event.name.replace(/^(render|frame)_/, '')} ${event.frame}`
        : event.name.replace('render_', ''),
    );
