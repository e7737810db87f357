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
  /** Set where they were narrowed: what they were before, and the machines that are left. */
  readonly narrowed?: { readonly from: JobNeeds; readonly machines: ReadonlySet<string | null> };
}

/** The needs of a job, narrowed to some machines; null stands for this one. */
export function withMachines(needs: JobNeeds, machines: ReadonlySet<string | null>): JobNeeds {
  const mayRender: JobNeeds['mayRender'] = (name, tags) =>
    machines.has(name) && (needs.mayRender?.(name, tags) ?? true);
  return { ...needs, mayRender, narrowed: { from: needs, machines } };
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

  /** The first with fewer workers than it may have; null for none. @param taken number of each machine's slots in use */
  withRoom(taken: ReadonlyMap<string | null, number>): WorkerPlace | null {
    return this.#places.find(({ machine, capacity }) => (taken.get(machine) ?? 0) < capacity) ?? null;
  }

  /** An idle worker in one of them; null for none. @param other only one that is not of this kind */
  idle(slots: readonly WorkerSlot[], other?: WorkerKind): WorkerSlot | null {
    const machines = new Set(this.#places.map(({ machine }) => machine));
    const fits = (slot: WorkerSlot): boolean => slot.state === 'idle' && !(other && slot.isOf(other));
    return slots.find((slot) => machines.has(slot.machine) && fits(slot)) ?? null;
  }
}

/** Where a job's frames can be rendered. */
interface KnownPlaces {
  /** The machines among which they were found. */
  readonly among: readonly WorkerPlace[];
  /** Whether this machine is one of them. */
  readonly here: boolean;
  readonly found: readonly WorkerPlace[];
}

/** The places where workers can be started, and the numbers of their slots. */
export class WorkerPlaces {
  readonly #others: OtherMachines;
  readonly #startHere: WorkerPlace['startWorker'];
  /** The machine that has had a slot of a number; a number never moves to another, so its counts are of one machine. */
  readonly #owners = new Map<number, string | null>();
  /** The places for the needs of one turn of a job, which are queried repeatedly. */
  readonly #known = new WeakMap<JobNeeds, KnownPlaces>();

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
    const { here: own, found } = this.#find(needs, this.#others());
    const place = { machine: null, tags: [], capacity: here, renders: () => true, startWorker: this.#startHere };
    return own ? [place, ...found] : [...found];
  }

  #find(needs: JobNeeds, among: readonly WorkerPlace[]): KnownPlaces {
    const before = this.#known.get(needs);
    if (before?.among === among) return before;
    const known = { among, ...this.#search(needs, among) };
    this.#known.set(needs, known);
    return known;
  }

  #search(needs: JobNeeds, among: readonly WorkerPlace[]): Omit<KnownPlaces, 'among'> {
    if (needs.narrowed) {
      const { from, machines } = needs.narrowed;
      const { here, found } = this.#find(from, among);
      return { here: here && machines.has(null), found: found.filter(({ machine }) => machines.has(machine)) };
    }
    const may = (machine: string | null, tags: readonly string[]): boolean => needs.mayRender?.(machine, tags) ?? true;
    return { here: may(null, []), found: among.filter((one) => may(one.machine, one.tags) && one.renders(needs)) };
  }
}
