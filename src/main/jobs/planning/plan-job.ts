import { dirname, isAbsolute, join, sep } from 'node:path';
import { MAX_FRAMES, formatFrameRange, parseFrameRange } from '../../../shared/frame-range';
import { formatOfPath, type ImageFormat, imageFormats, namesOtherFormat } from '../../../shared/image-format';
import { type JobRequest, type JobSettings, MAX_SIDE } from '../../../shared/jobs';
import { findName } from '../../../shared/gltf-names';
import type { SceneInfo } from '../../../shared/scene';
import { shortened } from '../../../shared/shortened';
import { UserError } from '../../../shared/user-error';
import { visible } from '../../../shared/folder-name';
import type { JobProposal } from '../../engines/job-proposal';
import { namesInWords } from '../../engines/names-in-words';

/**
 * Decides all settings that a request leaves open.
 *
 * @param proposal of the scene's engine for this request
 * @throws UserError (`arguments`) when the request does not fit the scene
 */
export function planJob(request: JobRequest, scene: SceneInfo, proposal: JobProposal): JobSettings {
  const camera = request.camera === undefined ? null : findName(proposal.cameras, request.camera);
  if (request.camera !== undefined && camera === null) {
    const cameras =
      proposal.cameras.length > 0 ? `its cameras are ${namesInWords(proposal.cameras)}` : proposal.withoutCameras;
    throw new UserError(`${scene.name} has no camera “${shortened(request.camera)}”: ${cameras}.`, 'arguments');
  }
  const format = formatOf(request, proposal);
  // A size in the request is in pixels; the scene's percentage applies to its own size.
  const scaled = (given: number | undefined, own: number): number => {
    const { percentage = given === undefined ? proposal.percentage : 100 } = request;
    const side = Math.max(1, Math.floor(((given ?? own) * percentage) / 100));
    if (request.percentage !== undefined && side > Math.max(MAX_SIDE, given ?? own))
      throw new UserError(
        `${percentage} % of ${given ?? own} pixels are ${side}, and an image has at most ${MAX_SIDE} on a side: choose a lower percentage.`,
        'arguments',
      );
    return side;
  };
  const width = scaled(request.width, proposal.width);
  const height = scaled(request.height, proposal.height);
  return {
    scene: scene.path,
    frames:
      request.frames === undefined
        ? everyFrame(proposal, scene.name)
        : formatFrameRange(parseFrameRange(request.frames)),
    width,
    height,
    samples: request.samples ?? proposal.samples,
    camera,
    fps: request.fps ?? proposal.fps,
    output:
      request.output === undefined
        ? withSlashes(proposal.output(format))
        : absoluteOutput(request.output, format, proposal, scene),
    versionOf: null,
    overwrite: request.overwrite ?? false,
    keepExisting: request.keepExisting ?? false,
    preview: request.preview ?? false,
    workers: request.workers ?? (proposal.inSequence ? 1 : null),
    tags: request.tags ?? [],
    blockedMachines: request.blockedMachines ?? [],
    maxMachines: request.maxMachines ?? null,
    installation: proposal.installation,
    sceneName: proposal.sceneName,
    renderEngine: proposal.renderEngine,
    animations: proposal.animations,
    transparent: request.transparent ?? null,
    device: request.device ?? null,
    format,
    views: proposal.views(format),
    imageSize: proposal.imageSize?.(width, height) ?? null,
    viewTransform: proposal.viewTransform ?? null,
    allowScripts: request.allowScripts ?? false,
    factoryStartup: request.factoryStartup ?? proposal.factoryStartup,
    order: request.order ?? 'sequence',
    attempts: request.attempts ?? 3,
    failureShare: request.failureShare ?? 0.1,
  };
}

/**
 * The scene's folder within the output folder of the preferences.
 *
 * @returns null where the request or the scene specifies another output
 */
export function sceneFolderOf(
  request: JobRequest,
  scene: SceneInfo,
  settings: JobSettings,
  outputDirectory: string,
): string | null {
  const folder = join(outputDirectory, visible(scene.name));
  return request.output === undefined && settings.output.startsWith(folder + sep) ? folder : null;
}

function everyFrame({ frameStart, frameEnd, frameStep }: JobProposal, name: string): string {
  const count = Math.floor((frameEnd - frameStart) / frameStep) + 1;
  if (count > MAX_FRAMES)
    throw new UserError(
      `${name} is ${count.toLocaleString('en')} frames long, and a job has at most ${MAX_FRAMES.toLocaleString('en')}: give the frames to render.`,
      'arguments',
    );
  if (frameStep === 1) return formatFrameRange(parseFrameRange(`${frameStart}-${frameEnd}`));
  return formatFrameRange(Array.from({ length: count }, (_, i) => frameStart + i * frameStep));
}

/** The requested format, else the one of the output's extension, else the scene's. */
function formatOf(request: JobRequest, proposal: JobProposal): ImageFormat {
  if (request.format !== undefined && !proposal.formats.includes(request.format)) {
    throw new UserError(
      `${namesOf(proposal)}: leave the format ${imageFormats[request.format].name} out.`,
      'arguments',
    );
  }
  if (request.format !== undefined) return request.format;
  const told = request.output === undefined ? null : formatOfPath(request.output);
  // Both kinds of OpenEXR share an extension.
  return told === null ||
    !proposal.formats.includes(told) ||
    imageFormats[told].extension === imageFormats[proposal.format].extension
    ? proposal.format
    : told;
}

function absoluteOutput(output: string, format: ImageFormat, proposal: JobProposal, scene: SceneInfo): string {
  // Blender's prefix for “relative to the scene file”.
  const pattern = withSlashes(output.startsWith('//') ? join(dirname(scene.path), output.slice(2)) : output);
  if (!isAbsolute(pattern)) {
    throw new UserError(
      `The output “${shortened(output)}” must be a full path, or start with // for the scene’s folder or ~/ for your home folder.`,
      'arguments',
    );
  }
  const { extension } = imageFormats[format];
  if (/[/\\]$/.test(pattern)) return join(pattern, `####${extension}`);
  const ending = formatOfPath(pattern);
  if (ending === null ? namesOtherFormat(pattern) : !proposal.formats.includes(ending)) {
    throw new UserError(
      `${namesOf(proposal)}: let the output “${shortened(output)}” end with ${extension}.`,
      'arguments',
    );
  }
  return pattern;
}

/**
 * Where `/` separates folders, a `\` in an output's last part is taken for one, as Blender does: the names of images
 * never contain it. Those of existing folders before may.
 */
function withSlashes(output: string): string {
  return sep === '/' ? output.replace(/[^/]*$/, (name) => name.replaceAll('\\', '/')) : output;
}

function namesOf({ formats, sceneKind }: JobProposal): string {
  const names = formats.map((format) => imageFormats[format].name);
  return names.length > 1
    ? `Images are written as ${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
    : `${sceneKind} scenes are rendered to ${names.join('')}`;
}
