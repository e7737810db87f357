import { dirname, isAbsolute, join } from 'node:path';
import type { EngineInfo } from '../../../shared/engines';
import { formatFrameRange, parseFrameRange } from '../../../shared/frame-range';
import { formatOfPath, type ImageFormat, imageFormats } from '../../../shared/image-format';
import type { JobRequest, JobSettings } from '../../../shared/jobs';
import type { SceneInfo } from '../../../shared/scene';
import { UserError } from '../../../shared/user-error';
import { type SceneOffer, offerOfBlend } from '../../engines/blender/propose-job';

/** What the host knows beside the scene. */
export interface PlanContext {
  /** Installations of the scene's engine. */
  readonly engines?: readonly EngineInfo[];
  /** Whether Blender starts with its own defaults where a job doesn't say. */
  readonly factoryStartup?: boolean;
  /** Folder of scenes that were sent here by a browser: what is relative to such a scene is nobody's choice. */
  readonly uploads?: string;
}

/**
 * Decides everything that a request leaves open, from the scene and the preferences.
 *
 * @param outputDirectory absolute; where images go when neither the request nor the scene names an output
 * @throws UserError when the request does not fit the scene (`arguments`), or what it needs is not on this machine
 */
export function planJob(
  request: JobRequest,
  scene: SceneInfo,
  outputDirectory: string,
  { engines = [], factoryStartup = false, uploads }: PlanContext = {},
): JobSettings {
  const offer =
    scene.engine === 'blender'
      ? offerOfBlend(request, scene, outputDirectory, engines, dirname(scene.path) === uploads)
      : offerOfGltf(request, scene, outputDirectory);
  if (request.camera !== undefined && !offer.cameras.includes(request.camera)) {
    const cameras =
      offer.cameras.length > 0
        ? `its cameras are ${offer.cameras.map((name) => `“${name}”`).join(', ')}`
        : offer.withoutCameras;
    throw new UserError(`${scene.name} has no camera “${request.camera}”: ${cameras}.`, 'arguments');
  }
  const format = formatOf(request, offer);
  // Whoever gives a size means pixels; the scene's percentage is of its own size.
  const scaled = (given: number | undefined, own: number): number =>
    Math.max(
      1,
      Math.floor(((given ?? own) * (request.percentage ?? (given === undefined ? offer.percentage : 100))) / 100),
    );
  return {
    scene: scene.path,
    frames: request.frames === undefined ? everyFrame(offer) : formatFrameRange(parseFrameRange(request.frames)),
    width: scaled(request.width, offer.width),
    height: scaled(request.height, offer.height),
    samples: request.samples ?? offer.samples,
    camera: request.camera ?? null,
    fps: request.fps ?? offer.fps,
    output: request.output === undefined ? offer.output(format) : absoluteOutput(request.output, format, offer, scene),
    overwrite: request.overwrite ?? false,
    workers: request.workers ?? null,
    installation: offer.installation,
    sceneName: request.sceneName ?? null,
    renderEngine: offer.renderEngine,
    format,
    views: offer.views,
    allowScripts: request.allowScripts ?? false,
    factoryStartup: request.factoryStartup ?? factoryStartup,
    order: request.order ?? 'sequence',
    attempts: request.attempts ?? 3,
    failureShare: request.failureShare ?? 0.1,
  };
}

/** Samples are pictures that are added up; more make no difference that an image could hold. */
const MAX_GLTF_SAMPLES = 4_096;

/** glTF knows neither scenes to choose from nor anything about output. */
function offerOfGltf(request: JobRequest, scene: SceneInfo, outputDirectory: string): SceneOffer {
  if (request.engine !== undefined && request.engine !== 'gltf') {
    throw new UserError(
      `${scene.name} is a glTF scene, which the engine “${request.engine}” does not render: leave the engine out.`,
      'arguments',
    );
  }
  for (const [key, word] of [
    ['sceneName', 'scenes to choose from'],
    ['renderEngine', 'choice of render engines'],
  ] as const) {
    if (request[key] !== undefined)
      throw new UserError(`A glTF scene has no ${word}: leave “${request[key]}” out.`, 'arguments');
  }
  if (request.samples !== undefined && request.samples > MAX_GLTF_SAMPLES) {
    throw new UserError(
      `A glTF scene takes at most ${MAX_GLTF_SAMPLES} samples for each pixel, not ${request.samples}.`,
      'arguments',
    );
  }
  return {
    ...scene,
    percentage: 100,
    views: [''],
    format: 'png',
    formats: ['png'],
    installation: null,
    renderEngine: null,
    withoutCameras: 'it has none, leave the camera out for a fitting one',
    output: () => join(outputDirectory, scene.name, '####.png'),
  };
}

function everyFrame({ frameStart, frameEnd, frameStep }: SceneOffer): string {
  if (frameStep === 1) return formatFrameRange(parseFrameRange(`${frameStart}-${frameEnd}`));
  return formatFrameRange(
    Array.from({ length: Math.floor((frameEnd - frameStart) / frameStep) + 1 }, (_, i) => frameStart + i * frameStep),
  );
}

/** The format that is asked for, else the one that the output's ending tells, else the scene's. */
function formatOf(request: JobRequest, offer: SceneOffer): ImageFormat {
  if (request.format !== undefined && !offer.formats.includes(request.format)) {
    throw new UserError(`${namesOf(offer)}: leave the format ${imageFormats[request.format].name} out.`, 'arguments');
  }
  if (request.format !== undefined) return request.format;
  const told = request.output === undefined ? null : formatOfPath(request.output);
  // Both kinds of OpenEXR end alike.
  return told === null ||
    !offer.formats.includes(told) ||
    imageFormats[told].extension === imageFormats[offer.format].extension
    ? offer.format
    : told;
}

/** Of files that hold a movie, or an image that is not written here. */
const OTHER_ENDING = /\.(png|jpe?g|exr|webp|tiff?|bmp|gif|tga|hdr|dpx|jp2|mp4|mkv|avi|mov|webm|ogv|mpe?g|m4v|flv)$/i;

function absoluteOutput(output: string, format: ImageFormat, offer: SceneOffer, scene: SceneInfo): string {
  // Blender's prefix for “relative to the scene file”.
  const pattern = output.startsWith('//') ? join(dirname(scene.path), output.slice(2)) : output;
  if (!isAbsolute(pattern)) {
    throw new UserError(
      `The output “${output}” must be a full path, or start with // for the scene’s folder.`,
      'arguments',
    );
  }
  const { extension } = imageFormats[format];
  if (/[/\\]$/.test(pattern)) return join(pattern, `####${extension}`);
  const ending = formatOfPath(pattern);
  if (ending === null ? OTHER_ENDING.test(pattern) : !offer.formats.includes(ending)) {
    throw new UserError(`${namesOf(offer)}: let the output “${output}” end with ${extension}.`, 'arguments');
  }
  return pattern;
}

function namesOf({ formats }: SceneOffer): string {
  const names = formats.map((format) => imageFormats[format].name);
  return `Images are written as ${names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${names.at(-1)}` : names.join('')}`;
}
