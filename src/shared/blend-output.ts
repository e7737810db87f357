import { imageEndingOf, type ImageFormat, imageFormats } from './image-format';
import type { BlenderScene, SceneInfo } from './scene';

/** What Blender writes into new files and new scenes, on each platform. */
const UNCHOSEN = /^(|\/\/|(?:[A-Za-z]:)?[/\\]te?mp[/\\]?)$/;
const MOVIE_ENDING = /\.(mp4|mkv|avi|mov|webm|ogv|mpe?g|m4v|flv|dv)$/i;

/**
 * The output pattern that a .blend itself names for one of its scenes, with the ending of the format.
 *
 * @param info of the file; the kind of slashes in its path tells the platform
 * @param uploaded the file is a copy that a browser sent: paths that are relative to it lead nowhere
 * @returns an absolute pattern, with `..` in it where the file has it; null where nobody chose one, where it is none of this platform, and where it is the active scene's, too: a copied scene has
 *   the path of the one that it was copied from, and its images would take the places of the other's
 */
export function outputInBlend(
  scene: BlenderScene,
  info: SceneInfo,
  format: ImageFormat,
  uploaded = false,
): string | null {
  const { output } = scene;
  const relative = output.startsWith('//');
  if (UNCHOSEN.test(output) || (relative && uploaded) || isCopied(scene, info)) return null;
  const windows = info.path.includes('\\');
  const folder = info.path.slice(0, Math.max(info.path.lastIndexOf('/'), info.path.lastIndexOf('\\')) + 1);
  // Blender takes both kinds of slashes in relative paths.
  const path = relative ? folder + output.slice(2).replaceAll('\\', windows ? '\\' : '/') : output;
  if (!(windows ? /^([a-z]:[\\/]|\\\\)/i : /^\//).test(path)) return null;
  const { extension, extensions } = imageFormats[format];
  if (/[/\\]$/.test(path)) return `${path}####${extension}`;
  const ending = imageEndingOf(path) || (MOVIE_ENDING.exec(path)?.[0] ?? '');
  return extensions.includes(ending.toLowerCase()) ? path : path.slice(0, path.length - ending.length) + extension;
}

function isCopied(scene: BlenderScene, { blender }: SceneInfo): boolean {
  return (
    blender !== null &&
    scene.name !== blender.activeScene &&
    blender.scenes.some((other) => other.name !== scene.name && other.output === scene.output)
  );
}
