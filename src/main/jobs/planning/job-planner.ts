import { dirname } from 'node:path';
import type { JobRequest, JobSettings } from '../../../shared/jobs';
import type { EngineId, SceneInfo } from '../../../shared/scene';
import type { EngineRegistry } from '../../engines/engine-registry';
import { farmPreferences, isFarmOn } from '../../farm/farm-preferences';
import type { Preferences } from '../../preferences/preferences';
import { typedOutput, typedPath } from '../../scenes/typed-path';
import { workersWarning } from '../workers/worker-limit';
import { type JobNeeds, needsOf } from '../workers/worker-places';
import { planJob, sceneFolderOf } from './plan-job';

/** A job with all settings decided. */
export interface PlannedJob {
  readonly name: string;
  readonly engine: EngineId;
  readonly settings: JobSettings;
  /** Warnings to show before rendering, one sentence each. */
  readonly warnings: readonly string[];
  /** The scene's folder within the output folder of the preferences; null for any other output. */
  readonly sceneFolder: string | null;
}

export interface JobPlannerOptions {
  readonly engines: EngineRegistry;
  readonly preferences: Pick<Preferences, 'host' | 'outputDirectory'>;
  /** Folder of uploaded scenes, absolute. */
  readonly uploads: string;
  /** Whether there are no unfinished jobs and the host may render. */
  readonly idle: () => boolean;
  /** Called when a scene was inspected for a job; it may be the open one, whose file has changed. */
  readonly onInspected: (scene: SceneInfo) => void;
  /** A warning about a job that the machines of a farm do not render; null for none. */
  readonly ofFarm?: (needs: JobNeeds) => Promise<string | null>;
}

/** Decides the settings that requests leave open, from the proposals of engines and the preferences. */
export interface JobPlanner {
  /**
   * Begins what a job that will be requested next needs: reads its scene, and starts its worker unless something is
   * rendering. Resolves as soon as the worker's process comes up. Never rejects: what is wrong is told when the job is
   * planned.
   */
  prepare(request: JobRequest): Promise<void>;
  /** @throws UserError when the request doesn't fit its scene, or requires what this machine doesn't have */
  plan(request: JobRequest): Promise<PlannedJob>;
}

export function createJobPlanner(options: JobPlannerOptions): JobPlanner {
  const { engines, preferences, uploads, idle, onInspected, ofFarm } = options;
  /** A worker comes up while another process of the engine reads the scene. */
  const startWorker = async (request: JobRequest): Promise<void> => {
    if (idle()) await engines.prepare(request);
  };
  return {
    async prepare(request) {
      try {
        const scene = typedPath(request.scene);
        const begun = startWorker({ ...request, scene });
        engines.inspect(scene).catch(() => undefined);
        await begun;
      } catch {
        // Told when it is planned.
      }
    },
    async plan(given) {
      const {
        'queue.attempts': attempts,
        'queue.failureShare': failures,
        'render.workers': workers,
      } = preferences.host();
      const request = {
        attempts: Number(attempts),
        failureShare: Number(failures) / 100,
        ...given,
        scene: typedPath(given.scene),
        ...(given.output === undefined ? {} : { output: typedOutput(given.output) }),
      };
      void startWorker(request);
      // Engines cache what they know of an unchanged file, so asking again is free, and finds changes since the scene
      // was opened.
      const scene = await engines.inspect(request.scene);
      onInspected(scene);
      const engine = engines.get(scene.engine);
      const outputDirectory = preferences.outputDirectory();
      const uploaded = dirname(scene.path) === uploads;
      const settings = planJob(request, scene, await engine.proposeJob(request, scene, { outputDirectory, uploaded }));
      const ofScene = await engine.warningsFor(scene, settings);
      // What the machines of a farm have changes all the time.
      const ofWorkers = isFarmOn(farmPreferences(preferences.host()))
        ? null
        : workersWarning(settings.workers, Number(workers));
      const elsewhere = await ofFarm?.(needsOf(scene.engine, settings, engines.get));
      return {
        name: scene.name,
        engine: scene.engine,
        settings,
        sceneFolder: sceneFolderOf(request, scene, settings, outputDirectory),
        warnings: [...ofScene, ofWorkers, elsewhere].filter((warning) => warning != null),
      };
    },
  };
}
