import { dirname, isAbsolute, join } from 'node:path';
import { formatFrameRange, parseFrameRange } from '../../shared/frame-range';
import type { JobRequest, JobSettings } from '../../shared/jobs';
import type { SceneInfo } from '../../shared/scene';
import { UserError } from '../../shared/user-error';

/**
 * Decides everything that a request leaves open, from the scene and the preferences.
 *
 * @param outputDirectory absolute; where images go when the request names no output
 * @throws UserError (`arguments`) when the request does not fit the scene
 */
export function planJob(request: JobRequest, scene: SceneInfo, outputDirectory: string): JobSettings {
  if (request.camera !== undefined && !scene.cameras.includes(request.camera)) {
    const offer = scene.cameras.length > 0 ? `its cameras are ${scene.cameras.map((name) => `“${name}”`).join(', ')}` : 'it has none, leave the camera out for a fitting one';
    throw new UserError(`${scene.name} has no camera “${request.camera}”: ${offer}.`, 'arguments');
  }
  return {
    scene: scene.path,
    frames: formatFrameRange(parseFrameRange(request.frames ?? `${scene.frameStart}-${scene.frameEnd}`)),
    width: request.width ?? scene.width,
    height: request.height ?? scene.height,
    samples: request.samples ?? scene.samples,
    camera: request.camera ?? null,
    fps: request.fps ?? scene.fps,
    output: absoluteOutput(request.output, scene, outputDirectory),
    overwrite: request.overwrite ?? false,
    workers: request.workers ?? null,
    installation: request.engine ?? null,
    sceneName: request.sceneName ?? null,
    renderEngine: request.renderEngine ?? null,
    format: request.format ?? 'png',
    views: [''],
    allowScripts: request.allowScripts ?? false,
    factoryStartup: request.factoryStartup ?? false,
    order: request.order ?? 'sequence',
    attempts: request.attempts ?? 3,
    failureShare: request.failureShare ?? 0.1,
  };
}

function absoluteOutput(output: string | undefined, scene: SceneInfo, outputDirectory: string): string {
  if (output === undefined) return join(outputDirectory, scene.name, '####.png');
  // Blender's prefix for “relative to the scene file”.
  const pattern = output.startsWith('//') ? join(dirname(scene.path), output.slice(2)) : output;
  if (!isAbsolute(pattern)) {
    throw new UserError(`The output “${output}” must be a full path, or start with // for the scene’s folder.`, 'arguments');
  }
  if (/[/\\]$/.test(pattern)) return join(pattern, '####.png');
  if (/\.(?!png$)(jpe?g|exr|webp|tiff?|bmp|gif|mp4|mkv|avi|mov|webm)$/i.test(pattern)) {
    throw new UserError(`Images are written as PNG: let the output “${output}” end with .png.`, 'arguments');
  }
  return pattern;
}
