import { basename } from 'node:path';
import type { JobSettings } from '../../../shared/jobs';
import type { MissingFile } from '../../../shared/worker-protocol';
import type { BlendFacts, SceneFacts } from './blend-facts';

/** Display names of Blender's formats that are not written here. */
const FORMAT_NAMES: Readonly<Record<string, string>> = {
  FFMPEG: 'a movie (FFmpeg)',
  AVI_JPEG: 'a movie (AVI JPEG)',
  AVI_RAW: 'a movie (AVI Raw)',
  IRIS: 'Iris',
  AVIF: 'AVIF',
  CINEON: 'Cineon',
  DPX: 'DPX',
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

/** Same wording as src/main/engines/blender/driver/device.py. */
const NO_GPU =
  'The scene asks for the GPU, and this Blender has no device enabled for Cycles: it renders on the CPU. Enable one in Blender (Preferences → System → Cycles Render Devices), or choose a device for the job.';

/** The job settings that affect the warnings. */
export type JobChoices = Pick<
  JobSettings,
  'sceneName' | 'camera' | 'renderEngine' | 'allowScripts' | 'device' | 'factoryStartup' | 'workers'
>;

/**
 * Warnings about a file before it is rendered, one sentence each. The worker uses the same wording for what it detects
 * itself.
 *
 * @param blender such as “Blender 3.4.1”
 * @param job restricts the warnings to what concerns it; null for the file as a whole
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
  // Scenes used in the sequencer are rendered, too, but which ones is unknown here.
  const all = job === null || scenes.some(({ sequencer }) => sequencer);
  const composited = new Set(scenes.flatMap((scene) => scene.composited));
  for (const other of facts.scenes.filter(({ name }) => name !== first)) {
    // Its render layers are drawn, whatever its own compositor does.
    const scene = composited.has(other.name) ? { ...other, drawsItself: true } : other;
    if (all) scenes.push(scene);
    // Of its render layers nothing is written, and its physics is named with the first.
    else if (composited.has(other.name))
      scenes.push({ ...scene, movie: false, bareNames: false, fileFormat: 'PNG', unbaked: [] });
  }
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
  if (facts.handlers && job?.allowScripts && job.workers !== 1)
    warnings.push(
      'The file’s scripts set up handlers. If one of them remembers something from frame to frame, only a single worker gives the pictures that Blender does: set Workers to 1 for this job.',
    );
  return warnings;
}

/** Warning about a file that a .blend needs and that is missing. */
export function missingWarning({ kind, path, partly }: MissingFile): string {
  if (partly)
    return `Some files of the ${KINDS[kind]} sequence “${path}” are missing: frames that need them are rendered without.`;
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
  if (scene.lacksCamera && scene.drawsItself && !scene.sequencer && !job?.camera)
    warnings.push(`${the} has no active camera: choose one, or its frames will fail.`);
  if (scene.movie)
    warnings.push(
      `${the} asks for ${FORMAT_NAMES[scene.fileFormat] ?? `a movie (${scene.fileFormat})`}: each of its frames is written as an image.`,
    );
  else if (FORMAT_NAMES[scene.fileFormat])
    warnings.push(
      `${the} asks for ${FORMAT_NAMES[scene.fileFormat]}, which is not written here: PNG is written instead, unless the job says otherwise.`,
    );
  if (scene.bareNames)
    warnings.push(
      `${the} has File Extensions off in Blender: image files get the extension of their format here all the same.`,
    );
  // The enabled devices are in the user's settings, which the worker loads and the inspection does not. If a device set
  // explicitly is not available, the render fails there.
  const enabled = facts.gpu !== false && !job?.factoryStartup;
  const byCycles = (job?.renderEngine ?? scene.engine.toLowerCase()) === 'cycles';
  if (scene.gpu && byCycles && !scene.sequencer && !job?.device && !enabled) warnings.push(NO_GPU);
  // A sequencer scene doesn't use its own engine, but the scenes in it use theirs.
  if (scene.denoising && !scene.sequencer && (job?.renderEngine ?? 'cycles') === 'cycles' && facts.denoiser === false)
    warnings.push(
      `${the} is to be denoised, but ${blender} was built without a denoiser: its frames will fail. Get a Blender that has one from blender.org, or switch denoising off in the file.`,
    );
  if (scene.unbaked.length > 0) {
    const unbaked = `${the} has physics that is not baked (${physicsOf(scene)}): each frame goes on from those before it`;
    const several = (job?.workers ?? 1) > 1;
    warnings.push(
      several
        ? `${unbaked}, which several workers at once can get wrong. Bake it in Blender, or leave it to one worker.`
        : `${unbaked}, so one worker renders them in sequence, unless the job asks for more. Bake it in Blender to render it faster.`,
    );
  }
  return warnings;
}

/** Maximum number of simulations named in a sentence. */
const MOST_NAMED = 3;

function physicsOf({ unbaked }: SceneFacts): string {
  const named = unbaked.slice(0, MOST_NAMED).map(({ kind, name }) => `${kind} of “${name}”`);
  return [...named, ...(unbaked.length > MOST_NAMED ? ['and more'] : [])].join(', ');
}
