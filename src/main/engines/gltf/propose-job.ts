import { join } from 'node:path';
import { overlapWarnings } from '../../../shared/animation-overlaps';
import { folderNameOf, visible } from '../../../shared/folder-name';
import { lastFrameOf } from '../../../shared/frame-time';
import { findName } from '../../../shared/gltf-names';
import type { JobRequest, JobSettings } from '../../../shared/jobs';
import type { SceneInfo } from '../../../shared/scene';
import { shortened } from '../../../shared/shortened';
import { UserError } from '../../../shared/user-error';
import type { JobProposal, ProposalContext } from '../job-proposal';
import { namesInWords } from '../names-in-words';
import { longest } from './inspect-gltf';

/** The parts of a glTF chosen in a request: other choices result in other images, which get another folder. */
function chosenParts({ sceneName, animations, camera }: JobRequest): string[] {
  return [sceneName, animations?.join('+'), camera].filter((part) => part !== undefined);
}

/** Samples are images that are averaged; above this the difference exceeds the precision of any image. */
const MAX_GLTF_SAMPLES = 4_096;

/**
 * Proposes a job for a glTF scene: it has no output settings, and its number of frames follows from the frame rate.
 *
 * @throws UserError (`arguments`) when the request specifies what a glTF scene does not have
 */
export function proposeGltfJob(
  request: JobRequest,
  scene: SceneInfo,
  { outputDirectory }: Pick<ProposalContext, 'outputDirectory'>,
): JobProposal {
  if (request.engine !== undefined && request.engine !== 'gltf') {
    throw new UserError(
      `${scene.name} is a glTF scene, which the engine “${request.engine}” does not render: leave the engine out.`,
      'arguments',
    );
  }
  if (request.renderEngine !== undefined)
    throw new UserError(
      `A glTF scene has no choice of render engines: leave “${shortened(request.renderEngine)}” out.`,
      'arguments',
    );
  if (request.device !== undefined)
    throw new UserError(
      `What Cycles computes on is chosen for .blend files only: leave “${request.device}” out.`,
      'arguments',
    );
  if (request.samples !== undefined && request.samples > MAX_GLTF_SAMPLES) {
    throw new UserError(
      `A glTF scene takes at most ${MAX_GLTF_SAMPLES} samples for each pixel, not ${request.samples}.`,
      'arguments',
    );
  }
  const { sceneName, cameras, animations: there } = contentOf(scene, request.sceneName);
  const animations = chosenAnimations(scene, there, request.animations, sceneName);
  const played = animations === null ? there : there.filter(({ name }) => animations.includes(name));
  const fps = request.fps ?? scene.fps;
  return {
    ...scene,
    sceneKind: 'glTF',
    fps,
    frameEnd: lastFrameOf(longest(played), fps),
    cameras,
    sceneName,
    animations,
    percentage: 100,
    views: () => [''],
    inSequence: false,
    format: 'png',
    formats: ['png'],
    installation: null,
    renderEngine: null,
    factoryStartup: false,
    withoutCameras: 'it has none, leave the camera out for a fitting one',
    output: () => join(outputDirectory, visible(scene.name), ...chosenParts(request).map(folderNameOf), '####.png'),
  };
}

/** The content of a scene. @throws UserError (`arguments`) when there is no such scene */
function contentOf(
  scene: SceneInfo,
  wanted: string | undefined,
): Pick<SceneInfo, 'cameras' | 'animations'> & { sceneName: string | null } {
  if (wanted === undefined) return { cameras: scene.cameras, animations: scene.animations, sceneName: null };
  const names = scene.scenes ?? [];
  const sceneName = findName(names, wanted);
  if (sceneName === null) {
    throw new UserError(
      `${scene.name} has no scene “${shortened(wanted)}”: ${names.length > 0 ? `its scenes are ${namesInWords(names)}` : 'it has only one, without a name; leave it out'}.`,
      'arguments',
    );
  }
  return { ...(scene.sceneContents?.[names.indexOf(sceneName)] ?? scene), sceneName };
}

/** The requested animations, by their names in the scene. @throws UserError (`arguments`) when one does not exist */
function chosenAnimations(
  scene: SceneInfo,
  there: SceneInfo['animations'],
  wanted: readonly string[] | undefined,
  sceneName: string | null,
): string[] | null {
  if (wanted === undefined) return null;
  const names = there.map(({ name }) => name);
  const found = wanted.map((name) => {
    const known = findName(names, name);
    if (known === null) throw new UserError(noAnimation(scene, name, names, sceneName), 'arguments');
    return known;
  });
  return [...new Set(found)];
}

function noAnimation(scene: SceneInfo, wanted: string, there: readonly string[], sceneName: string | null): string {
  const elsewhere = (scene.sceneContents ?? []).some(
    ({ animations }) =>
      findName(
        animations.map(({ name }) => name),
        wanted,
      ) !== null,
  );
  const shown = sceneName ?? scene.activeScene;
  if (elsewhere)
    return `The animation “${shortened(wanted)}” of ${scene.name} moves nothing in its scene “${shown}”: choose another scene, or ${there.length > 0 ? `one of ${namesInWords(there)}` : 'leave the animation out'}.`;
  return `${scene.name} has no animation “${shortened(wanted)}”: ${there.length > 0 ? `its animations are ${namesInWords(there)}` : 'it has none, leave it out'}.`;
}

/** Warns about animations of a job that animate the same properties. */
export function gltfWarnings(scene: SceneInfo, { sceneName, animations }: JobSettings): string[] {
  const there = contentOf(scene, sceneName ?? undefined).animations.map(({ name }) => name);
  return [
    ...scene.warnings,
    ...overlapWarnings(
      scene.overlaps,
      there.filter((name) => animations === null || animations.includes(name)),
    ),
  ];
}
