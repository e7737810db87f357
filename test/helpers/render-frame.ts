import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameProgress, RenderRequest, RenderedFrame, Worker } from '../../src/main/engines/render-engine';

let leases = 0;

/** Default values of a request, apart from the scene and the size. As in a queue, no two requests have one lease. */
export const USUAL = {
  get lease() {
    return ++leases;
  },
  spans: [],
  fps: 24,
  camera: null,
  format: 'png',
  sceneName: null,
  renderEngine: null,
  animations: null,
  transparent: null,
  device: null,
} satisfies Partial<RenderRequest>;

/** A request whose defaults may be omitted. */
export type ShortRequest = Omit<RenderRequest, keyof typeof USUAL | 'folder'> & Partial<RenderRequest>;

/** Renders one frame with a worker into its own folder, and reads the frame's first file. */
export async function renderFrame(
  worker: Worker,
  request: ShortRequest,
  {
    onProgress = () => undefined,
    signal = new AbortController().signal,
  }: { onProgress?: (progress: FrameProgress) => void; signal?: AbortSignal } = {},
): Promise<RenderedFrame & { readonly bytes: Uint8Array }> {
  const folder = mkdtempSync(join(tmpdir(), 'framegauge-frame-'));
  try {
    const rendered = await worker.render({ ...USUAL, folder, ...request }, onProgress, signal);
    return { ...rendered, bytes: readFileSync(rendered.files[0]!.path) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
