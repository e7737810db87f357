import { expect, it, onTestFinished } from 'vitest';
import { JobSource } from '../../../src/main/jobs/job-source';
import type { Content } from '../../../src/main/jobs/output/fingerprint';
import { JobStore } from '../../../src/main/jobs/store/job-store';
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

it('reads the source once for the frames that are delivered during one read', async () => {
  const folder = temporaryFolder();
  const store = new JobStore(folder);
  onTestFinished(() => store.close());
  const { id } = store.add(paperJob(folder));
  const reads: ((content: Content) => void)[] = [];
  const read = (): Promise<Content> => new Promise((resolve) => reads.push(resolve));
  const onFault = (error: unknown): never => expect.fail(String(error));
  const source = new JobSource({ jobId: id, store, announcer: { job() {} } as never, read, onFault });
  const answer = (version: number): void =>
    reads.at(-1)!({ fingerprint: `settings.${version}`, sources: [], whole: true });
  const first = source.readAgain();
  const [second, third] = [source.readAgain(), source.readAgain()];
  expect(reads).toHaveLength(1);
  answer(1);
  expect((await first).fingerprint).toBe('settings.1');
  // What had begun before they were delivered does not count for them.
  await expect.poll(() => reads.length).toBe(2);
  answer(2);
  expect([(await second).fingerprint, (await third).fingerprint]).toEqual(['settings.2', 'settings.2']);
  const last = source.readAgain();
  expect(reads).toHaveLength(3);
  answer(3);
  expect((await last).fingerprint).toBe('settings.3');
});
