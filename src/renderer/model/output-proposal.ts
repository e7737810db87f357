import { imageEndingOf, imageFormats, type ImageFormat } from '../../shared/image-format';
import type { BlenderScene, SceneInfo } from '../../shared/scene';

/** What Blender writes into new files, on each platform. */
const UNCHOSEN = /^(|(?:[A-Za-z]:)?[/\\]te?mp[/\\]?)$/;
const MOVIE_ENDING = /\.(mp4|mkv|avi|mov|webm|ogv|mpe?g|m4v|flv|dv)$/i;

interface Proposal {
  readonly scene: SceneInfo;
  /** Scene of a .blend that is rendered. */
  readonly blenderScene: BlenderScene | null;
  readonly format: ImageFormat;
  readonly home: string;
  /** As the preferences have it. */
  readonly outputDirectory: string;
}

/** Where images go when the field is empty, as the host decides it: where the .blend says, else a folder for each scene in the output folder of the preferences. */
export function defaultOutput({ scene, blenderScene, format, home, outputDirectory }: Proposal): string {
  const own = blenderScene && outputOfFile(blenderScene, scene, format);
  if (own !== null) return own;
  const separator = home.includes('\\') ? '\\' : '/';
  const other = blenderScene && scene.blender && blenderScene.name !== scene.blender.activeScene ? [blenderScene.name.replaceAll(/[<>:"/\\|?*]/g, '_')] : [];
  return [outputDirectory === '' ? `${home}${separator}Framegauge` : outputDirectory.replace(/[/\\]$/, ''), scene.name, ...other, `####${imageFormats[format].extension}`].join(separator);
}

/** The output that is written in the file, if somebody chose it. */
function outputOfFile({ output }: BlenderScene, scene: SceneInfo, format: ImageFormat): string | null {
  if (UNCHOSEN.test(output)) return null;
  const path = output.startsWith('//') ? folderOf(scene) + output.slice(2).replaceAll('\\', folderOf(scene).includes('\\') ? '\\' : '/') : output;
  if (!/^(\/|\\\\|[a-z]:[\\/])/i.test(path)) return null;
  const { extension, extensions } = imageFormats[format];
  if (/[/\\]$/.test(path)) return `${path}####${extension}`;
  const ending = imageEndingOf(path) || (MOVIE_ENDING.exec(path)?.[0] ?? '');
  if (extensions.includes(ending.toLowerCase())) return path;
  return path.slice(0, path.length - ending.length) + extension;
}

/** The output with `//` at its start replaced by the scene's folder; a folder alone gets a name of four digits. */
export function absoluteOutput(output: string, scene: SceneInfo, format: ImageFormat): string {
  const path = output.startsWith('//') ? folderOf(scene) + output.slice(2) : output;
  return /[/\\]$/.test(path) ? `${path}####${imageFormats[format].extension}` : path;
}

function folderOf(scene: SceneInfo): string {
  return scene.path.slice(0, Math.max(scene.path.lastIndexOf('/'), scene.path.lastIndexOf('\\')) + 1);
}
