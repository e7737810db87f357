import type { Job } from '../../shared/jobs';
import type { BlenderScene, SceneInfo } from '../../shared/scene';
import { VIEW_TRANSFORMS, type ViewTransform } from './develop-image';

/** The scene of a .blend that the form is about; null for other files. */
export function blenderSceneOf(scene: SceneInfo, sceneName: string): BlenderScene | null {
  return scene.blender?.scenes.find(({ name }) => name === (sceneName || scene.blender!.activeScene)) ?? null;
}

/** The view transform that a scene gives its images. */
export interface SceneView {
  /** Blender's name of it; null where it is not known. */
  readonly name: string | null;
  /** What shows it here; null for one that nothing does. */
  readonly transform: ViewTransform | null;
}

/** The view transform of a job's scene: as that is set now where it is open, else as it was when the job was planned. */
export function sceneView(
  open: SceneInfo | null,
  { settings }: { readonly settings: Pick<Job['settings'], 'scene' | 'sceneName' | 'viewTransform'> },
): SceneView {
  const scene = open?.path === settings.scene ? blenderSceneOf(open, settings.sceneName ?? '') : null;
  const name = (scene ? scene.viewTransform : settings.viewTransform) ?? null;
  return { name, transform: VIEW_TRANSFORMS.find((one) => one === name?.toLowerCase()) ?? null };
}

/**
 * What a scene has for samples with a render engine; null where the engine has no such thing, or the file doesn't say.
 */
export function samplesFor(scene: BlenderScene, renderEngine: string): number | null {
  return scene.samplesByEngine?.[renderEngine] ?? (renderEngine === scene.renderEngine ? scene.samples : null);
}

/** The scenes of the file that can be chosen from. */
export function sceneNames(scene: SceneInfo): readonly string[] {
  return scene.blender?.scenes.map(({ name }) => name) ?? scene.scenes ?? [];
}

/** The one that is rendered where none is chosen; empty where there is nothing to choose. */
export function defaultScene(scene: SceneInfo): string {
  return scene.blender?.activeScene ?? scene.activeScene ?? '';
}

/** What is in one of the file's scenes. */
export function contentOf(scene: SceneInfo, sceneName: string): Pick<SceneInfo, 'cameras' | 'animations'> {
  const blender = blenderSceneOf(scene, sceneName);
  if (blender) return { cameras: blender.cameras, animations: [] };
  return scene.sceneContents?.[scene.scenes?.indexOf(sceneName) ?? -1] ?? scene;
}

/** Animations of a glTF that are played together. */
export function playedAnimations(
  scene: SceneInfo,
  { sceneName, animations }: { readonly sceneName: string; readonly animations: readonly string[] },
): SceneInfo['animations'] {
  const there = contentOf(scene, sceneName).animations;
  return animations.length === 0 ? there : there.filter(({ name }) => animations.includes(name));
}
