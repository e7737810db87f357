import { basename } from 'node:path';
import type { JobSettings } from '../../../shared/jobs';
import type { MissingFile } from '../../../shared/worker-protocol';
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

const KINDS: Readonly<Record<MissingFile['kind'], string>> = {
  library: 'library',
  image: 'image',
  movie: 'movie clip',
  font: 'font',
  sound: 'sound',
  volume: 'volume',
  cache: 'cache file',
  file: 'file',
};

/** What a job decides of what is warned of. */
export type JobChoices = Pick<JobSettings, 'sceneName' | 'camera' | 'renderEngine' | 'allowScripts'>;

/**
 * What the person should know before rendering a file, a sentence each. The worker says the same of what it sees itself, in the same words.
 *
 * @param blender as “Blender 3.4.1”
 * @param job leaves out what does not concern it; null for the file as a whole
 */
export function blendWarnings(facts: BlendFacts, blender: string, job: JobChoices | null = null): string[] {
  const { savedBy, runBy } = facts;
  const warnings: string[] = [];
  if (savedBy[0]! > runBy[0]! || (savedBy[0] === runBy[0] && savedBy[1]! > runBy[1]!)) {
    warnings.push(
      `The file was saved by Blender ${savedBy[0]}.${savedBy[1]}, which is newer than ${blender}: its frames will fail there. Install Blender ${savedBy[0]}.${savedBy[1]} or later.`,
    );
  }
  const first = job?.sceneName ?? facts.activeScene;
  const scenes = facts.scenes.filter(({ name }) => name === first);
  // Scenes in the sequencer are rendered with it; which ones is not known here.
  if (job === null || scenes.some(({ sequencer }) => sequencer))
    scenes.push(...facts.scenes.filter(({ name }) => name !== first));
  for (const scene of scenes) warnings.push(...sceneWarnings(scene, facts, blender, scene.name === first ? job : null));
  warnings.push(...facts.missing.map(missingWarning));
  const gone = new Set(facts.missing.filter(({ kind }) => kind === 'library').map(({ path }) => fileName(path)));
  for (const { name, library } of facts.missingData) {
    if (!gone.has(fileName(library)))
      warnings.push(
        `“${name}” is missing from the library “${library}”, from which it is linked: frames are rendered without it.`,
      );
  }
  if (facts.scripts && !job?.allowScripts)
    warnings.push('The file holds scripts that are not run: allow scripts for this job if its images need them.');
  return warnings;
}

/** The sentence for a file that a .blend needs and that is not there. */
export function missingWarning({ kind, path }: MissingFile): string {
  return `The ${KINDS[kind]} “${path}” is missing: frames are rendered without it.`;
}

function fileName(path: string): string {
  return basename(path.replaceAll('\\', '/'));
}

function sceneWarnings(scene: SceneFacts, facts: BlendFacts, blender: string, job: JobChoices | null): string[] {
  const warnings: string[] = [];
  const the = facts.scenes.length > 1 ? `The scene “${scene.name}”` : 'The scene';
  const missingEngine = facts.missingEngines[scene.name];
  if (missingEngine !== undefined && !job?.renderEngine) {
    warnings.push(
      `${the} asks for the render engine ${missingEngine}, which ${blender} has only with an add-on: enable it in Blender and render with your own settings, or choose another engine.`,
    );
  }
  if (scene.camera === null && !scene.sequencer && !job?.camera)
    warnings.push(`${the} has no active camera: choose one, or its frames will fail.`);
  if (scene.movie)
    warnings.push(
      `${the} asks for ${FORMAT_NAMES[scene.fileFormat] ?? `a movie (${scene.fileFormat})`}: each of its frames is written as an image.`,
    );
  else if (FORMAT_NAMES[scene.fileFormat])
    warnings.push(
      `${the} asks for ${FORMAT_NAMES[scene.fileFormat]}, which is not written here: PNG is written instead, unless the job says otherwise.`,
    );
  // A film in the sequencer is not rendered by its own engine, the scenes in it are by theirs.
  if (scene.denoising && !scene.sequencer && (job?.renderEngine ?? 'cycles') === 'cycles' && facts.denoiser === false)
    warnings.push(
      `${the} is to be denoised, but ${blender} was built without a denoiser: its frames will fail. Get a Blender that has one from blender.org, or switch denoising off in the file.`,
    );
  return warnings;
}
