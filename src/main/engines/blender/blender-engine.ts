import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { JobSettings } from '../../../shared/jobs';
import { SCENE_EXTENSIONS } from '../../../shared/scene-extensions';
import { UserError } from '../../../shared/user-error';
import { unpackedPath } from '../../data/unpacked-path';
import { preferredTimeouts } from '../worker-watchdog';
import type { EngineFactory } from '../engine-context';
import type { RenderEngine, Worker } from '../render-engine';
import type { SceneAccess } from '../../scenes/scene-access';
import { type BlenderProgramStart, removeAbandonedFolders } from './blender-process';
import { createBlendReader } from './blend-reader';
import { startBlenderWorker } from './blender-worker';
import { chooseBlender } from './choose-blender';
import { type BlenderFinder, createBlenderFinder } from './find-blender';
import type { InstallLocations } from './install-locations';
import { createBlendInspector } from './inspect-blend';
import { sameBlender } from './portable-blend';
import { proposeBlendJob } from './propose-job';
import type { BlendFile } from './read-blend';
import { type RememberedVersions, rememberVersions } from './remembered-versions';
import { type Spare, type SpareWorker, createSpare } from './spare-worker';

/** The parts of a job that determine how its worker is started. */
const setupSchema = z.object({
  installation: z.string().nullable(),
  factoryStartup: z.boolean(),
  allowScripts: z.boolean(),
  /**
   * Tells the scene whose scripts may run, null where none may: what they leave in a Blender (handlers, classes, changed
   * modules) outlasts the file. Undefined from managers of earlier versions.
   */
  scriptsOf: z.string().nullish(),
});

const readSetup = (setup: string): z.output<typeof setupSchema> => setupSchema.parse(JSON.parse(setup));

/** Blender's engines that use the graphics card, which gains little from a second process. */
const ON_GPU: readonly (string | null)[] = ['eevee', 'workbench'];

/** Parameters of starting a Blender that renders. */
export type BlenderStart = Required<BlenderProgramStart>;

type StartedWorker = SpareWorker & { readonly version?: string };

export interface BlenderEngineOptions {
  /** The preference blender.path. */
  readonly registered: () => string;
  /** The preference blender.factoryStartup. */
  readonly factoryStartup?: () => boolean;
  /** Overrides where to search for Blender; defaults to this machine. */
  readonly locations?: Partial<InstallLocations>;
  /** Versions of Blenders known from earlier; none by default. */
  readonly remembered?: RememberedVersions;
  /** What scenes may refer to; no restrictions by default. */
  readonly access?: () => SceneAccess;
  /** Reads a file without Blender; on the event loop by default. */
  readonly read?: (path: string) => Promise<BlendFile>;
  /** The worker tells its version, such as `4.2.1`, unless it is unknown. @param onStarted called once its process comes up */
  readonly startWorker: (start: BlenderStart, onStarted: () => void) => Promise<StartedWorker>;
}

/** The engine that renders .blend files with the Blenders installed on this machine. */
export function createBlenderEngine({
  registered,
  factoryStartup: usualStartup = () => false,
  locations,
  remembered,
  access,
  read,
  startWorker,
}: BlenderEngineOptions): RenderEngine {
  const finder: BlenderFinder = createBlenderFinder({
    registered,
    ...(locations && { locations }),
    ...(remembered && { remembered }),
  });
  const inspector = createBlendInspector(
    () => finder.list(),
    access,
    read,
    async (path, program, signal) => (await spare?.facts(path, program, signal)) ?? null,
  );
  const workers = new Set<Worker>();
  const starting = new Set<Promise<Worker>>();
  let spare: Spare | null = null;
  let closed = false;
  let registeredPath = registered();

  const setupOf = ({
    installation,
    factoryStartup,
    allowScripts,
    scene,
  }: Pick<JobSettings, 'installation' | 'factoryStartup' | 'allowScripts' | 'scene'>): string =>
    JSON.stringify({
      installation,
      factoryStartup,
      allowScripts,
      // Other machines need not know the path.
      scriptsOf: allowScripts ? createHash('sha256').update(scene).digest('hex') : null,
    } satisfies z.output<typeof setupSchema>);

  async function begin(setup: string, onStarted: () => void = () => undefined): Promise<SpareWorker> {
    const { installation, factoryStartup, allowScripts } = readSetup(setup);
    const { path: executable, version } = chooseBlender(await finder.list(), installation);
    if (closed) throw new UserError('The Blender engine has been closed.');
    const start = startWorker({ executable, version, factoryStartup, allowScripts }, onStarted);
    starting.add(start);
    try {
      const worker = await start;
      if (!isVersion(version, worker.version)) {
        await worker.stop();
        // Whoever asks next learns what is there now.
        await finder.list(true);
        throw new Error(`“${executable}” was Blender ${version} and is Blender ${worker.version} now.`);
      }
      workers.add(worker);
      void worker.exited.then(() => workers.delete(worker));
      return worker;
    } finally {
      starting.delete(start);
    }
  }

  /** The worker started in advance, if it has the right setup, is alive, and doesn't look into another job's file. */
  async function takeSpare(setup: string): Promise<Worker | null> {
    if (spare?.setup !== setup || spare.busy()) return null;
    const { take } = spare;
    spare = null;
    return take();
  }

  /**
   * Starts a worker in advance of a job: starting Blender takes a second. The worker also looks into the job's file,
   * where it can: a Blender of its own for that costs another second of a processor, and the first is late for it. It
   * is stopped if no job uses it soon. Resolves once its process comes up, or can't.
   */
  async function warmUp(start: Parameters<typeof setupOf>[0]): Promise<void> {
    if (closed || spare) return;
    const setup = setupOf(start);
    let cameUp: () => void;
    const started = new Promise<void>((resolve) => (cameUp = resolve));
    // A failure to start is reported to the job when it starts its own worker.
    const worker = begin(setup, () => cameUp()).catch(() => null);
    const made = createSpare({
      setup,
      // Nothing is looked into by a Blender in which scripts of files run.
      executable: start.allowScripts
        ? Promise.resolve(null)
        : finder
            .list()
            .then((found) => chooseBlender(found, start.installation).path)
            .catch(() => null),
      worker,
      alive: (one) => workers.has(one),
      onUnwanted: () => {
        if (spare === made) spare = null;
      },
    });
    spare = made;
    await Promise.race([started, worker]);
  }

  return {
    id: 'blender',
    builtIn: false,
    // Backups (.blend1) could be opened when renamed; listing them would double the entries of file dialogs.
    extensions: SCENE_EXTENSIONS.blender,
    inspect: inspector.inspect,
    proposeJob: async (request, scene, context) =>
      proposeBlendJob(request, scene, {
        ...context,
        installations: await finder.list(),
        factoryStartup: usualStartup(),
      }),
    warningsFor: (_scene, settings) => inspector.warningsFor(settings),
    // Blender uses all cores while sampling and one while loading, building and writing. Whether a second worker fills
    // those gaps is measured (worker-trial.ts), with up to one worker for every second core, and two on the smallest
    // machines.
    workerLimit({ renderEngine }, { cores, rendered, level }) {
      if (ON_GPU.includes(renderEngine) || rendered === 0) return 1;
      return Math.min(level, Math.max(Math.min(2, cores), Math.floor(cores / 2)));
    },
    async prepare({ scene, engine, factoryStartup = usualStartup(), allowScripts = false }) {
      if (engine !== undefined && engine !== 'blender') return;
      await warmUp({ scene, installation: null, factoryStartup, allowScripts });
    },
    sources: inspector.sources,
    furtherFiles: inspector.furtherFiles,
    portable: (scene, setup) => inspector.portable(scene, readSetup(setup).installation),
    setupFor(setup, program, installations) {
      const other = sameBlender(program, installations);
      return other && JSON.stringify({ ...readSetup(setup), installation: other.id });
    },
    setupOf,
    async programOf({ installation }) {
      const { id, version } = chooseBlender(await finder.list(), installation);
      return `${id} ${version}`;
    },
    list: (refresh = false) => finder.list(refresh),
    preferencesChanged() {
      if (registered() === registeredPath) return false;
      registeredPath = registered();
      finder.forget();
      return true;
    },
    startWorker: async (setup) => (await takeSpare(setup)) ?? begin(setup),
    async close() {
      closed = true;
      spare?.forget();
      spare = null;
      await inspector.close();
      await Promise.allSettled(starting);
      await Promise.all([...workers].map((worker) => worker.stop()));
    },
  };
}

/** Whether a Blender is still of the version that it was found with; one that does not tell counts as such. */
function isVersion(found: string | null, told: string | undefined): boolean {
  return found === null || told === undefined || `${told}.`.startsWith(`${found}.`);
}

/** Creates the Blender engine of a host. @param locations overrides where to search for Blender */
export const blenderEngineAt =
  (locations?: Partial<InstallLocations>): EngineFactory =>
  ({ preferences, access, built }) => {
    const reader = createBlendReader(unpackedPath(join(built, 'worker', 'blend-worker.mjs')));
    const { dataFolder } = access();
    const tidied = removeAbandonedFolders();
    const engine = createBlenderEngine({
      registered: () => String(preferences()['blender.path']),
      ...(dataFolder !== null && { remembered: rememberVersions(join(dataFolder, 'cache', 'blenders.json')) }),
      factoryStartup: () => preferences()['blender.factoryStartup'] === true,
      ...(locations && { locations: locations }),
      access,
      read: reader.read,
      startWorker: (start, onStarted) => {
        const memoryLimit = Number(preferences()['blender.memoryLimit']) * 1e9 || null;
        const timeouts = preferredTimeouts(preferences());
        return startBlenderWorker({ ...start, access, timeouts, memoryLimit, onStarted });
      },
    });
    return {
      ...engine,
      async close() {
        await engine.close();
        await reader.close();
        await tidied;
      },
    };
  };

/** The Blender engine, with the Blenders installed on this machine. */
export const blenderEngine: EngineFactory = blenderEngineAt();
