import { join, normalize } from 'node:path';
import { outputInBlend } from '../../../shared/blend-output';
import type { EngineInfo } from '../../../shared/engines';
import { type ImageFormat, imageFormatSchema, imageFormats } from '../../../shared/image-format';
import type { JobRequest } from '../../../shared/jobs';
import type { SceneInfo } from '../../../shared/scene';
import { UserError } from '../../../shared/user-error';
import { chooseBlender } from './choose-blender';

/** What a job gets where its request says nothing. */
export interface SceneOffer {
  readonly frameStart: number;
  readonly frameEnd: number;
  readonly frameStep: number;
  readonly fps: number;
  /** Pixels, before the percentage. */
  readonly width: number;
  readonly height: number;
  readonly percentage: number;
  readonly samples: number;
  readonly cameras: readonly string[];
  /** What to say where there are none, after “…: ”. */
  readonly withoutCameras: string;
  readonly views: string[];
  readonly format: ImageFormat;
  /** All that the engine writes. */
  readonly formats: readonly ImageFormat[];
  readonly installation: string | null;
  /** null: as the scene says. */
  readonly renderEngine: string | null;
  /** Absolute output pattern. */
  output(format: ImageFormat): string;
}

/**
 * What a .blend proposes for a job: the values of the scene that is asked for, as Blender itself would take them.
 *
 * @param uploaded the file is a copy that a browser sent: paths that are relative to it lead nowhere
 * @throws UserError when there is no Blender for it (`failed`), or no such scene (`arguments`)
 */
export function offerOfBlend(
  request: JobRequest,
  info: SceneInfo,
  outputDirectory: string,
  engines: readonly EngineInfo[],
  uploaded: boolean,
): SceneOffer {
  const wanted = request.engine ?? null;
  if (wanted === 'gltf')
    throw new UserError(
      `${info.name} is a .blend file, which the glTF engine does not render: leave the engine out.`,
      'arguments',
    );
  const chosen = chooseBlender(engines, wanted, info.blender?.version ?? null);
  if (info.blender === null)
    throw new UserError(`${info.name} has not been looked at by a Blender yet: open it again.`);
  const { scenes, activeScene } = info.blender;
  const name = request.sceneName ?? activeScene;
  const scene = scenes.find((one) => one.name === name);
  if (!scene)
    throw new UserError(
      `${info.name} has no scene “${name}”: it has ${scenes.map((one) => `“${one.name}”`).join(', ')}.`,
      'arguments',
    );
  const renderEngine = request.renderEngine === undefined ? null : engineName(request.renderEngine);
  return {
    frameStart: scene.frameStart,
    frameEnd: scene.frameEnd,
    frameStep: scene.frameStep,
    fps: scene.fps,
    width: scene.width,
    height: scene.height,
    percentage: scene.percentage,
    samples: scene.samplesByEngine?.[renderEngine ?? scene.renderEngine] ?? scene.samples ?? 1,
    renderEngine,
    cameras: scene.cameras,
    withoutCameras: 'it has none, add one in Blender',
    views: scene.views,
    format: scene.format ?? 'png',
    formats: imageFormatSchema.options,
    // The usual one may be another one tomorrow, and the job goes with it, unless the file is too new for it.
    installation: wanted === 'blender' || (wanted === null && chosen.default) ? null : chosen.id,
    output(format) {
      const own = outputInBlend(scene, info, format, uploaded);
      if (own !== null) return normalize(own);
      return join(
        outputDirectory,
        info.name,
        ...(name === activeScene ? [] : [fileName(name)]),
        `####${imageFormats[format].extension}`,
      );
    },
  };
}

/** Blender's own engines by the names that are used here, whichever way they are written; others by their identifiers. */
function engineName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/^blender_/, '')
    .replace(/_next$/, '');
  return ['cycles', 'eevee', 'workbench'].includes(name) ? name : text;
}

function fileName(name: string): string {
  // eslint-disable-next-line no-control-regex
  return name.replaceAll(/[<>:"/\\|?*\u0000-\u001F]/g, '_');
}
