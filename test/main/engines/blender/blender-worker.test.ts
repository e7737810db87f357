import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { join } from 'node:path';
import { startBlenderWorker, type BlenderWorkerOptions } from '../../../../src/main/engines/blender/blender-worker';
import { blenderScenes } from '../../../helpers/blender-scenes';
import { decodePng, difference } from '../../../helpers/decode-png';
import { needs, pathOf } from '../../../helpers/needs';
import { renderFrame, type ShortRequest } from '../../../helpers/render-frame';

type BlenderWorker = Awaited<ReturnType<typeof startBlenderWorker>>;

async function start(options: Partial<BlenderWorkerOptions> = {}): Promise<BlenderWorker> {
  const worker = await startBlenderWorker({ executable: pathOf('blender'), factoryStartup: true, allowScripts: false, ...options });
  onTestFinished(() => worker.stop());
  return worker;
}

let scenes: string;
function request(scene: string, more: Partial<ShortRequest> = {}): ShortRequest {
  return { scene: join(scenes, `${scene}.blend`), frame: 1, width: 160, height: 90, samples: 4, ...more };
}

needs.blender('a Blender worker', () => {
  beforeAll(async () => {
    scenes = await blenderScenes();
  });

  it('renders frame after frame, and quits when it is stopped', async () => {
    const worker = await start();
    expect(worker.version).toMatch(/^\d+\.\d+\.\d+$/);
    const progress: unknown[] = [];
    const first = await renderFrame(worker, request('anim'), { onProgress: (told) => progress.push(told) });
    const second = await renderFrame(worker, request('anim', { frame: 12 }));
    expect(difference(decodePng(first.bytes), decodePng(second.bytes))).toBeGreaterThan(1);
    await worker.stop();
    expect(await worker.exited).toEqual({ reason: 'stopped', message: 'The worker was stopped.' });
  });
});
