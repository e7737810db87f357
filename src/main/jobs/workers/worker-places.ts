import type { EngineId } from '../../../shared/scene';
import type { Worker } from '../../engines/render-engine';
import type { WorkerKind, WorkerSlot } from './worker-slot';

/** Where workers are started: this machine, or another one of the farm. */
export interface WorkerPlace {
  /** Name of the machine, unique among all; null for this one. */
  readonly machine: string | null;
  /** Maximum number of workers alive there, over all engines. */
  readonly capacity: number;
  /** Whether workers of an engine can be started there. */
  renders(engine: EngineId): boolean;
  startWorker(kind: WorkerKind): Promise<Worker>;
}

/** The farm's machines that take frames now. */
export type OtherMachines = () => readonly WorkerPlace[];

/** Engines of better-ranked jobs that lack workers: every place that has one of them is kept for those jobs. */
export type ReservedEngines = ReadonlySet<EngineId>;

export const NO_ENGINES: ReservedEngines = new Set();

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
  openTo(engine: EngineId, here: number, reserved: ReservedEngines): OpenPlaces {
    const own = { machine: null, capacity: here, renders: () => true, startWorker: this.#startHere };
    // A worker that gives way where there may be none makes no room.
    const may = (one: WorkerPlace): boolean => one.capacity > 0 && one.renders(engine) && isOpen(one, reserved);
    return new OpenPlaces([own, ...this.#others()].filter(may));
  }

  /** Whether any place is open to jobs ranked below those that lack workers. */
  anyOpen(reserved: ReservedEngines): boolean {
    return reserved.size === 0 || this.#others().some((place) => isOpen(place, reserved));
  }

  /** Whether a worker on a machine is in a place that is open to lower-ranked jobs. */
  isOpen(machine: string | null, reserved: ReservedEngines): boolean {
    if (reserved.size === 0) return true;
    return this.#others().some((place) => place.machine === machine && isOpen(place, reserved));
  }

  /** Number of workers that machines other than this one may have for an engine. */
  capacityElsewhere(engine: EngineId): number {
    return this.#others().reduce((sum, place) => sum + (place.renders(engine) ? place.capacity : 0), 0);
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
}

/** This machine has every engine, so nothing here is open once one is reserved. */
function isOpen(place: WorkerPlace, reserved: ReservedEngines): boolean {
  return reserved.size === 0 || (place.machine !== null && ![...reserved].some((engine) => place.renders(engine)));
}
