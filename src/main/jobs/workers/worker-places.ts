import type { JobSettings } from '../../../shared/jobs';
import { mayRender } from '../../../shared/machine-limits';
import type { EngineId } from '../../../shared/scene';
import type { RenderEngine, Worker } from '../../engines/render-engine';
import type { WorkerKind, WorkerSlot } from './worker-slot';

/** What a job's frames need: workers of a kind, on a machine that can have its scene. */
export interface JobNeeds extends WorkerKind {
  /** Absolute path of the scene file on this machine. */
  readonly scene: string;
  /** Whether a machine may have its frames; by default each may. @param name null for this one @param tags of another one */
  mayRender?(name: string | null, tags: readonly string[]): boolean;
}

/** The needs of a job, narrowed to some machines; null stands for this one. */
export function withMachines(needs: JobNeeds, machines: ReadonlySet<string | null>): JobNeeds {
  return { ...needs, mayRender: (name, tags) => machines.has(name) && (needs.mayRender?.(name, tags) ?? true) };
}

/**
 * @param engine throws for an engine that is not here: its job fails when it begins
 * @param tagsHere what this machine has, as a job may need it
 */
export function needsOf(
  name: EngineId,
  settings: JobSettings,
  engine: (id: EngineId) => RenderEngine,
  tagsHere: () => readonly string[] = () => [],
): JobNeeds {
  let setup = '';
  try {
    setup = engine(name).setupOf(settings);
  } catch {
    // Nobody's.
  }
  return {
    engine: name,
    setup,
    scene: settings.scene,
    mayRender: (machine, tags) => mayRender(settings, machine, machine === null ? tagsHere() : tags),
  };
}

/** Where workers are started: this machine, or another one of the farm. */
export interface WorkerPlace {
  /** Name of the machine, unique among all; null for this one. */
  readonly machine: string | null;
  /** What it has, as a job may need it. */
  readonly tags: readonly string[];
  /** Maximum number of workers alive there, over all engines. */
  readonly capacity: number;
  /** Whether frames of a job can be rendered there. Asked often: it must not wait for anything. */
  renders(needs: JobNeeds): boolean;
  startWorker(kind: WorkerKind): Promise<Worker>;
}

/** A try of the last host that a machine may still have in work. */
export interface Adoptable {
  /** Where its worker is. */
  readonly place: WorkerPlace;
  /** The try was given up: nothing more is taken for it. */
  giveUp(): void;
}

/** What a machine may still have in work of a try of the last host; null for nothing. @param machine its name */
export type Adopt = (machine: string, lease: number) => Adoptable | null;

/** The farm's machines that take frames now: the same list as long as nothing of them has changed. */
export type OtherMachines = () => readonly WorkerPlace[];

/** Machines that are kept for better-ranked jobs which lack workers; null stands for this one. */
export type ReservedMachines = ReadonlySet<string | null>;

export const NO_MACHINES: ReservedMachines = new Set();

/** The places that one job may use. */
export class OpenPlaces {
  readonly #places: readonly WorkerPlace[];

  constructor(places: readonly WorkerPlace[]) {
    this.#places = places;
  }

  /** The first with fewer workers than it may have; null for none. @param taken machine of each slot in use */
  withRoom(taken: readonly (string | null)[]): WorkerPlace | null {
    const workers = new Map<string | null, number>();
    for (const machine of taken) workers.set(machine, (workers.get(machine) ?? 0) + 1);
    return this.#places.find(({ machine, capacity }) => (workers.get(machine) ?? 0) < capacity) ?? null;
  }

  /** An idle worker in one of them; null for none. @param other only one that is not of this kind */
  idle(slots: readonly WorkerSlot[], other?: WorkerKind): WorkerSlot | null {
    const machines = new Set(this.#places.map(({ machine }) => machine));
    const fits = (slot: WorkerSlot): boolean => slot.state === 'idle' && !(other && slot.isOf(other));
    return slots.find((slot) => machines.has(slot.machine) && fits(slot)) ?? null;
  }
}

/** The places where workers can be started, and the numbers of their slots. */
export class WorkerPlaces {
  readonly #others: OtherMachines;
  readonly #startHere: WorkerPlace['startWorker'];
  /** The machine that has had a slot of a number; a number never moves to another, so its counts are of one machine. */
  readonly #owners = new Map<number, string | null>();
  /** The places for the needs of one look at a job, which asks for them again and again; `among` which they were found. */
  readonly #known = new WeakMap<
    JobNeeds,
    { readonly among: readonly WorkerPlace[]; readonly here: boolean; readonly found: readonly WorkerPlace[] }
  >();

  /** @param startHere starts a worker on this machine */
  constructor(others: OtherMachines, startHere: WorkerPlace['startWorker']) {
    this.#others = others;
    this.#startHere = startHere;
  }

  /**
   * The places open to a job, this machine first.
   *
   * @param here maximum number of workers alive on this machine
   */
  openTo(needs: JobNeeds, here: number, reserved: ReservedMachines): OpenPlaces {
    // A worker that gives way where there may be none makes no room.
    const may = ({ machine, capacity }: WorkerPlace): boolean => capacity > 0 && !reserved.has(machine);
    return new OpenPlaces(this.#placesFor(needs, here).filter(may));
  }

  /** Whether any place is open to jobs ranked below those that lack workers. */
  anyOpen(reserved: ReservedMachines): boolean {
    return !reserved.has(null) || this.#others().some(({ machine }) => !reserved.has(machine));
  }

  /** Whether a job's limits leave it any place, whatever its scene needs. @param here whether this machine renders */
  anyAllowed(needs: JobNeeds, here: boolean, reserved: ReservedMachines): boolean {
    const may = (machine: string | null, tags: readonly string[]): boolean =>
      !reserved.has(machine) && (needs.mayRender?.(machine, tags) ?? true);
    return (here && may(null, [])) || this.#others().some(({ machine, tags }) => may(machine, tags));
  }

  /** The machines that a job's frames can be rendered on; null for this one. */
  machinesFor(needs: JobNeeds): (string | null)[] {
    return this.#placesFor(needs, 0).map(({ machine }) => machine);
  }

  /** Number of workers that a job may have. @param here maximum number of workers alive on this machine */
  capacityFor(needs: JobNeeds, here: number): number {
    return this.#placesFor(needs, here).reduce((sum, { capacity }) => sum + capacity, 0);
  }

  /** The machine that a slot number belongs to; null for this one. */
  ownerOf(number: number): string | null {
    return this.#owners.get(number) ?? null;
  }

  /** The lowest free slot number for a machine. */
  number(machine: string | null, taken: (number: number) => boolean): number {
    let number = 1;
    while (taken(number) || (this.#owners.has(number) && this.#owners.get(number) !== machine)) number++;
    this.#owners.set(number, machine);
    return number;
  }

  /** The places where a job's frames can be rendered, this machine first. */
  #placesFor(needs: JobNeeds, here: number): WorkerPlace[] {
    const others = this.#others();
    let known = this.#known.get(needs);
    if (known?.among !== others) {
      const may = (one: Pick<WorkerPlace, 'machine' | 'tags'>): boolean =>
        needs.mayRender?.(one.machine, one.tags) ?? true;
      const found = others.filter((one) => may(one) && one.renders(needs));
      this.#known.set(needs, (known = { among: others, here: may({ machine: null, tags: [] }), found }));
    }
    const own = { machine: null, tags: [], capacity: here, renders: () => true, startWorker: this.#startHere };
    return known.here ? [own, ...known.found] : [...known.found];
  }
}
