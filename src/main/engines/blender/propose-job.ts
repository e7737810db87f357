import { join, normalize } from 'node:path';
import { outputInBlend } from '../../../shared/blend-output';
import type { EngineInfo } from '../../../shared/engines';
import { IMAGE_FORMATS, imageFormats } from '../../../shared/image-format';
import { findName } from '../../../shared/gltf-names';
import type { JobRequest, JobSettings } from '../../../shared/jobs';
import type { BlenderScene, SceneInfo } from '../../../shared/scene';
import { shortened } from '../../../shared/shortened';
import { UserError } from '../../../shared/user-error';
import type { JobProposal, ProposalContext } from '../job-proposal';
import { namesInWords } from '../names-in-words';
import { chooseBlender } from './choose-blender';
import { folderNameOf, visible } from '../../../shared/folder-name';

/** Inputs of a .blend's proposal beside its file. */
export interface BlendProposalContext extends ProposalContext {
  /** Blenders of this machine. */
  readonly installations: readonly EngineInfo[];
  /** Whether Blender starts with factory settings if a job doesn't specify it. */
  readonly factoryStartup: boolean;
}

/**
 * Proposes a job for a .blend: the values of the requested scene as Blender would use them.
 *
 * @throws UserError when there is no Blender for it (`failed`), or no such scene (`arguments`)
 */
export function proposeBlendJob(
  request: JobRequest,
  info: SceneInfo,
  { outputDirectory, uploaded, installations, factoryStartup }: BlendProposalContext,
): JobProposal {
  const wanted = request.engine ?? null;
  if (wanted === 'gltf')
    throw new UserError(
      `${info.name} is a .blend file, which the glTF engine does not render: leave the engine out.`,
      'arguments',
    );
  const chosen = chooseBlender(installations, wanted, info.blender?.version ?? null);
  if (info.blender === null)
    throw new UserError(`${info.name} has not been looked at by a Blender yet: open it again.`);
  const { scenes, activeScene } = info.blender;
  if (request.animations !== undefined)
    throw new UserError(
      `Animations are chosen by name in glTF scenes only: ${info.name} renders what the scene’s objects do, leave “${shortened(request.animations[0]!)}” out.`,
      'arguments',
    );
  const wantedScene = request.sceneName ?? activeScene;
  const name = findName(
    scenes.map((one) => one.name),
    wantedScene,
  );
  const scene = scenes.find((one) => one.name === name);
  if (!scene || name === null)
    throw new UserError(
      `${info.name} has no scene “${shortened(wantedScene)}”: it has ${namesInWords(scenes.map((one) => one.name))}.`,
      'arguments',
    );
  const renderEngine = request.renderEngine === undefined ? null : engineName(request.renderEngine);
  return {
    sceneKind: 'Blender',
    frameStart: scene.frameStart,
    frameEnd: scene.frameEnd,
    frameStep: scene.frameStep,
    fps: scene.fps,
    width: scene.width,
    height: scene.height,
    percentage: scene.percentage,
    samples: scene.samplesByEngine?.[renderEngine ?? scene.renderEngine] ?? scene.samples ?? 1,
    renderEngine,
    factoryStartup,
    cameras: scene.cameras,
    sceneName: request.sceneName === undefined ? null : name,
    animations: null,
    withoutCameras: 'it has none, add one in Blender',
    imageSize: (width, height) => imageSizeOf(scene, width, height),
    viewTransform: scene.viewTransform ?? null,
    inSequence: scene.inSequence ?? false,
    format: scene.format ?? 'png',
    formats: IMAGE_FORMATS,
    // The default Blender may change, and the job follows it, unless the file is too new for it.
    installation: wanted === 'blender' || (wanted === null && chosen.default) ? null : chosen.id,
    views: (format) =>
      imageFormats[format].extension === imageFormats.exr.extension
        ? scene.views
        : (scene.separateViews ?? scene.views),
    output(format) {
      const own = outputInBlend(scene, info, format, uploaded);
      if (own !== null) return normalize(own);
      const parts = [
        ...(name === activeScene ? [] : [name]),
        ...(request.camera === undefined ? [] : [request.camera]),
      ];
      return join(
        outputDirectory,
        visible(info.name),
        ...parts.map(folderNameOf),
        `####${imageFormats[format].extension}`,
      );
    },
  };
}

/** As image_size.py of the driver works it out. */
function imageSizeOf({ crop, joinedViews }: BlenderScene, width: number, height: number): JobSettings['imageSize'] {
  if (!crop && !joinedViews) return null;
  // Blender multiplies in single precision, and cuts off.
  const edge = (share: number, pixels: number): number => Math.trunc(Math.fround(share * pixels));
  const cropped = crop
    ? {
        width: edge(crop.right, width) - edge(crop.left, width),
        height: edge(crop.top, height) - edge(crop.bottom, height),
      }
    : { width, height };
  return {
    width: cropped.width * (joinedViews === 'side-by-side' ? 2 : 1),
    height: cropped.height * (joinedViews === 'top-bottom' ? 2 : 1),
  };
}

/** Normalises names of Blender's own engines; others are identifiers. */
function engineName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/^blender_/, '')
    .replace(/_next$/, '');
  return ['cycles', 'eevee', 'workbench'].includes(name) ? name : text;
}
