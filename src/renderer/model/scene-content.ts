import type { Job } from '../../shared/jobs';
import type { BlenderScene, SceneInfo } from '../../shared/scene';
import { VIEW_TRANSFORMS, type ViewTransform } from './develop-image';

/** The scene of a .blend that the form is about; null for other files. */
export function blenderSceneOf(scene: SceneInfo, sceneName: string): BlenderScene | null {
  return scene.blender?.scenes.find(({ name }) => name === (sceneName || scene.blender!.activeScene)) ?? null;
}

/** The view transform that the open scene gives its images; null for images of another, and for one that is not shown here. */
export function sceneViewTransform(
  scene: SceneInfo | null,
  job: { readonly settings: Pick<Job['settings'], 'scene' | 'sceneName'> },
): ViewTransform | null {
  if (scene === null || scene.path !== job.settings.scene) return null;
  const name = blenderSceneOf(scene, job.settings.sceneName ?? '')?.viewTransform?.toLowerCase();
  return VIEW_TRANSFORMS.find((one) => one === name) ?? null;
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
