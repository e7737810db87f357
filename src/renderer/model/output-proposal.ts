import { outputInBlend } from '../../shared/blend-output';
import { folderNameOf } from '../../shared/folder-name';
import type { HostInfo } from '../../shared/host-info';
import { imageFormats, type ImageFormat } from '../../shared/image-format';
import { plainPath } from '../../shared/plain-path';
import type { BlenderScene, SceneInfo } from '../../shared/scene';

interface Proposal {
  readonly scene: SceneInfo;
  /** What was chosen of what the file offers, as far as it decides which images they are: scene, animations, camera. */
  readonly chosen: readonly string[];
  /** Scene of a .blend that is rendered. */
  readonly blenderScene: BlenderScene | null;
  readonly format: ImageFormat;
  readonly home: string;
  /** As the preferences have it. */
  readonly outputDirectory: string;
}

/**
 * Where images go when the field is empty, as the host decides it: where the .blend says, else a folder for each scene
 * in the output folder of the preferences.
 */
export function defaultOutput({ scene, blenderScene, chosen, format, home, outputDirectory }: Proposal): string {
  const own = blenderScene && outputInBlend(blenderScene, scene, format);
  if (own !== null) return own;
  const separator = home.includes('\\') ? '\\' : '/';
  return [
    outputDirectory === '' ? `${home}${separator}Framegauge` : outputDirectory.replace(/[/\\]$/, ''),
    scene.name,
    ...chosen.map(folderNameOf),
    `####${imageFormats[format].extension}`,
  ].join(separator);
}

/**
 * An output as it is shown once it was typed or pasted: without quotes, `~/` or `file://`, as the host takes it, too.
 * What the host would refuse stays as it is.
 */
export function tidyOutput(output: string, { home, platform }: Pick<HostInfo, 'home' | 'platform'>): string {
  try {
    return plainPath(output, { home, windows: platform === 'win32' });
  } catch {
    return output;
  }
}

/** The output with `//` at its start replaced by the scene's folder; a folder alone gets a name of four digits. */
export function absoluteOutput(output: string, scene: SceneInfo, format: ImageFormat): string {
  const path = output.startsWith('//') ? folderOf(scene) + output.slice(2) : output;
  return /[/\\]$/.test(path) ? `${path}####${imageFormats[format].extension}` : path;
}

function folderOf(scene: SceneInfo): string {
  return scene.path.slice(0, Math.max(scene.path.lastIndexOf('/'), scene.path.lastIndexOf('\\')) + 1);
}
