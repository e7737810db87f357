import { z } from 'zod';
import type { EngineInfo } from '../../../shared/engines';
import type { JobSettings } from '../../../shared/jobs';
import { UserError } from '../../../shared/user-error';
import type { RenderEngine, Worker } from '../render-engine';
import { chooseBlender } from './choose-blender';
import { type BlenderFinder, createBlenderFinder } from './find-blender';
import type { Places } from './blender-places';
import { createBlendInspector } from './inspect-blend';

/** What a worker is started with, decided by the job. */
const setupSchema = z.object({ installation: z.string().nullable(), factoryStartup: z.boolean(), allowScripts: z.boolean() });

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
  /** Looks for Blenders again when they are needed next: the preference has changed. */
  forget(): void;
}

/** The engine that renders .blend files with the Blenders of this machine. */
export function createBlenderEngine({ registered, places, startWorker }: BlenderEngineOptions): BlenderEngine {
  const finder: BlenderFinder = createBlenderFinder({ registered, ...(places && { places }) });
  const inspector = createBlendInspector(() => finder.list());
  const workers = new Set<Worker>();
  const starting = new Set<Promise<Worker>>();
  let closed = false;
  return {
    id: 'blender',
    // Backups (.blend1) open too when they are renamed; listed, they would be half of what a file dialog shows.
    extensions: ['.blend'],
    inspect: inspector.inspect,
    warningsFor: inspector.warningsFor,
    setupOf: ({ installation, factoryStartup, allowScripts }) => JSON.stringify({ installation, factoryStartup, allowScripts } satisfies z.output<typeof setupSchema>),
    list: (refresh = false) => finder.list(refresh),
    forget: () => finder.forget(),
    async startWorker(setup) {
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
    },
    async close() {
      closed = true;
      await inspector.close();
      await Promise.allSettled(starting);
      await Promise.all([...workers].map((worker) => worker.stop()));
    },
  };
}
