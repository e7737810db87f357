import { DoubleSide, type Material, type Mesh, type MeshPhysicalMaterial, type WebGLRenderer } from 'three';
import type { HostToWorker } from '../../shared/worker-protocol';
import { timeOfFrame } from '../../shared/frame-time';
import type { Graphics } from './graphics';
import { RenderFailure } from './render-failure';
import { createSampler } from './sampler';
import { chooseCamera, fitAspect, fittingCamera } from './scene-camera';
import { loadScene, type LoadedScene } from './scene-file';

export type RenderCommand = Extract<HostToWorker, { type: 'render' }>;

/** Renders frames; keeps the last scene loaded. */
export interface Stage {
  /**
   * @param onProgress samples done, 0 while the scene is being loaded
   * @returns a PNG
   * @throws RenderFailure
   */
  render(command: RenderCommand, onProgress: (sample: number) => void, signal: AbortSignal): Promise<Blob>;
}

export function createStage(graphics: Graphics): Stage {
  const { renderer, canvas } = graphics;
  const sampler = createSampler(graphics);
  let loaded: { url: string; scene: LoadedScene } | null = null;

  async function sceneAt(url: string, onProgress: () => void, signal: AbortSignal): Promise<LoadedScene> {
    if (loaded?.url === url) return loaded.scene;
    loaded?.scene.release();
    loaded = null;
    const scene = await loadScene(renderer, url, onProgress, signal);
    const place = (id: number): number => scene.order.get(id) ?? 0;
    tuneTransmission(renderer, scene);
    renderer.setOpaqueSort(
      (a, b) => a.groupOrder - b.groupOrder || a.renderOrder - b.renderOrder || a.z - b.z || place(a.id) - place(b.id),
    );
    renderer.setTransparentSort(
      (a, b) => a.groupOrder - b.groupOrder || a.renderOrder - b.renderOrder || b.z - a.z || place(a.id) - place(b.id),
    );
    loaded = { url, scene };
    return scene;
  }

  return {
    async render(command, onProgress, signal) {
      const { width, height, samples, frame, fps } = command;
      if (!command.url) throw new RenderFailure('The host did not say where the scene is.', true);
      const { scene, pose, cameras, light, bounds } = await sceneAt(command.url, () => onProgress(0), signal);
      pose.set(timeOfFrame(frame, fps));
      light.aim(Math.max(width, height));
      const aspect = width / height;
      const camera = chooseCamera(cameras, command.camera, () => fittingCamera(bounds, aspect));
      fitAspect(camera, aspect);
      await sampler.render({ scene, camera, width, height, samples, signal, onSample: onProgress });
      return canvas.convertToBlob({ type: 'image/png' });
    },
  };
}

/**
 * Three draws what is seen through glass in a picture of its own, with at least four samples a pixel on top of ours, which without a graphics card triples the time of
 * a frame. It needs them only where glass has two sides, one drawn through the other; elsewhere a number of samples that is none takes them away. And where all
 * glass is solid, it bends what is behind it so much that half the pixels do; a pane gets all of them.
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
