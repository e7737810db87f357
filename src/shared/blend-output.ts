import { imageEndingOf, type ImageFormat, imageFormats } from './image-format';
import type { BlenderScene, SceneInfo } from './scene';

/** Blender's default output paths in new files and scenes, on each platform. */
const UNCHOSEN = /^(|\/\/|(?:[A-Za-z]:)?[/\\]te?mp[/\\]?)$/;
const MOVIE_ENDING = /\.(mp4|mkv|avi|mov|webm|ogv|mpe?g|m4v|flv|dv)$/i;

/**
 * The output pattern set in a .blend for one of its scenes, with the format's extension.
 *
 * @param info of the file; the slashes in its path reveal the platform
 * @param uploaded the file is a copy sent by a browser: paths relative to it lead nowhere
 * @returns an absolute pattern, including any `..` from the file; null where it is a default, where it is no path of
 * this platform, and where another scene is active and has the same pattern: a copied scene inherits the path of its
 * original, and its images would overwrite the original's
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
  // Blender accepts both kinds of slashes in relative paths.
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
