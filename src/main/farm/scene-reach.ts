import { isDeepStrictEqual } from 'node:util';
import type { EngineId } from '../../shared/scene';
import { NotPortableError, type RenderEngine } from '../engines/render-engine';
import type { JobNeeds } from '../jobs/workers/worker-places';
import type { ManagerRoots, RootedScene } from './manager-roots';
import type { SceneManifests } from './scene-manifest';

/** After this time it is looked again whether a scene can leave the manager, in milliseconds. */
const MAX_AGE = 30_000;
/** Number of scenes that are looked at together: for a .blend that may start a Blender. */
const AT_ONCE = 2;
/** Maximum number of scenes that are kept. */
const MAX_KNOWN = 100_000;

/** Whether a scene can be rendered on machines. */
export interface Reach {
  /** Why it can't be copied, as a sentence; null where it can. */
  readonly problem: string | null;
  /** The root by which machines can read it; null for none. */
  readonly rooted: RootedScene | null;
  /** Version of the program that a machine must have; null for what is part of Framegauge, `any` for a scene that can't be read. */
  readonly program: string | null;
}

interface Known {
  reach: Reach;
  /** From performance.now(). */
  at: number;
}

export interface SceneReachOptions {
  readonly scenes: SceneManifests;
  readonly roots: ManagerRoots;
  engine(id: EngineId): RenderEngine | undefined;
  /** Called when something was learned that was not known, or otherwise. */
  onChange(): void;
}

/** Knows which scenes can be rendered on machines, and looks in the background at those that it does not know. */
export class SceneReach {
  readonly #options: SceneReachOptions;
  readonly #known = new Map<string, Known>();
  readonly #looking = new Map<string, Promise<Reach>>();
  /** What was asked last: one job is asked for with every machine. */
  #asked: { readonly needs: JobNeeds; readonly reach: Reach } | null = null;

  constructor(options: SceneReachOptions) {
    this.#options = options;
  }

  /** What is known of a scene; null before that was looked at, which this begins, as far as few are looked at. */
  of(needs: JobNeeds): Reach | null {
    if (this.#asked?.needs === needs) return this.#asked.reach;
    const known = this.#known.get(keyOf(needs));
    this.#asked = known ? { needs, reach: known.reach } : null;
    if ((!known || performance.now() - known.at > MAX_AGE) && this.#looking.size < AT_ONCE) void this.look(needs);
    return known?.reach ?? null;
  }

  /** Looks at a scene. Never rejects. */
  look(needs: JobNeeds): Promise<Reach> {
    const key = keyOf(needs);
    let looking = this.#looking.get(key);
    if (!looking) {
      looking = this.#look(needs).finally(() => this.#looking.delete(key));
      this.#looking.set(key, looking);
      void looking.then((reach) => this.#learned(key, reach));
    }
    return looking;
  }

  /** Everything is looked at again when it is asked for. */
  forget(): void {
    this.#asked = null;
    this.#known.clear();
  }

  /** A scene that was to be rendered on a machine can't leave the manager. */
  failed(needs: JobNeeds, problem: string): void {
    this.#learned(keyOf(needs), { problem, rooted: null, program: null });
  }

  async #look(needs: JobNeeds): Promise<Reach> {
    const engine = this.#options.engine(needs.engine);
    if (!engine) return { problem: null, rooted: null, program: 'any' };
    try {
      const { portable, problem } = await this.#options.scenes.survey(engine, needs.scene, needs.setup);
      return { problem, rooted: this.#options.roots.rootOf(portable), program: portable.program };
    } catch (error) {
      if (error instanceof NotPortableError) return { problem: error.message, rooted: null, program: null };
      // Whoever renders it tells what is wrong with it.
      return { problem: null, rooted: null, program: 'any' };
    }
  }

  #learned(key: string, reach: Reach): void {
    this.#asked = null;
    const before = this.#known.get(key);
    this.#known.delete(key);
    this.#known.set(key, { reach, at: performance.now() });
    if (this.#known.size > MAX_KNOWN) this.#known.delete(this.#known.keys().next().value!);
    if (!isDeepStrictEqual(before?.reach, reach)) this.#options.onChange();
  }
}

function keyOf({ engine, setup, scene }: JobNeeds): string {
  return `${engine}\n${setup}\n${scene}`;
}
