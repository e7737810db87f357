import type { AppSnapshot } from '../../shared/addon-protocol';
import { FRAME_SECONDS_BUCKETS } from '../../shared/totals';
import type { AddonManager } from '../addons/addon-manager';
import type { EngineRegistry } from '../engines/engine-registry';
import type { Farm } from '../farm/farm';
import type { JobStore } from '../jobs/store/job-store';
import type { RenderQueue } from '../jobs/queue';
import type { RenderCounters } from '../jobs/render-counters';
import type { CurrentScene } from '../scenes/current-scene';
import { VERSION } from '../version';
import type { MachineReading } from './machine-readings';
import type { Readings } from './readings';
import type { WorkerPeaks } from './worker-peaks';

export interface AppSnapshotOptions {
  readonly shell: AppSnapshot['shell'];
  readonly engines: Pick<EngineRegistry, 'able'>;
  readonly store: Pick<JobStore, 'unfinished' | 'revision'>;
  readonly queue: Pick<RenderQueue, 'info' | 'workers' | 'shown'>;
  readonly counters: RenderCounters;
  readonly scene: Pick<CurrentScene, 'get'>;
  readonly machine: Pick<Readings<MachineReading>, 'latest'>;
  readonly farm: Pick<Farm, 'standing'>;
  readonly peaks: Pick<WorkerPeaks, 'of'>;
  /** Read for every snapshot. */
  readonly addons: () => Pick<AddonManager, 'states' | 'totals'>;
  /** The program's own processes, if the shell can tell them apart. */
  readonly processes: () => AppSnapshot['processes'];
}

/** How long what is shown of unchanged jobs holds, in milliseconds: the time left goes on. */
const JOBS_HOLD = 50;

/**
 * Creates the snapshots of the program that add-ons get. A snapshot must be synchronous, so that add-ons receive it in
 * order with the events. Values that take time to read are as of the last reading.
 */
export function createAppSnapshot(options: AppSnapshotOptions): () => AppSnapshot {
  const { shell, engines, store, queue, counters, scene, machine, farm, peaks, addons, processes } = options;
  const startedAt = Date.now();
  let shown: { readonly jobs: AppSnapshot['jobs']; readonly revision: number; readonly until: number } | null = null;

  /** The unfinished jobs, built once for those who ask in a row: with a thousand of them that takes milliseconds. */
  function jobs(): AppSnapshot['jobs'] {
    const now = performance.now();
    const { revision } = store;
    if (!shown || shown.revision !== revision || now >= shown.until)
      shown = { jobs: store.unfinished().map((job) => queue.shown(job)), revision, until: now + JOBS_HOLD };
    return shown.jobs;
  }

  return () => {
    const { usage, volumes } = machine.latest();
    return {
      version: VERSION,
      shell,
      startedAt,
      scene: scene.get(),
      engines: engines.able(),
      jobs: jobs(),
      queue: queue.info(),
      workers: queue.workers().map((worker) => ({
        ...worker,
        residentBytes: usage.get(worker.slot)?.residentBytes ?? null,
        peakBytes: peaks.of(worker.slot),
      })),
      farm: standingOf(farm),
      lastFrameAt: counters.frames.lastRenderedAt,
      volumes: [...volumes],
      addons: addons().states(),
      processes: processes(),
      totals: { ...counters.totals(), addons: addons().totals() },
      totalsSince: startedAt,
      frameSecondsBuckets: [...FRAME_SECONDS_BUCKETS],
    };
  };
}

function standingOf(farm: AppSnapshotOptions['farm']): AppSnapshot['farm'] {
  const standing = farm.standing();
  if (!standing) return null;
  const { queueUp, machines } = standing;
  return {
    queueUp,
    machines: machines.map(({ name, state, workers, frames, metrics }) => ({ name, state, workers, frames, metrics })),
  };
}
