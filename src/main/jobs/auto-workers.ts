import type { EngineId } from '../../shared/scene';

/** Share of the free memory that workers may fill. */
const MEMORY_SHARE = 0.8;
/** Beyond so many, pages that render in software only wait for each other. */
const MOST_PAGES = 4;

export interface Machine {
  readonly engine: EngineId;
  readonly cores: number;
  /** Memory that could be had now, beside what workers hold already, in bytes. */
  readonly freeBytes: number;
  /** The most that one worker of the job held, in bytes; null while that isn't known. */
  readonly workerBytes: number | null;
  /** Workers that live already, whose memory is not free any more. */
  readonly living: number;
  /** The engine renders on a graphics card, which gains nothing from a second process. */
  readonly gpu: boolean;
}

/**
 * How many workers a job gets where nobody chose.
 *
 * A page (gltf) keeps about two cores busy when it renders in software. Blender uses all cores while it samples and one while it loads, builds and writes, so workers for half of the
 * cores, and two on the smallest machines, fill the gaps; how many is known once the first frame has told how much memory it takes.
 */
export function autoWorkers({ engine, cores, freeBytes, workerBytes, living, gpu }: Machine): number {
  if (engine === 'gltf') return Math.max(1, Math.min(MOST_PAGES, Math.floor(cores / 2)));
  if (gpu || workerBytes === null) return 1;
  const more = Math.floor((freeBytes * MEMORY_SHARE) / Math.max(workerBytes, 1));
  return Math.max(1, Math.min(living + more, Math.max(2, Math.floor(cores / 2))));
}

/**
 * How many workers a job may use at once.
 *
 * @param preference 0: nobody chose
 * @param ofJob as the job asks for; it cannot exceed a preference, which says what the machine can bear
 * @param auto what {@link autoWorkers} proposes
 */
export function workersOf(preference: number, ofJob: number | null, auto: number): number {
  return preference > 0 ? Math.min(preference, ofJob ?? preference) : (ofJob ?? auto);
}
