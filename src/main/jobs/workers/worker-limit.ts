import { availableParallelism, freemem, totalmem } from 'node:os';
import type { EngineRegistry } from '../../engines/engine-registry';
import type { WorkerDemand } from '../scheduling/job-machines';

/** Share of the free memory that workers may use. */
const MEMORY_SHARE = 0.8;
/** Share of the machine's memory that stays free. */
const RESERVE = 0.1;
/** Assumed memory of a worker before one was measured, in bytes. */
const FIRST_GUESS = 500e6;

/** Inputs of the worker limit. */
export interface Demand {
  /** Number of workers that speed up the job, from its engine. */
  readonly useful: number;
  /** Peak memory of one worker of the job, in bytes; null where unknown. */
  readonly peakBytes: number | null;
  /** Workers alive, whose memory is no longer free. */
  readonly living: number;
  /** Those of them that have not rendered anything yet: the memory they will need is still free. */
  readonly young: number;
  readonly cores: number;
  /** Available memory, in bytes. */
  readonly freeBytes: number;
  /** Memory of the machine or the container, in bytes. */
  readonly totalBytes: number;
}

/** Maximum number of workers a job may ask for on a machine: each keeps at least one core busy. */
function mostWorkers(cores: number = availableParallelism()): number {
  return Math.max(2, cores);
}

export type MachineResources = Pick<Demand, 'cores' | 'freeBytes' | 'totalBytes'>;

/** How long a reading of the machine's resources is used, in milliseconds: it costs more than handing out a frame. */
const FRESH = 250;

/** Resources of the machine available now. */
export function machineNow(): MachineResources {
  // A container may have less than its machine.
  const limit = process.constrainedMemory();
  return {
    cores: availableParallelism(),
    freeBytes: Math.min(freemem(), process.availableMemory?.() ?? Number.POSITIVE_INFINITY),
    totalBytes: limit > 0 ? Math.min(limit, totalmem()) : totalmem(),
  };
}

/**
 * Creates a function that returns the maximum number of workers alive for a job to get another one on this machine.
 *
 * @param preference render.workers; 0: automatic
 * @param rendersHere false where all frames are left to other machines
 */
export function createWorkerLimit(
  engines: Pick<EngineRegistry, 'get'>,
  preference: () => number,
  rendersHere: () => boolean = () => true,
): (demand: WorkerDemand) => number {
  let machine = machineNow();
  let read = performance.now();
  return ({ engine, settings, rendered, level, ...living }) => {
    if (!rendersHere()) return 0;
    if (performance.now() - read > FRESH) {
      machine = machineNow();
      read = performance.now();
    }
    const useful = engines.get(engine).workerLimit(settings, { cores: machine.cores, rendered, level });
    return workersOf(preference(), settings.workers, { ...living, ...machine, useful });
  };
}

/**
 * Maximum number of workers alive for a job to get another one.
 *
 * @param preference 0: automatic
 * @param ofJob the job's own limit; it may raise the automatic number, but not a preference, which says what the
 * machine can bear
 */
export function workersOf(preference: number, ofJob: number | null, demand: Demand): number {
  const wanted = preference > 0 ? preference : Math.max(demand.useful, Math.min(ofJob ?? 0, mostWorkers(demand.cores)));
  return Math.min(wanted, Math.max(1, demand.living + memoryFor(demand)));
}

/**
 * Number of further workers that fit into memory, with a tenth of it left free. The first worker is always started:
 * without it nothing would be rendered at all.
 */
function memoryFor({ peakBytes, young, freeBytes, totalBytes }: Demand): number {
  const each = Math.max(peakBytes ?? FIRST_GUESS, 1);
  const free = freeBytes - young * each;
  return Math.max(0, Math.floor(Math.min(free * MEMORY_SHARE, free - totalBytes * RESERVE) / each));
}

/**
 * Warning for a job that asks for more workers than it can get; null otherwise.
 *
 * @param asked null: nothing was asked for
 */
export function workersWarning(
  asked: number | null,
  preference: number,
  cores: number = availableParallelism(),
): string | null {
  const most = preference > 0 ? preference : mostWorkers(cores);
  if (asked === null || asked <= most) return null;
  const why =
    preference > 0
      ? 'the preference render.workers allows'
      : `${cores === 1 ? 'the one core of this machine bears' : `the ${cores} cores of this machine bear`}`;
  return `This job asks for ${asked} workers and gets ${most} at most, as many as ${why}; fewer where memory does not suffice.`;
}
