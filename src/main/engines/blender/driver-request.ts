import type { HostToBlender } from '../../../shared/worker-protocol';
import type { RenderRequest } from '../render-engine';
import type { BlendLimits } from './blend-access';

/**
 * What the driver needs to know of a frame, and nothing else: it loads the file anew when anything but the frame, the way to
 * it and its folder has changed.
 */
export function renderMessage(id: number, request: RenderRequest, limits: BlendLimits): HostToBlender {
  const { scene, frame, fps, width, height, samples, camera, format, sceneName, renderEngine } = request;
  const { spans, transparent, device, folder } = request;
  return {
    type: 'render',
    id,
    scene,
    frame,
    spans,
    fps,
    width,
    height,
    samples,
    camera,
    format,
    sceneName,
    renderEngine,
    transparent,
    device,
    limits,
    folder,
  };
}
