import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameProgress, RenderRequest, RenderedFrame, Worker } from '../../src/main/engines/render-engine';

/** What a request needs beside the scene and the size, as it usually is. */
export const USUAL = {
  fps: 24,
  camera: null,
  format: 'png',
  sceneName: null,
  renderEngine: null,
} satisfies Partial<RenderRequest>;

/** A request whose usual parts may be left out. */
export type ShortRequest = Omit<RenderRequest, keyof typeof USUAL | 'folder'> & Partial<RenderRequest>;

/** Has a worker render one frame into a folder of its own, and reads its first file. */
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
