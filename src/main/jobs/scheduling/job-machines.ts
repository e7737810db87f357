import type { JobSettings } from '../../../shared/jobs';
import type { MachineLimits } from '../../../shared/machine-limits';
import type { EngineId } from '../../../shared/scene';
import type { RenderEngine } from '../../engines/render-engine';
import type { ActiveJobs } from '../active-job';
import type { FramesInWork } from '../frames-in-work';
import type { JobStore } from '../store/job-store';
import { type JobNeeds, type ReservedMachines, needsOf, withMachines } from '../workers/worker-places';
import type { WorkerPool } from '../workers/worker-pool';
import type { AvoidedMachines } from './machine-avoidance';
import type { ExplainObstacle, Obstacle, Obstacles } from './obstacles';

/** Inputs of a job's worker limit. */
export interface WorkerDemand {
  readonly engine: EngineId;
  readonly settings: JobSettings;
  /** Peak memory of a worker while rendering one of its frames, in bytes; null until a worker has reported it. */
  readonly peakBytes: number | null;
  /** Frames of the job rendered by this host. */
  readonly rendered: number;
  /** Workers alive on this machine, over all jobs. */
  readonly living: number;
  /** Those of them that have not rendered a frame yet: the memory they will need is still free. */
  readonly young: number;
  /** The best number of workers measured for the job so far, or the number to try next. */
  readonly level: number;
}

/** What the choice of a job's machines depends on. */
export interface MachineDemand {
  readonly needs: JobNeeds;
  readonly limits: MachineLimits;
  /** Whether frames are rendered on this machine at all. */
  readonly rendersHere: boolean;
  /** Maximum number of workers alive on this machine; takes a while to find out. */
  roomHere(): number;
  /** Machines that render it now; null for this one. */
  readonly busy: ReadonlySet<string | null>;
  /** Whether frames of it are in work, also those that were rendered and are being verified or written. */
  readonly inWork: boolean;
  readonly avoided: AvoidedMachines;
  readonly reserved: ReservedMachines;
  readonly explain: ExplainObstacle;
}

/** The machines that a job may have now, or why there are none. */
export type MachineChoice = { readonly kind: 'machines'; readonly needs: JobNeeds } | Obstacle;

/** Chooses the machines that a job may have now. */
export function chooseMachines(
  pool: Pick<WorkerPool, 'places' | 'hasRoom'>,
  { needs, limits, rendersHere, roomHere, busy, inWork, avoided, reserved, explain }: MachineDemand,
): MachineChoice {
  const could = pool.places.machinesFor(needs).filter((machine) => machine !== null || rendersHere);
  let others = could.filter((machine) => !avoided.has(machine));
  if (others.length === 0) {
    const obstacle = explain(limits, avoided, could.length);
    // They may come out well, and clear the machine that renders them.
    if (obstacle.kind === 'fails' && inWork) return { kind: 'waits', text: 'its frames that are being rendered' };
    // Where no other machine is there, avoiding the only one would win nothing.
    if (obstacle.kind === 'fails' || could.length !== 1) return obstacle;
    others = could;
  }
  const { maxMachines } = limits;
  if (maxMachines === null) {
    const all = others.length === could.length && rendersHere;
    return { kind: 'machines', needs: all ? needs : withMachines(needs, new Set(others)) };
  }
  const here = roomHere();
  const room = (machine: string | null): boolean =>
    pool.hasRoom(withMachines(needs, new Set([machine])), here, reserved);
  const more = others.filter((machine) => !busy.has(machine) && !reserved.has(machine));
  const best = [...more.filter(room), ...more.filter((machine) => !room(machine))];
  const chosen = [...others.filter((one) => busy.has(one)), ...best.slice(0, Math.max(0, maxMachines - busy.size))];
  return { kind: 'machines', needs: withMachines(needs, new Set(chosen)) };
}

const NONE_AVOIDED: AvoidedMachines = new Map();

/** What a job asks of machines. */
export interface MachineAsk {
  readonly needs: JobNeeds;
  /** Jobs of the same text fare alike, but for their scenes; null for one that has begun, which fares by itself. */
  readonly alike: string | null;
}

export interface JobMachinesOptions {
  readonly store: Pick<JobStore, 'job' | 'standing' | 'settings'>;
  readonly jobs: ActiveJobs;
  readonly inWork: FramesInWork;
  readonly pool: WorkerPool;
  readonly obstacles: Obstacles;
  readonly explain: ExplainObstacle;
  /** @throws UserError when the engine is not available */
  engine(id: EngineId): RenderEngine;
  workerLimit(demand: WorkerDemand): number;
  /** Whether frames are rendered on this machine at all. */
  rendersHere(): boolean;
  /** What this machine has, as a job may need it. */
  tagsHere(): readonly string[];
}

/** Knows which machines each job may have. */
export class JobMachines {
  readonly #options: JobMachinesOptions;

  constructor(options: JobMachinesOptions) {
    this.#options = options;
  }

  /** Maximum number of workers alive on this machine, over all jobs, for a job to get another one there. */
  roomFor(id: number): number {
    const { store, jobs, pool, workerLimit } = this.#options;
    const active = jobs.get(id);
    return workerLimit({
      engine: store.standing(id)!.engine,
      settings: store.settings(id),
      peakBytes: active?.peakBytes ?? null,
      rendered: active?.rendered ?? 0,
      living: pool.living(),
      young: pool.young(),
      level: active?.trial.level ?? 1,
    });
  }

  /** What a job asks of machines. */
  asks(id: number): MachineAsk {
    const { store, jobs } = this.#options;
    const needs = this.#needs(id);
    const { tags, blockedMachines, maxMachines } = store.settings(id);
    const alike = JSON.stringify([needs.engine, needs.setup, tags, blockedMachines, maxMachines]);
    return { needs, alike: jobs.has(id) ? null : alike };
  }

  /** Whether a job's limits leave it any machine that is not kept for others, whatever its scene needs. */
  mayHaveAny({ needs }: MachineAsk, reserved: ReservedMachines): boolean {
    const { pool, rendersHere } = this.#options;
    return pool.places.anyAllowed(needs, rendersHere(), reserved);
  }

  #needs(id: number): JobNeeds {
    const { store, engine, tagsHere } = this.#options;
    return needsOf(store.standing(id)!.engine, store.settings(id), engine, tagsHere);
  }

  /** Whether another machine may have a job's frames, and is not avoided for it. @param machine null for this one */
  hasOther(id: number, machine: string | null): boolean {
    const { pool, jobs, rendersHere } = this.#options;
    const avoidance = jobs.get(id)?.avoidance;
    const now = performance.now();
    return pool.places
      .machinesFor(this.#needs(id))
      .some((one) => one !== machine && (one !== null || rendersHere()) && !avoidance?.isAvoided(one, now));
  }

  /** Chooses a job's machines. That no machine may take it is told. */
  choose(id: number, reserved: ReservedMachines): MachineChoice {
    const { store, jobs, inWork, pool, obstacles, explain, rendersHere } = this.#options;
    const limits = store.settings(id);
    const demand = {
      needs: this.#needs(id),
      limits,
      rendersHere: rendersHere(),
      roomHere: () => this.roomFor(id),
      busy: inWork.machinesOf(id),
      inWork: inWork.hasAny(id),
      avoided: jobs.get(id)?.avoidance.avoided(performance.now()) ?? NONE_AVOIDED,
      reserved,
      explain,
    };
    const choice = chooseMachines(pool, demand);
    obstacles.set(id, choice.kind === 'waits' ? choice.text : null);
    return choice;
  }
}
