import type { SceneInfo } from '../../shared/scene';

/** Where images go when the field is empty, as the host decides it: a folder for each scene in the output folder of the preferences. */
export function defaultOutput(scene: SceneInfo, home: string, outputDirectory: string): string {
  const separator = home.includes('\\') ? '\\' : '/';
  return [outputDirectory === '' ? `${home}${separator}Framegauge` : outputDirectory.replace(/[/\\]$/, ''), scene.name, '####.png'].join(separator);
}

/** The output with `//` at its start replaced by the scene's folder; a folder alone gets a name of four digits. */
export function absoluteOutput(output: string, scene: SceneInfo): string {
  const folder = scene.path.slice(0, Math.max(scene.path.lastIndexOf('/'), scene.path.lastIndexOf('\\')) + 1);
  const path = output.startsWith('//') ? folder + output.slice(2) : output;
  return /[/\\]$/.test(path) ? `${path}####.png` : path;
}
