import { describe, expect, it, onTestFinished } from 'vitest';
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

describe('a scene that a frame failed of', () => {
  /** What the scene's file is like in each reading, the last for ever; `.` after its size where it can't be read. */
  function sourceOf(readings: readonly string[], onRead: (reading: number) => void = () => undefined) {
    const folder = temporaryFolder();
    const store = new JobStore(folder);
    onTestFinished(() => store.close());
    const { id } = store.add(paperJob(folder));
    let read = 0;
    const source = new JobSource({
      jobId: id,
      store,
      announcer: { job() {} } as never,
      async read() {
        const size = readings[Math.min(read++, readings.length - 1)]!;
        onRead(read);
        const sources = [{ path: '/a.glb', bytes: Number.parseInt(size, 10), modifiedAt: 1 }];
        return { fingerprint: `settings.${size}`, sources, whole: !size.endsWith('.') };
      },
      saveInterval: 0,
      onFault: (error) => expect.fail(String(error)),
    });
    return { source, count: () => read };
  }
  const { signal } = new AbortController();

  /** Whether it has changed; waits until it is saved then. */
  async function changedAndSaved(source: JobSource, until = signal): Promise<boolean> {
    if (!(await source.hasChanged(await source.current()))) return false;
    const saved = source.saved(until);
    expect(source.beingSaved).toBe(true);
    await saved;
    expect(source.beingSaved).toBe(false);
    return true;
  }

  it.each([
    ['is as it was', ['1'], false, 2],
    ['can’t be read, though its file is as it was', ['1', '1.'], false, 2],
    ['was saved', ['1', '2'], true, 3],
    ['is being saved', ['1', '2', '3', '4', '4'], true, 5],
    ['is being saved, and can’t be read until it is', ['1', '2.', '3.', '4'], true, 5],
  ])('%s', async (_how, readings, changed, count) => {
    const made = sourceOf(readings);
    expect(await changedAndSaved(made.source)).toBe(changed);
    expect(made.count()).toBe(count);
  });

  it('is waited for until the try is given up, or a minute is over', async () => {
    const sizes = Array.from({ length: 99 }, (_size, at) => String(at));
    const left = new AbortController();
    const given = sourceOf(sizes, (reading) => reading === 4 && left.abort());
    expect(await changedAndSaved(given.source, left.signal)).toBe(true);
    const endless = sourceOf(sizes);
    expect(await changedAndSaved(endless.source)).toBe(true);
    expect([given.count(), endless.count()]).toEqual([4, 31]);
  });
});
