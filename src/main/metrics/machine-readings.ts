import { dirname } from 'node:path';
import type { WorkerUsage } from '../engines/render-engine';
import type { JobStore } from '../jobs/store/job-store';
import type { RenderQueue } from '../jobs/queue';
import type { Preferences } from '../preferences/preferences';
import { type Readings, createReadings } from './readings';
import { type Volume, readVolumes } from '../data/volumes';

/** Resource usage of workers, and the file systems of output folders. */
export interface MachineReading {
  /** By slot; null where unknown. */
  readonly usage: ReadonlyMap<number, WorkerUsage | null>;
  readonly volumes: readonly Volume[];
}

/** Reads the machine's state for metrics and statistics. */
export function createMachineReadings(
  queue: Pick<RenderQueue, 'usage'>,
  store: Pick<JobStore, 'unfinished'>,
  preferences: Pick<Preferences, 'outputDirectory'>,
): Readings<MachineReading> {
  return createReadings<MachineReading>({ usage: new Map(), volumes: [] }, async () => ({
    usage: await queue.usage(),
    volumes: await readVolumes([
      ...store.unfinished().map((job) => dirname(job.settings.output)),
      preferences.outputDirectory(),
    ]),
  }));
}
