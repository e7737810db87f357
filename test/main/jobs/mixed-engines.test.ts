import { expect, it } from 'vitest';
import { paperEngine } from '../../helpers/paper-engine';
import { makeQueue, paperJob } from '../../helpers/paper-queue';
import { temporaryFolder } from '../../helpers/temporary-folder';

it(
  'a better job that bears one worker finds room among the workers of another engine',
  { timeout: 60_000 },
  async () => {
    const folder = temporaryFolder();
    const [gltf, blender] = [paperEngine(), { ...paperEngine(), id: 'blender' as const }];
    const { queue, ended } = makeQueue(folder, gltf, 2, {
      engines: new Map<'gltf' | 'blender', typeof gltf | typeof blender>([
        ['gltf', gltf],
        ['blender', blender],
      ]),
      workerLimit: ({ engine }) => (engine === 'blender' ? 1 : 2),
    });
    await queue.start();
    // Its two workers are starting when the better job comes.
    const plain = await queue.submit(paperJob(folder, { frames: '1-40' }));
    const better = await queue.submit({ ...paperJob(folder, { frames: '101-103' }), engine: 'blender', priority: 1 });
    expect(await ended(better.id)).toMatchObject({ state: 'completed', frames: { done: 3 } });
    expect(await ended(plain.id)).toMatchObject({ state: 'completed', frames: { done: 40 } });
  },
);
