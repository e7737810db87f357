import { basename } from 'node:path';
import type { BlendFacts, SceneFacts } from './blend-facts';

/** How Blender's names of formats that are not written here are told to people. */
const FORMAT_NAMES: Readonly<Record<string, string>> = {
  FFMPEG: 'a movie (FFmpeg)',
  AVI_JPEG: 'a movie (AVI JPEG)',
  AVI_RAW: 'a movie (AVI Raw)',
  BMP: 'BMP',
  IRIS: 'Iris',
  JPEG2000: 'JPEG 2000',
  TARGA: 'Targa',
  TARGA_RAW: 'Targa Raw',
  CINEON: 'Cineon',
  DPX: 'DPX',
  HDR: 'Radiance HDR',
};

const KINDS: Readonly<Record<BlendFacts['missing'][number]['kind'], string>> = {
  library: 'library',
  image: 'image',
  movie: 'movie',
  font: 'font',
  sound: 'sound',
  cache: 'cache',
  file: 'file',
};

/**
 * What the person should know before rendering a file, a sentence each.
 *
 * @param blender as “Blender 3.4.1”
 */
export function blendWarnings(facts: BlendFacts, blender: string): string[] {
  const { savedBy, runBy } = facts;
  const warnings: string[] = [];
  if (savedBy[0]! > runBy[0]! || (savedBy[0] === runBy[0] && savedBy[1]! > runBy[1]!)) {
    warnings.push(`The file was saved by Blender ${savedBy[0]}.${savedBy[1]}, which is newer than ${blender}: its frames will fail there. Install Blender ${savedBy[0]}.${savedBy[1]} or later.`);
  }
  const active = facts.scenes.find(({ name }) => name === facts.activeScene);
  // Of other scenes only what would go wrong when they are rendered.
  const scenes = active ? [active, ...facts.scenes.filter((scene) => scene !== active)] : facts.scenes;
  for (const scene of scenes) warnings.push(...sceneWarnings(scene, facts, blender, facts.scenes.length > 1));
  for (const { kind, name, path } of facts.missing) {
    if (kind === 'library') warnings.push(`The library “${path}” is missing: what is linked from it will not be in the pictures.`);
    else if (kind === 'sound') warnings.push(`The sound “${path}” is missing.`);
    else if (kind === 'font') warnings.push(`The font “${path}” is missing: Blender’s own will be used.`);
    else if (kind === 'image') warnings.push(`The image “${path}” is missing: what it covers will be pink${basename(path).startsWith(name) ? '' : ` (“${name}”)`}.`);
    else warnings.push(`The ${KINDS[kind]} “${path}” of “${name}” is missing.`);
  }
  const gone = new Set(facts.missing.filter(({ kind }) => kind === 'library').map(({ path }) => basename(path.replaceAll('\\', '/'))));
  for (const { name, library } of facts.missingData) {
    if (!gone.has(basename(library.replaceAll('\\', '/')))) warnings.push(`“${name}” is missing from the library “${library}”, from which it is linked.`);
  }
  if (facts.scripts) warnings.push('The file holds scripts, which are not run: pictures may look otherwise without them. Allow them for the job if you trust the file.');
  return warnings;
}

function sceneWarnings(scene: SceneFacts, facts: BlendFacts, blender: string, several: boolean): string[] {
  const warnings: string[] = [];
  const the = several ? `The scene “${scene.name}”` : 'The scene';
  const missingEngine = facts.missingEngines[scene.name];
  if (missingEngine !== undefined) {
    warnings.push(`${the} asks for the render engine ${missingEngine}, which ${blender} has only with an add-on: enable it in Blender and render with your own settings, or choose another engine.`);
  }
  if (scene.camera === null && !scene.sequencer) warnings.push(`${the} has no active camera: choose one, or its frames will fail.`);
  if (scene.movie) warnings.push(`${the} asks for ${FORMAT_NAMES[scene.fileFormat] ?? `a movie (${scene.fileFormat})`}: each frame is written as an image instead, so that no frame is lost when something ends in between.`);
  else if (FORMAT_NAMES[scene.fileFormat]) warnings.push(`${the} asks for ${FORMAT_NAMES[scene.fileFormat]}, which is not written here: PNG is written instead, unless the job says otherwise.`);
  // A film in the sequencer is not rendered by its own engine, the scenes in it are by theirs.
  if (scene.denoising && !scene.sequencer && facts.denoiser === false) warnings.push(`${the} is to be denoised, but ${blender} was built without a denoiser: its frames will fail. Get a Blender that has one from blender.org, or switch denoising off in the file.`);
  return warnings;
}
