import { availableParallelism, freemem } from 'node:os';
import type { JobSettings } from '../../../shared/jobs';
import type { EngineId } from '../../../shared/scene';

/** Share of the free memory that workers may fill. */
const MEMORY_SHARE = 0.8;
/** Beyond so many, pages that render in software only wait for each other. */
const MOST_PAGES = 4;
/** Blender's engines that draw with the graphics card. */
const ON_GPU: readonly (string | null)[] = ['eevee', 'workbench'];

/** What the number of workers depends on. */
export interface Demand {
  readonly engine: EngineId;
  /** Frames of the job that were rendered by this host. */
  readonly rendered: number;
  /** The most memory that one worker of the job held, in bytes; null while that isn't known. */
  readonly peakBytes: number | null;
  /** Workers that live already, whose memory is not free any more. */
  readonly living: number;
  readonly cores: number;
  /** Memory that could be had now, beside what workers hold already, in bytes. */
  readonly freeBytes: number;
  /** The engine renders on a graphics card, which gains little from a second process. */
  readonly gpu: boolean;
}

/**
 * How many workers a job gets where nobody chose.
 *
 * A page (gltf) keeps about two cores busy when it renders in software. Blender uses all cores while it samples and one while it loads, builds and writes, so a worker for every second
 * core, and two on the smallest machines, fill the gaps; more than one are started when the first frame has told how much memory it takes.
 */
export function autoWorkers({ engine, rendered, peakBytes, living, cores, freeBytes, gpu }: Demand): number {
  if (engine === 'gltf') return Math.max(1, Math.min(MOST_PAGES, Math.floor(cores / 2)));
  if (gpu || rendered === 0) return 1;
  const byCores = Math.max(Math.min(2, cores), Math.floor(cores / 2));
  if (peakBytes === null) return byCores;
  const more = Math.floor((freeBytes * MEMORY_SHARE) / Math.max(peakBytes, 1));
  return Math.max(1, Math.min(Math.max(living, 1) + more, byCores));
}

/** What the machine has to offer to a job now. */
export function machineNow({
  settings,
}: {
  readonly settings: JobSettings;
}): Pick<Demand, 'cores' | 'freeBytes' | 'gpu'> {
  return { cores: availableParallelism(), freeBytes: freemem(), gpu: ON_GPU.includes(settings.renderEngine) };
}

/**
 * How many workers may live at once when a job wants another.
 *
 * @param preference 0: nobody chose
 * @param ofJob as many as the job may use; it cannot raise a preference, which says what the machine can bear, but what is proposed
 * @param auto what {@link autoWorkers} proposes
 */
export function workersOf(preference: number, ofJob: number | null, auto: number): number {
  return preference > 0 ? preference : Math.max(auto, ofJob ?? 0);
}
