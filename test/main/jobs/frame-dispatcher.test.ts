import { readFileSync, readdirSync } from 'node:fs';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FrameError, type RenderEngine, type RenderRequest } from '../../../src/main/engines/render-engine';
import { paperEngine } from '../../helpers/paper-engine';
import { makeQueue, paperJob, story } from '../../helpers/paper-queue';
import { makePng } from '../../helpers/png';
import { temporaryFolder } from '../../helpers/temporary-folder';

/** An engine whose first worker doesn't hear that its frame was given up, and delivers it in the end. */
function withDeafWorker(): {
  engine: RenderEngine;
  asked: RenderRequest[];
  deliver: () => void;
  delivered: Promise<void>;
} {
  const engine = paperEngine();
  const asked: RenderRequest[] = [];
  let deliver: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (deliver = resolve));
  let told: () => void = () => undefined;
  const delivered = new Promise<void>((resolve) => (told = resolve));
  const start = engine.startWorker.bind(engine);
  return {
    asked,
    deliver,
    delivered,
    engine: {
      ...engine,
      async startWorker(setup) {
        const worker = await start(setup);
        const deaf = engine.started.length === 1;
        return {
          ...worker,
          async render(request, onProgress, signal) {
            asked.push(request);
            if (!deaf) return worker.render(request, onProgress, signal);
            await gate;
            const path = join(request.folder, 'image.png');
            await writeFile(path, makePng(8, 6, 99));
            told();
            return { files: [{ path, target: { view: '' } }], seconds: 9, peakBytes: null, warnings: [], log: [] };
          },
        };
      },
    },
  };
}

it('places nothing of a try whose frame was given to another worker meanwhile', async () => {
  const folder = temporaryFolder();
  const { engine, asked, deliver, delivered } = withDeafWorker();
  const { queue, events, counters, seen, close } = makeQueue(folder, engine, 2);
  await queue.start();
  const { id } = await queue.submit(paperJob(folder, { frames: '1' }));
  await seen((event) => event.name === 'render_pre');
  await expect.poll(() => asked.length).toBe(1);
  queue.pause(id);
  queue.resume(id);
  await seen((event) => event.name === 'render_complete');
  const image = join(folder, 'out', '0001.png');
  const written = readFileSync(image);
  expect(written).toEqual(makePng(8, 6, 1));
  expect(asked).toHaveLength(2);
  expect(asked[0]!.folder).not.toBe(asked[1]!.folder);

  deliver();
  await delivered;
  await close();
  expect(readFileSync(image)).toEqual(written);
  expect(readdirSync(join(folder, 'out'))).toEqual(['0001.png']);
  expect(story(events, id)).toEqual(['init', 'pre 1', 'pre 1', 'post 1', 'write 1', 'complete']);
  expect(counters.totals().engines.gltf).toMatchObject({ rendered: 1, retried: 0 });
});

it('does not take the next worker of a slot for the one that died with its frame', async () => {
  const folder = temporaryFolder();
  let open: () => void = () => undefined;
  const others = new Promise<void>((resolve) => (open = resolve));
  let tell: () => void = () => undefined;
  const told = new Promise<void>((resolve) => (tell = resolve));
  const atWork = new Map<number, number>();
  let most = 0;
  const engine = paperEngine(async ({ frame }, { number }) => {
    atWork.set(number, (atWork.get(number) ?? 0) + 1);
    most = Math.max(most, atWork.get(number)!);
    if (frame === 11) await others;
    atWork.set(number, atWork.get(number)! - 1);
    return undefined;
  });
  const start = engine.startWorker.bind(engine);
  const { queue, seen, ended } = makeQueue(folder, {
    ...engine,
    async startWorker(setup) {
      const worker = await start(setup);
      if (engine.started.length > 1) return worker;
      return {
        ...worker,
        // What it left takes long to remove, as on a drive that does not answer.
        async render() {
          engine.started[0]!.die({ reason: 'crash', message: 'it crashed' });
          await told;
          throw new FrameError('it crashed', false, 'crash');
        },
      };
    },
  });
  await queue.start();
  const first = await queue.submit(paperJob(folder, { frames: '1' }));
  const second = await queue.submit(paperJob(folder, { frames: '11', output: join(folder, 'second', '####.png') }));
  await seen(({ name, frame }) => name === 'render_pre' && frame === 11);
  expect(queue.workers()).toMatchObject([{ slot: 1, state: 'rendering', frame: 11 }]);
  tell();
  await seen(({ name }) => name === 'frame_failed');
  expect(queue.workers()).toMatchObject([{ slot: 1, state: 'rendering', frame: 11 }]);
  open();
  for (const { id } of [first, second]) expect((await ended(id)).state).toBe('completed');
  expect(most).toBe(1);
});

it('waits without a worker for a scene that is being saved, and hands out no other frame of it meanwhile', async () => {
  const folder = temporaryFolder();
  const scene = join(folder, 'paper.glb');
  await writeFile(scene, 'a scene');
  let saves = true;
  const engine = paperEngine(async (request) => {
    if (request.scene !== scene || !saves) return undefined;
    saves = false;
    await writeFile(scene, 'another');
    await utimes(scene, 1, 1);
    throw new FrameError('the scene ends in the middle', true);
  });
  const { queue, store, events, seen } = makeQueue(folder, engine);
  await queue.start();
  const saved = await queue.submit(paperJob(folder, { frames: '1-2' }));
  const other = await queue.submit(
    paperJob(folder, { frames: '1', scene: join(folder, 'b.glb'), output: join(folder, 'second', '####.png') }),
  );
  await seen(({ name, job }) => name === 'render_write' && job?.id === other.id);
  expect(story(events, saved.id)).toEqual(['init', 'pre 1']);
  expect(store.job(saved.id)!.frames).toMatchObject({ waiting: 1, rendering: 1 });
});

it('loses no frame that could not be told of once it was handed out', async () => {
  const folder = temporaryFolder();
  const faults: unknown[] = [];
  const { queue, store, ended } = makeQueue(folder, paperEngine(), 1, {
    writeRetry: 20,
    onFault: (error) => faults.push(error),
  });
  const estimateStart = store.frames.estimateStart.bind(store.frames);
  store.frames.estimateStart = (id) => {
    if (faults.length > 0) return estimateStart(id);
    throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
  };
  await queue.start();
  const { id } = await queue.submit(paperJob(folder));
  expect(await ended(id)).toMatchObject({ state: 'completed', frames: { done: 3 } });
  expect(faults).toHaveLength(1);
});
