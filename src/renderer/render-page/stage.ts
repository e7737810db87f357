import { DoubleSide, type Material, type Mesh, type MeshPhysicalMaterial, type WebGLRenderer } from 'three';
import type { HostToWorker } from '../../shared/worker-protocol';
import { timeOfFrame } from '../../shared/frame-time';
import { encodePng } from './encode-png';
import { type Graphics, gpuDone, gpuMark, nextTask } from './graphics';
import { mendShaders } from './mend-shaders';
import { RenderFailure } from './render-failure';
import { createSampler } from './sampler';
import type { SceneChoice } from './prepare-document';
import { checkCamera, chooseCamera, fitAspect, fittingCamera, type SceneCamera } from './scene-camera';
import { loadScene, type LoadedScene } from './scene-file';
import { mendShadowSides } from './shadow-sides';

export type RenderCommand = Extract<HostToWorker, { type: 'render' }>;

/** A command without the host's part. */
export type DrawRequest = Pick<
  RenderCommand,
  'url' | 'frame' | 'fps' | 'width' | 'height' | 'samples' | 'camera' | 'animations' | 'sceneName' | 'transparent'
>;

/** What was drawn. */
export interface Drawn {
  readonly scene: LoadedScene;
  /** The scene's own, whichever was looked through. */
  readonly camera: SceneCamera;
  readonly transparent: boolean;
}

export interface Picture {
  readonly image: Blob;
  /** A sentence each. */
  readonly warnings: readonly string[];
}

/** What a worker does for the host. */
export interface FrameRenderer {
  /**
   * @param onProgress receives the number of samples done, 0 while the scene loads
   * @returns a PNG, and warnings about it for the user
   * @throws RenderFailure
   */
  render(command: RenderCommand, onProgress: (sample: number) => void, signal: AbortSignal): Promise<Picture>;
}

/** Renders frames; keeps the last scene loaded. Calls must not overlap. */
export interface Stage extends FrameRenderer {
  /**
   * Draws a frame onto the canvas.
   *
   * @param through the camera to look through instead of the scene's own
   * @throws RenderFailure
   */
  draw(
    request: DrawRequest,
    onProgress: (sample: number) => void,
    signal: AbortSignal,
    through?: (own: SceneCamera, scene: LoadedScene) => SceneCamera,
  ): Promise<Drawn>;
}

const REFUSED =
  'This machine’s graphics refused a part of the scene, which may be missing: compare with another program, or export it again.';

export function createStage(graphics: Graphics): Stage {
  const { renderer, canvas } = graphics;
  mendShadowSides();
  mendShaders();
  const sampler = createSampler(graphics);
  let loaded: { key: string; scene: LoadedScene } | null = null;
  /** Scenes that were drawn, and whether the driver refused a part of each. */
  const refusals = new WeakMap<LoadedScene, boolean>();

  async function sceneAt(
    url: string,
    choice: SceneChoice,
    onProgress: () => void,
    signal: AbortSignal,
  ): Promise<LoadedScene> {
    const key = JSON.stringify([url, choice]);
    if (loaded?.key === key) return loaded.scene;
    loaded?.scene.release();
    loaded = null;
    const scene = await loadScene(renderer, url, choice, onProgress, signal);
    const order = (id: number): number => scene.order.get(id) ?? 0;
    tuneTransmission(renderer, scene);
    renderer.setOpaqueSort(
      (a, b) => a.groupOrder - b.groupOrder || a.renderOrder - b.renderOrder || a.z - b.z || order(a.id) - order(b.id),
    );
    renderer.setTransparentSort(
      (a, b) => a.groupOrder - b.groupOrder || a.renderOrder - b.renderOrder || b.z - a.z || order(a.id) - order(b.id),
    );
    loaded = { key, scene };
    return scene;
  }

  // three.js keeps a render target per camera for what is seen through glass: a new camera every frame would exhaust
  // GPU memory.
  let fitted: { scene: LoadedScene; aspect: number; camera: SceneCamera } | null = null;
  function fitting(scene: LoadedScene, aspect: number): SceneCamera {
    if (fitted?.scene !== scene || fitted.aspect !== aspect)
      fitted = { scene, aspect, camera: fittingCamera(scene.bounds, aspect) };
    return fitted.camera;
  }

  const draw: Stage['draw'] = async (request, onProgress, signal, through) => {
    const { width, height, samples, frame, fps, animations, sceneName } = request;
    if (!request.url) throw new RenderFailure('The host did not say where the scene is.', true);
    const loadedScene = await sceneAt(request.url, { animations, sceneName }, () => onProgress(0), signal);
    const { scene, pose, cameras, light, background } = loadedScene;
    pose.set(timeOfFrame(frame, fps));
    light.aim(Math.max(width, height));
    const aspect = width / height;
    const own = chooseCamera(cameras, request.camera, () => fitting(loadedScene, aspect));
    checkCamera(own);
    fitAspect(own, aspect);
    const camera = through?.(own, loadedScene) ?? own;
    if (camera !== own) fitAspect(camera, aspect);
    const transparent = request.transparent ?? loadedScene.transparent;
    const isFirst = !refusals.has(loadedScene);
    // What was refused before is of no scene.
    if (isFirst) graphics.hasRefused();
    await sampler.render({
      scene,
      camera,
      width,
      height,
      samples,
      background,
      transparent,
      dropShadow: () => light.dropShadow(),
      signal,
      onSample: onProgress,
    });
    if (isFirst) refusals.set(loadedScene, graphics.hasRefused());
    return { scene: loadedScene, camera: own, transparent };
  };

  return {
    draw,
    async render(command, onProgress, signal) {
      const { width, height } = command;
      const { scene, transparent } = await draw(command, onProgress, signal);
      const image = transparent
        ? await encodePng(graphics.readPixels(), width, height)
        : await canvas.convertToBlob({ type: 'image/png' });
      // A context lost meanwhile leaves an empty canvas, and the page learns of it later: if the GPU answers now, it
      // was alive when the image was read.
      await gpuDone(graphics, gpuMark(graphics));
      // The event of a lost context arrives as a separate task.
      await nextTask();
      graphics.check();
      const warnings = [...scene.warnings, ...scene.light.warnings];
      return { image, warnings: refusals.get(scene) ? [...warnings, REFUSED] : warnings };
    },
  };
}

/**
 * three.js renders what is seen through glass to a separate image with at least four samples a pixel, on top of ours,
 * which triples a frame's time without a GPU. They are needed only for two-sided glass, where one side is seen through
 * the other; otherwise a sample count of NaN disables them. And where all glass is solid, refraction distorts the image
 * so much that half the pixels suffice; panes get full resolution.
 */
function tuneTransmission(renderer: WebGLRenderer, { scene }: LoadedScene): void {
  let twoSided = false;
  let pane = false;
  scene.traverse((object) => {
    if (!('isMesh' in object)) return;
    for (const material of ([] as Material[]).concat((object as Mesh).material)) {
      const { transmission, thickness, side } = material as MeshPhysicalMaterial;
      if (!(transmission > 0)) continue;
      twoSided ||= side === DoubleSide;
      pane ||= thickness === 0;
    }
  });
  renderer.capabilities.samples = twoSided ? 0 : Number.NaN;
  renderer.transmissionResolutionScale = pane ? 1 : 0.7;
}
