import { expect, it, onTestFinished } from 'vitest';
import { paperEngine } from '../../helpers/paper-engine';
import { makeQueue, paperJob } from '../../helpers/paper-queue';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('lets a worker begin its next frame while the source is read for the frame before', async () => {
  const folder = temporaryFolder();
  const rendered: number[] = [];
  const engine = paperEngine(({ frame }) => void rendered.push(frame));
  let readable: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (readable = resolve));
  const { queue, ended } = makeQueue(
    folder,
    {
      ...engine,
      // What is read once a frame is there does not come before the next one was begun.
      async sources() {
        if (rendered.length > 0) await gate;
        return [];
      },
    },
    1,
  );
  onTestFinished(() => readable());
  await queue.start();
  const { id } = await queue.submit(paperJob(folder, { frames: '1-3' }));
  await expect.poll(() => rendered, { timeout: 10_000 }).toContain(2);
  readable();
  expect((await ended(id)).state).toBe('completed');
  expect(rendered).toEqual([1, 2, 3]);
});

it('takes a job that was removed while its source was read for no fault', async () => {
  const folder = temporaryFolder();
  let readable: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (readable = resolve));
  let readings = 0;
  const { queue, seen, close } = makeQueue(folder, {
    ...paperEngine(),
    async sources() {
      // The job is looked at when it is taken, when it begins, and when its frame is there.
      if (++readings > 2) await gate;
      return [];
    },
  });
  onTestFinished(() => readable());
  await queue.start();
  const { id } = await queue.submit(paperJob(folder, { frames: '1' }));
  await seen(({ name }) => name === 'render_post');
  queue.cancel(id);
  queue.remove(id);
  readable();
  await close();
});
