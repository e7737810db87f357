import { headlessChromium } from '../src/main/engines/pages/headless-chromium';
import type { PageOpener } from '../src/main/engines/pages/page-opener';
import { FrameError } from '../src/main/engines/render-engine';
import { startGltfHost } from '../test/helpers/gltf-host';
import { type ShortRequest, renderFrame } from '../test/helpers/render-frame';

/** Pages that render each request `frames` times in a loop; see src/renderer/render-page/bare-loop.ts. */
export function bareLoopPages(pages: PageOpener, frames: number): PageOpener {
  return { open: (url) => pages.open(`${url}&bench=${frames}`), close: () => pages.close() };
}

/**
 * The upper limit of the frame rate: the same page renders and encodes frames in a loop, with no queue, disk or host
 * involved.
 *
 * @param workers number of pages doing so concurrently, each with its own frames
 * @param request the first frame; the next ones follow
 * @returns frames per second over all workers
 */
export async function measureBareLoop(request: ShortRequest, frames: number, workers: number): Promise<number> {
  const each = Math.ceil(frames / workers);
  const host = await startGltfHost({ pages: bareLoopPages(headlessChromium(), each) });
  try {
    const running = await Promise.all(Array.from({ length: workers }, () => host.engine.startWorker('')));
    const images = await Promise.all(
      running.map((worker, i) => renderFrame(worker, { ...request, frame: request.frame + i * each })),
    );
    if (images.some(({ bytes }) => bytes.length === 0)) throw new FrameError('The loop rendered nothing.', true);
    return (each * workers) / Math.max(...images.map(({ seconds }) => seconds));
  } finally {
    await host.close();
  }
}
