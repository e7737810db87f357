import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { shortSentence } from '../../shared/farm';
import { within } from '../../shared/within';
import type { EngineRegistry } from '../engines/engine-registry';
import type { JobNeeds, WorkerPlace } from '../jobs/workers/worker-places';
import { type ManagerRoots, seenBy } from './manager-roots';
import type { Machines, ReadyMachine } from './machines';
import { RemoteWorker, setupOn } from './remote-worker';
import type { SceneManifests } from './scene-manifest';
import { SceneReach } from './scene-reach';
import type { Tickets } from './tickets';

/** How long a warning about a job waits for the manager's roots, in milliseconds: it is kept with the job. */
const ROOTS_TIMEOUT = 5_000;

export interface MachinePlacesOptions {
  readonly engines: Pick<EngineRegistry, 'byId'>;
  readonly machines: Pick<Machines, 'ready' | 'readyWith'>;
  readonly scenes: SceneManifests;
  readonly roots: ManagerRoots;
  readonly tickets: () => Tickets;
  /** Whether tickets can be handed out. */
  readonly open: () => boolean;
  /** What machines can render has changed. */
  onChange(): void;
  /** What keeps a machine from the frames of a job has changed. */
  onUnfit(): void;
}

/** The machines as places where workers are started. */
export class MachinePlaces {
  /** Workers alive. */
  readonly workers = new Set<RemoteWorker>();
  readonly #options: MachinePlacesOptions;
  readonly #reach: SceneReach;
  /** What kept machines from frames since they had the last one, by id. */
  readonly #unfit = new Map<string, string>();
  /** Null after a change. */
  #places: readonly WorkerPlace[] | null = null;

  constructor(options: MachinePlacesOptions) {
    this.#options = options;
    this.#reach = new SceneReach({
      scenes: options.scenes,
      roots: options.roots,
      engine: (id) => options.engines.byId.get(id),
      onChange: options.onChange,
    });
  }

  /** Those that take frames now. */
  list(): readonly WorkerPlace[] {
    const { open, machines } = this.#options;
    if (!open()) return [];
    return (this.#places ??= machines.ready().map((machine) => this.#place(machine, null)));
  }

  /** A machine that may have a frame of an earlier manager in work. @param lease of that frame */
  adopting({ id, name }: Pick<ReadyMachine, 'id' | 'name'>, lease: number): WorkerPlace {
    // What it lends is known once it is heard from.
    return this.#place({ id, name, workers: 1, engines: [], tags: [], installations: [], roots: [] }, lease);
  }

  /** What keeps a machine from the frames of a job, as a sentence; null for nothing. */
  unfitFor(id: string): string | null {
    return this.#unfit.get(id) ?? null;
  }

  /** Call when the machines that take frames have changed. @param id of the only one */
  changed(id?: string): void {
    this.#places = null;
    if (id !== undefined) this.#unfit.delete(id);
    for (const worker of this.workers) if (id === undefined || worker.machine.id === id) this.#checkWorker(worker);
  }

  /** A worker of a machine that takes no frames, or no longer offers what it did, is gone once its frame is over. */
  #checkWorker(worker: RemoteWorker): void {
    const { id, name, roots, installations } = worker.machine;
    const now = this.#options.open() ? this.#options.machines.readyWith(id) : null;
    if (!now) worker.leave(`“${name}” takes no frames now.`);
    else if (!isDeepStrictEqual([roots, installations], [now.roots, now.installations]))
      worker.leave(`“${name}” has other roots or programs now.`);
  }

  /** Call when one more root is in use. */
  rootsChanged(): void {
    this.#reach.forget();
    this.#options.onChange();
  }

  /**
   * A sentence about a job that machines do not render, before it begins; null for others.
   *
   * @param rendersHere whether the manager renders, too
   */
  async warningFor(needs: JobNeeds, rendersHere: boolean): Promise<string | null> {
    await within(this.#options.roots.opened, ROOTS_TIMEOUT);
    const { problem, rooted } = await this.#reach.look(needs);
    if (problem === null) return null;
    if (rooted) {
      const where = rooted.fixed
        ? `have the root ${rooted.root.name} at ${rooted.root.path}, too`
        : `see the root ${rooted.root.name}`;
      return `This job is rendered on the manager and machines that ${where}. ${problem}`;
    }
    const but = rendersHere ? '' : ', which leaves frames to its machines (farm.renderHere is off): they wait';
    return `This job is rendered on the manager only${but}. ${problem}`;
  }

  /** @param adopts a lease of an earlier manager; null for none */
  #place(machine: ReadyMachine, adopts: number | null): WorkerPlace {
    const { engines, scenes, roots, tickets } = this.#options;
    return {
      machine: machine.name,
      tags: machine.tags,
      capacity: machine.workers,
      renders: (needs) => this.#renders(machine, needs),
      startWorker: async ({ engine: id, setup }) => {
        this.#setUnfit(machine.id, null);
        const engine = engines.byId.get(id)!;
        const worker = new RemoteWorker({
          machine,
          engine,
          setup,
          scenes,
          roots,
          reach: this.#reach,
          tickets: tickets(),
          adopts,
        });
        this.workers.add(worker);
        void worker.exited.then(() => this.workers.delete(worker));
        return worker;
      },
    };
  }

  #renders(machine: ReadyMachine, needs: JobNeeds): boolean {
    const engine = this.#options.engines.byId.get(needs.engine);
    if (!engine?.portable) return false;
    if (!machine.engines.includes(needs.engine)) {
      this.#setUnfit(machine.id, unfitSentence(machine, needs));
      return false;
    }
    const reach = this.#reach.of(needs);
    if (!reach) return false;
    const seen = reach.rooted !== null && seenBy(machine.roots, reach.rooted) !== null;
    if (reach.problem !== null && !seen) return false;
    const fits = reach.program === 'any' || setupOn(machine, engine, needs.setup, reach.program) !== null;
    if (!fits) this.#setUnfit(machine.id, unfitSentence(machine, needs, reach.program));
    return fits;
  }

  #setUnfit(id: string, sentence: string | null): void {
    // Of several jobs that it can't render, the first is told.
    if ((sentence === null) !== this.#unfit.has(id)) return;
    if (sentence === null) this.#unfit.delete(id);
    else this.#unfit.set(id, sentence);
    this.#options.onUnfit();
  }
}

/** @param program version that it would need; null where it has no such program at all */
function unfitSentence(
  { name, installations }: ReadyMachine,
  { engine, scene }: JobNeeds,
  program: string | null = null,
): string {
  const versions = installations.flatMap((one) => (one.engine === engine && one.version !== null ? [one.version] : []));
  const why =
    program === null
      ? `the engine ${engine} does not work there`
      : `it needs ${engine} ${/^\d+\.\d+/.exec(program)?.[0] ?? program}, and there is ${versions.join(', ') || 'none'}`;
  return shortSentence(`“${name}” takes no frames of “${basename(scene)}”: ${why}.`);
}
