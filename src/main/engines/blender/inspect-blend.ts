import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { EngineInfo } from '../../../shared/engines';
import type { ImageFormat } from '../../../shared/image-format';
import type { JobSettings } from '../../../shared/jobs';
import type { BlenderScene, SceneInfo } from '../../../shared/scene';
import { UserError } from '../../../shared/user-error';
import { type BlendFacts, blendFacts, type SceneFacts } from './blend-facts';
import { blendWarnings } from './blend-warnings';
import { chooseBlender, noBlender } from './choose-blender';
import { type BlendFile, readBlend } from './read-blend';
import { thumbnailUrl } from './thumbnail-png';

/** What is told of a file that no Blender looked into, beside its frame range: Blender's own defaults. */
const DEFAULTS = { frameStart: 1, frameEnd: 250, fps: 24, width: 1920, height: 1080, samples: 1 } as const;
/** Files whose facts are remembered. */
const MAX_REMEMBERED = 64;

const ENGINES: Readonly<Record<string, string>> = {
  CYCLES: 'cycles',
  BLENDER_EEVEE: 'eevee',
  BLENDER_EEVEE_NEXT: 'eevee',
  BLENDER_WORKBENCH: 'workbench',
};
const FORMATS: Readonly<Record<string, ImageFormat>> = {
  PNG: 'png',
  JPEG: 'jpeg',
  OPEN_EXR: 'exr',
  OPEN_EXR_MULTILAYER: 'exr-multilayer',
  WEBP: 'webp',
  TIFF: 'tiff',
};

/** Reads what .blend files offer. */
export interface BlendInspector {
  /** @throws UserError naming the file and what is wrong with it */
  inspect(path: string): Promise<SceneInfo>;
  /** What the person should know of one job, a sentence each; the Blender that is to render it looks, if it hasn't yet. @throws as `inspect` does */
  warningsFor(settings: JobSettings): Promise<string[]>;
  /** Ends every Blender that is looking; settles when they are gone. */
  close(): Promise<void>;
}

/**
 * Makes what reads .blend files: what it says itself, and what Blender finds in it, which takes a second or more and is remembered until the file or the Blender changes.
 *
 * @param blenders those of this machine
 */
export function createBlendInspector(blenders: () => Promise<EngineInfo[]>): BlendInspector {
  /** By file, its size and time of change, and Blender. */
  const remembered = new Map<string, Promise<BlendFacts>>();
  const looking = new Set<Promise<unknown>>();
  const stop = new AbortController();

  function facts(path: string, file: BlendFile, blender: EngineInfo & { path: string }): Promise<BlendFacts> {
    const key = [path, file.bytes, file.modifiedMs, blender.path, blender.version].join('\n');
    let known = remembered.get(key);
    if (!known) {
      const looked = blendFacts(path, { executable: blender.path, name: blender.name }, stop.signal);
      known = looked;
      remembered.set(key, looked);
      looking.add(looked);
      looked.then(
        () => looking.delete(looked),
        () => {
          looking.delete(looked);
          remembered.delete(key);
        },
      );
      // The one that was put in first goes first.
      if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!);
    }
    return known;
  }

  async function look(
    path: string,
    file: BlendFile,
    found: EngineInfo[],
    installation: string | null,
  ): Promise<{ facts: BlendFacts; blender: string }> {
    const blender = chooseBlender(found, installation, file.version);
    const known = await facts(path, file, blender);
    // What was missing when Blender looked may have been put there since.
    return {
      facts: { ...known, missing: known.missing.filter((one) => !existsSync(one.path)) },
      blender: blender.name,
    };
  }

  async function inspect(path: string): Promise<SceneInfo> {
    const [file, found] = await Promise.all([readBlend(path), blenders()]);
    const thumbnail = file.thumbnail && (await thumbnailUrl(file.thumbnail));
    const common = {
      path,
      name: basename(path, extname(path)),
      engine: 'blender' as const,
      bytes: file.bytes,
      thumbnail,
      animations: [],
    };
    if (!found.some(({ problem }) => problem === null))
      return { ...common, ...unseen(file), warnings: [noBlender(found)] };
    const seen = await look(path, file, found, null);
    return { ...common, ...sceneOf(seen.facts, file), warnings: blendWarnings(seen.facts, seen.blender) };
  }

  async function warningsFor(settings: JobSettings): Promise<string[]> {
    const [file, found] = await Promise.all([readBlend(settings.scene), blenders()]);
    const seen = await look(settings.scene, file, found, settings.installation);
    return blendWarnings(seen.facts, seen.blender, settings);
  }

  return {
    inspect,
    warningsFor,
    async close() {
      stop.abort(new UserError('The Blender engine has been closed.'));
      await Promise.allSettled(looking);
    },
  };
}

/** What can be told without Blender. */
function unseen({
  render,
}: BlendFile): Pick<
  SceneInfo,
  'frameStart' | 'frameEnd' | 'frameStep' | 'fps' | 'width' | 'height' | 'samples' | 'cameras' | 'blender'
> {
  return {
    ...DEFAULTS,
    ...(render && { frameStart: render.frameStart, frameEnd: Math.max(render.frameStart, render.frameEnd) }),
    frameStep: 1,
    cameras: [],
    blender: null,
  };
}

function sceneOf(facts: BlendFacts, file: BlendFile): ReturnType<typeof unseen> {
  const scenes = facts.scenes.map((scene) => blenderScene(scene, facts));
  const active = scenes.find(({ name }) => name === facts.activeScene) ?? scenes[0]!;
  const { width, height } = effectiveSize(active);
  return {
    frameStart: active.frameStart,
    frameEnd: active.frameEnd,
    frameStep: active.frameStep,
    fps: active.fps,
    width,
    height,
    samples: active.samples ?? DEFAULTS.samples,
    cameras: active.cameras,
    blender: { version: file.version, activeScene: active.name, scenes, scripts: facts.scripts },
  };
}

function blenderScene(facts: SceneFacts, { missingEngines }: BlendFacts): BlenderScene {
  const {
    name,
    frameStart,
    frameEnd,
    frameStep,
    fps,
    width,
    height,
    percentage,
    camera,
    cameras,
    output,
    movie,
    views,
    viewLayers,
    sequencer,
    compositor,
    fileOutputs,
  } = facts;
  const identifier = missingEngines[name] ?? facts.engine;
  const renderEngine = ENGINES[identifier] ?? identifier;
  const samplesByEngine = Object.fromEntries(
    Object.entries(facts.samples).filter((entry): entry is [string, number] => entry[1] !== null),
  );
  return {
    name,
    frameStart,
    // Blender lets the end be before the start; the start alone is what can be rendered then.
    frameEnd: Math.max(frameStart, frameEnd),
    frameStep,
    fps,
    width,
    height,
    percentage,
    camera,
    cameras,
    renderEngine,
    samples: samplesByEngine[renderEngine] ?? null,
    samplesByEngine,
    output,
    format: FORMATS[facts.fileFormat] ?? null,
    movie,
    views,
    viewLayers,
    sequencer,
    compositor,
    fileOutputs,
  };
}

/** Pixels that a scene is rendered with, as Blender rounds them. */
export function effectiveSize({ width, height, percentage }: Pick<BlenderScene, 'width' | 'height' | 'percentage'>): {
  width: number;
  height: number;
} {
  const scaled = (pixels: number): number => Math.max(1, Math.floor((pixels * percentage) / 100));
  return { width: scaled(width), height: scaled(height) };
}
