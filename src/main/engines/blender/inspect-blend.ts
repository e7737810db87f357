import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { EngineInfo } from '../../../shared/engines';
import type { ImageFormat } from '../../../shared/image-format';
import type { BlenderScene, SceneInfo } from '../../../shared/scene';
import { type BlendFacts, blendFacts, type SceneFacts } from './blend-facts';
import { blendWarnings } from './blend-warnings';
import { chooseBlender, noBlender } from './choose-blender';
import { type BlendFile, readBlend } from './read-blend';
import { thumbnailUrl } from './thumbnail-png';

/** What is told of a file that no Blender looked into, beside its frame range: Blender's own defaults. */
const DEFAULTS = { frameStart: 1, frameEnd: 250, fps: 24, width: 1920, height: 1080, samples: 1 } as const;
/** Files whose facts are remembered. */
const MAX_REMEMBERED = 64;

const ENGINES: Readonly<Record<string, string>> = { CYCLES: 'cycles', BLENDER_EEVEE: 'eevee', BLENDER_EEVEE_NEXT: 'eevee', BLENDER_WORKBENCH: 'workbench' };
const FORMATS: Readonly<Record<string, ImageFormat>> = { PNG: 'png', JPEG: 'jpeg', OPEN_EXR: 'exr', OPEN_EXR_MULTILAYER: 'exr-multilayer', WEBP: 'webp', TIFF: 'tiff' };

/**
 * Makes the function that reads what a .blend offers: what it says itself, and what Blender finds in it, which takes a second or more and is remembered until the file or the Blender changes.
 *
 * @param blenders those of this machine
 */
export function createBlendInspector(blenders: () => Promise<EngineInfo[]>): (path: string) => Promise<SceneInfo> {
  /** By file, its size and time of change, and Blender. */
  const remembered = new Map<string, Promise<BlendFacts>>();

  function facts(path: string, file: BlendFile, blender: EngineInfo & { path: string }): Promise<BlendFacts> {
    const key = [path, file.bytes, file.modifiedMs, blender.path, blender.version].join('\n');
    let known = remembered.get(key);
    if (!known) {
      known = blendFacts(path, { executable: blender.path, name: blender.name });
      remembered.set(key, known);
      known.catch(() => remembered.delete(key));
      // The one that was put in first goes first.
      if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!);
    }
    return known;
  }

  return async (path) => {
    const [file, found] = await Promise.all([readBlend(path), blenders()]);
    const thumbnail = file.thumbnail && (await thumbnailUrl(file.thumbnail));
    const common = { path, name: basename(path, extname(path)), engine: 'blender' as const, bytes: file.bytes, thumbnail, animations: [] };
    if (!found.some(({ problem }) => problem === null)) return { ...common, ...unseen(file), warnings: [noBlender(found)] };
    const blender = chooseBlender(found, null, file.version);
    const known = await facts(path, file, blender);
    // What was missing when Blender looked may have been put there since.
    const seen = { ...known, missing: known.missing.filter((one) => !existsSync(one.path)) };
    return { ...common, ...sceneOf(seen, file), warnings: blendWarnings(seen, blender.name) };
  };
}

/** What can be told without Blender. */
function unseen({ render }: BlendFile): Pick<SceneInfo, 'frameStart' | 'frameEnd' | 'frameStep' | 'fps' | 'width' | 'height' | 'samples' | 'cameras' | 'blender'> {
  return { ...DEFAULTS, ...(render && { frameStart: render.frameStart, frameEnd: Math.max(render.frameStart, render.frameEnd) }), frameStep: 1, cameras: [], blender: null };
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
  const { name, frameStart, frameEnd, frameStep, fps, width, height, percentage, camera, cameras, output, movie, views, viewLayers, sequencer } = facts;
  const identifier = missingEngines[name] ?? facts.engine;
  const renderEngine = ENGINES[identifier] ?? identifier;
  const samplesByEngine = Object.fromEntries(Object.entries(facts.samples).filter((entry): entry is [string, number] => entry[1] !== null));
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
  };
}

/** Pixels that a scene is rendered with, as Blender rounds them. */
export function effectiveSize({ width, height, percentage }: Pick<BlenderScene, 'width' | 'height' | 'percentage'>): { width: number; height: number } {
  const scaled = (pixels: number): number => Math.max(1, Math.floor((pixels * percentage) / 100));
  return { width: scaled(width), height: scaled(height) };
}
