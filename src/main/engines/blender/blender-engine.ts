import { z } from 'zod';
import type { EngineInfo } from '../../../shared/engines';
import type { JobSettings } from '../../../shared/jobs';
import { UserError } from '../../../shared/user-error';
import type { RenderEngine, Worker } from '../render-engine';
import { chooseBlender } from './choose-blender';
import { type BlenderFinder, createBlenderFinder } from './find-blender';
import type { Places } from './install-locations';
import { createBlendInspector } from './inspect-blend';

/** What a worker is started with, decided by the job. */
const setupSchema = z.object({
  installation: z.string().nullable(),
  factoryStartup: z.boolean(),
  allowScripts: z.boolean(),
});

/** For how long a worker that was started ahead of its job is kept, in milliseconds. */
const SPARE_KEPT = 20_000;

/** What it takes to start a Blender that renders. */
export interface BlenderStart {
  readonly executable: string;
  readonly factoryStartup: boolean;
  readonly allowScripts: boolean;
}

export interface BlenderEngineOptions {
  /** The preference blender.path. */
  readonly registered: () => string;
  /** Where else Blenders are looked for; by default this machine. */
  readonly places?: Partial<Places>;
  readonly startWorker: (start: BlenderStart) => Promise<Worker>;
}

export interface BlenderEngine extends RenderEngine {
  list(refresh?: boolean): Promise<EngineInfo[]>;
  /** What the person should know of a job before it is rendered, a sentence each. @throws UserError when its file can't be read or its Blender is gone */
  warningsFor(settings: JobSettings): Promise<string[]>;
  /**
   * Starts a worker ahead of the job that will want it: a Blender takes a second to start, as long as another one needs to look into the scene. Never fails; where no job wants it soon, it is ended.
   */
  warmUp(start: Pick<JobSettings, 'installation' | 'factoryStartup' | 'allowScripts'>): void;
  /** Looks for Blenders again when they are needed next: the preference has changed. */
  forget(): void;
}

/** The engine that renders .blend files with the Blenders of this machine. */
export function createBlenderEngine({ registered, places, startWorker }: BlenderEngineOptions): BlenderEngine {
  const finder: BlenderFinder = createBlenderFinder({ registered, ...(places && { places }) });
  const inspector = createBlendInspector(() => finder.list());
  const workers = new Set<Worker>();
  const starting = new Set<Promise<Worker>>();
  let spare: {
    readonly setup: string;
    readonly worker: Promise<Worker | null>;
    readonly timer: NodeJS.Timeout;
  } | null = null;
  let closed = false;

  const setupOf = ({
    installation,
    factoryStartup,
    allowScripts,
  }: Pick<JobSettings, 'installation' | 'factoryStartup' | 'allowScripts'>): string =>
    JSON.stringify({ installation, factoryStartup, allowScripts } satisfies z.output<typeof setupSchema>);

  async function begin(setup: string): Promise<Worker> {
    const { installation, factoryStartup, allowScripts } = setupSchema.parse(JSON.parse(setup));
    const { path } = chooseBlender(await finder.list(), installation);
    if (closed) throw new UserError('The Blender engine has been closed.');
    const start = startWorker({ executable: path, factoryStartup, allowScripts });
    starting.add(start);
    try {
      const worker = await start;
      workers.add(worker);
      void worker.exited.then(() => workers.delete(worker));
      return worker;
    } finally {
      starting.delete(start);
    }
  }

  /** The worker that was started ahead, where it is of that kind and still lives. */
  async function takeSpare(setup: string): Promise<Worker | null> {
    if (spare?.setup !== setup) return null;
    const { worker, timer } = spare;
    clearTimeout(timer);
    spare = null;
    const taken = await worker;
    return taken && workers.has(taken) ? taken : null;
  }

  return {
    id: 'blender',
    // Backups (.blend1) open too when they are renamed; listed, they would be half of what a file dialog shows.
    extensions: ['.blend'],
    inspect: inspector.inspect,
    warningsFor: inspector.warningsFor,
    setupOf,
    list: (refresh = false) => finder.list(refresh),
    forget: () => finder.forget(),
    startWorker: async (setup) => (await takeSpare(setup)) ?? begin(setup),
    warmUp(start) {
      if (closed || spare) return;
      const setup = setupOf(start);
      // Why it can't be started is told to the job that wants it.
      const worker = begin(setup).catch(() => null);
      const timer = setTimeout(() => {
        spare = null;
        void worker.then((unwanted) => unwanted?.stop());
      }, SPARE_KEPT);
      timer.unref();
      spare = { setup, worker, timer };
    },
    async close() {
      closed = true;
      if (spare) clearTimeout(spare.timer);
      spare = null;
      await inspector.close();
      await Promise.allSettled(starting);
      await Promise.all([...workers].map((worker) => worker.stop()));
    },
  };
}
