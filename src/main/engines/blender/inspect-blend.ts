import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { EngineInfo } from '../../../shared/engines';
import type { ImageFormat } from '../../../shared/image-format';
import type { JobSettings } from '../../../shared/jobs';
import type { BlenderScene, SceneInfo } from '../../../shared/scene';
import { UserError } from '../../../shared/user-error';
import { NotPortableError, type PortableScene, type SourceFile } from '../render-engine';
import type { SceneAccess } from '../../scenes/scene-access';
import { blendLimits, firstOutside, isWithin, outsideSentence } from './blend-access';
import { type BlendFacts, type BlenderProgram, blendFacts, type SceneFacts } from './blend-facts';
import { blendWarnings } from './blend-warnings';
import { chooseBlender, noBlender } from './choose-blender';
import { portableBlend } from './portable-blend';
import { type BlendFile, readBlend } from './read-blend';
import { sourceStamps } from './source-stamps';
import { thumbnailUrl } from './thumbnail-png';

/** Values for a file that was not inspected by Blender, beside its frame range: Blender's defaults. */
const DEFAULTS = { frameStart: 1, frameEnd: 250, fps: 24, width: 1920, height: 1080, samples: 1 } as const;
/** Number of files whose facts are cached. */
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
  BMP: 'bmp',
  TARGA: 'targa',
  TARGA_RAW: 'targa',
  HDR: 'hdr',
  JPEG2000: 'jpeg2000',
};

/** Inspects .blend files. */
export interface BlendInspector {
  /** @throws UserError naming the file and what is wrong with it */
  inspect(path: string): Promise<SceneInfo>;
  /**
   * Warnings about one job, one sentence each; inspects the file with the job's Blender unless that is cached.
   *
   * @throws as `inspect` does, and where the file refers to a file outside its limits
   */
  warningsFor(settings: JobSettings): Promise<string[]>;
  /** As `RenderEngine.sources`. */
  sources(settings: JobSettings): Promise<SourceFile[]>;
  /** As `RenderEngine.furtherFiles`. */
  furtherFiles(settings: JobSettings): Promise<readonly string[]>;
  /**
   * As `RenderEngine.portable`.
   *
   * @param installation of the job; null for the default one
   */
  portable(path: string, installation: string | null): Promise<PortableScene>;
  /** Ends all running inspections; resolves when their processes are gone. */
  close(): Promise<void>;
}

/**
 * Creates an inspector that combines what the file itself contains and what Blender finds in it. The latter takes a
 * second or more, and is cached until the file or the Blender changes.
 *
 * @param blenders installed on this machine
 * @param access what scenes may refer to
 * @param read reads a file without Blender
 * @param atHand has a Blender look into the file that runs already; null where none can. Never rejects
 */
export function createBlendInspector(
  blenders: () => Promise<EngineInfo[]>,
  access: () => SceneAccess = () => ({ folders: [], dataFolder: null, uploads: null }),
  read: (path: string) => Promise<BlendFile> = readBlend,
  atHand: (path: string, blender: BlenderProgram, signal: AbortSignal) => Promise<BlendFacts | null> = async () => null,
): BlendInspector {
  /** By path, size and modification time of the file, and Blender. */
  const remembered = new Map<string, Promise<InspectedBlend>>();
  const files = new Map<string, BlendFile>();
  const inspecting = new Set<Promise<unknown>>();
  const stop = new AbortController();

  async function facts(path: string, file: BlendFile, blender: EngineInfo & { path: string }): Promise<BlendFacts> {
    const key = [path, file.bytes, file.modifiedMs, blender.path, blender.version].join('\n');
    const known = remembered.get(key);
    if (known) {
      const { facts: before, libraries } = await known;
      // The references of a file also depend on its libraries.
      if (isDeepStrictEqual(await librariesOf(path, before), libraries)) return before;
      if (remembered.get(key) === known) remembered.delete(key);
    }
    return (await inspectAnew(key, path, blender)).facts;
  }

  function inspectAnew(key: string, path: string, blender: EngineInfo & { path: string }): Promise<InspectedBlend> {
    let known = remembered.get(key);
    if (!known) {
      const inspection = lookInto(path, { executable: blender.path, version: blender.version, name: blender.name });
      known = inspection;
      remembered.set(key, inspection);
      inspecting.add(inspection);
      inspection.then(
        () => inspecting.delete(inspection),
        () => {
          inspecting.delete(inspection);
          remembered.delete(key);
        },
      );
      // Evicts the oldest entry.
      if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!);
    }
    return known;
  }

  async function lookInto(path: string, program: BlenderProgram): Promise<InspectedBlend> {
    const found = (await atHand(path, program, stop.signal)) ?? (await blendFacts(path, program, stop.signal));
    return { facts: found, libraries: await librariesOf(path, found) };
  }

  /** As `readBlend`, with a cache: it is called for every frame, and reads compressed files to their end. */
  async function readOnce(path: string): Promise<BlendFile> {
    const now = await stat(path).catch(() => null);
    const known = files.get(path);
    if (known && now && known.bytes === now.size && known.modifiedMs === now.mtimeMs) return known;
    const file = await read(path);
    files.delete(path);
    files.set(path, { ...file, thumbnail: null });
    if (files.size > MAX_REMEMBERED) files.delete(files.keys().next().value!);
    return file;
  }

  async function inspectedBy(
    path: string,
    file: BlendFile,
    found: EngineInfo[],
    installation: string | null,
  ): Promise<{ facts: BlendFacts; blender: string }> {
    const blender = chooseBlender(found, installation, file.version);
    const known = await facts(path, file, blender);
    // Files missing at the time of the inspection may exist by now.
    return {
      facts: { ...known, missing: known.missing.filter((one) => !existsSync(one.path)) },
      blender: blender.name,
    };
  }

  async function inspect(path: string): Promise<SceneInfo> {
    const [file, found] = await Promise.all([read(path), blenders()]);
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
    const seen = await inspectedBy(path, file, found, null);
    return {
      ...common,
      ...sceneOf(seen.facts, file),
      warnings: [...(await outsideOf(path, seen.facts)), ...blendWarnings(seen.facts, seen.blender)],
    };
  }

  async function warningsFor(settings: JobSettings): Promise<string[]> {
    const [file, found] = await Promise.all([read(settings.scene), blenders()]);
    const seen = await inspectedBy(settings.scene, file, found, settings.installation);
    const [outside] = await outsideOf(settings.scene, seen.facts);
    if (outside !== undefined) throw new UserError(outside, 'failed', 'outside');
    return blendWarnings(seen.facts, seen.blender, settings);
  }

  async function furtherFiles(settings: JobSettings): Promise<readonly string[]> {
    const [file, found] = await Promise.all([readOnce(settings.scene), blenders()]);
    const { facts } = await inspectedBy(settings.scene, file, found, settings.installation);
    const name = settings.sceneName ?? facts.activeScene;
    return facts.scenes.find((scene) => scene.name === name)?.furtherFiles ?? [];
  }

  /** A sentence about the first reference outside the limits, if any. */
  async function outsideOf(path: string, { needed }: BlendFacts): Promise<string[]> {
    const outside = await firstOutside(needed, await blendLimits(path, access()));
    return outside === null ? [] : [outsideSentence(path, outside)];
  }

  async function sources(settings: JobSettings): Promise<SourceFile[]> {
    const [file, found] = await Promise.all([readOnce(settings.scene), blenders()]);
    const { facts: seen } = await inspectedBy(settings.scene, file, found, settings.installation);
    return sourceStamps(settings.scene, seen.needed);
  }

  async function portable(path: string, installation: string | null): Promise<PortableScene> {
    const [file, found] = await Promise.all([readOnce(path), blenders()]);
    const seen = await inspectedBy(path, file, found, installation);
    const [outside] = await outsideOf(path, seen.facts);
    if (outside !== undefined) throw new UserError(outside, 'failed', 'outside');
    const limits = await blendLimits(path, access());
    for (const written of seen.facts.scenes.flatMap(({ furtherFiles: files }) => files))
      if (!(await isWithin(written, limits)))
        throw new NotPortableError(
          `“${basename(path)}” has a File Output node for ${written}, where it may not write.`,
        );
    // As a worker chooses it.
    return portableBlend(path, seen.facts, chooseBlender(found, installation).version);
  }

  return {
    inspect,
    warningsFor,
    portable,
    sources,
    furtherFiles,
    async close() {
      stop.abort(new UserError('The Blender engine has been closed.'));
      await Promise.allSettled(inspecting);
    },
  };
}

/** What Blender found in a file, and the state of its libraries at that time. */
interface InspectedBlend {
  readonly facts: BlendFacts;
  readonly libraries: SourceFile[];
}

function librariesOf(path: string, { needed }: BlendFacts): Promise<SourceFile[]> {
  return sourceStamps(
    path,
    needed.filter(({ library }) => library),
  );
}

/** What is known without Blender. */
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
    crop,
    joinedViews,
    separateViews,
    viewLayers,
    viewTransform,
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
    // Blender allows an end before the start; then only the start can be rendered.
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
    crop,
    joinedViews,
    ...(separateViews && { separateViews }),
    viewLayers,
    viewTransform,
    sequencer,
    compositor,
    fileOutputs,
    inSequence: facts.unbaked.length > 0,
  };
}

/** Size in pixels at a scene's percentage, rounded as Blender does. */
function effectiveSize({ width, height, percentage }: Pick<BlenderScene, 'width' | 'height' | 'percentage'>): {
  width: number;
  height: number;
} {
  const scaled = (pixels: number): number => Math.max(1, Math.floor((pixels * percentage) / 100));
  return { width: scaled(width), height: scaled(height) };
}
