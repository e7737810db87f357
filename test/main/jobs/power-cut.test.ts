import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { contentOf } from '../../../src/main/jobs/output/fingerprint';
import { hashFile } from '../../../src/main/jobs/output/hash-file';
import { aroundLogFlushes } from '../../helpers/log-flushes';
import { needs } from '../../helpers/needs';
import { paperEngine } from '../../helpers/paper-engine';
import { makeQueue, openQueue, paperJob } from '../../helpers/paper-queue';
import { makePng } from '../../helpers/png';
import { smallDisk } from '../../helpers/small-disk';
import { temporaryFolder } from '../../helpers/temporary-folder';

const FILES = ['queue.sqlite', 'queue.sqlite-wal'];

/** Copies a database's files as of each flush that has ended: what a power cut leaves of them at least. @returns ends it */
function keepFlushed(folder: string, to: string): () => void {
  mkdirSync(to);
  return aroundLogFlushes(join(folder, 'queue.sqlite'), async (flush) => {
    const begun = FILES.map((name) => [name, readFileSync(join(folder, name))] as const);
    await flush();
    for (const [name, bytes] of begun) writeFileSync(join(to, name), bytes);
  });
}

it('goes on with a job after a power cut took from its database what was not flushed', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const flushed = join(folder, 'flushed');
  const first = openQueue(data, paperEngine());
  const stopKeeping = keepFlushed(data, flushed);
  await first.queue.start();
  const { id } = await first.queue.submit(paperJob(folder, { frames: '1-6' }));
  await first.seen(({ name, frame }) => name === 'render_write' && frame === 4);
  await first.close();
  stopKeeping();
  for (const name of FILES) rmSync(join(data, name), { force: true });
  for (const name of FILES) copyFileSync(join(flushed, name), join(data, name));
  expect(existsSync(join(folder, 'out', '0004.png'))).toBe(true);
  const second = makeQueue(data, paperEngine());
  await second.queue.start();
  expect(await second.ended(id)).toMatchObject({ state: 'completed', frames: { done: 6 } });
});

needs.smallDisk('a power cut after which the disk or share of the images is not mounted', () => {
  const run = promisify(execFile);

  /** A job whose frame 1 a host had in work when it was killed, and whose images are on a disk that is gone since. */
  async function interrupted() {
    const [disk, data] = [await smallDisk(4), temporaryFolder()];
    const engine = paperEngine();
    const { queue, store, close } = openQueue(data, engine);
    const { id, settings } = await queue.submit(paperJob(data, { output: join(disk, 'out', '####.png') }));
    const { fingerprint } = await contentOf('gltf', engine, settings);
    store.setState(id, 'rendering', null);
    const held = { jobId: id, frame: 1, lease: store.tries.start(id, 1, 1, 'box', fingerprint).lease };
    return {
      disk,
      data,
      engine,
      id,
      async kill(image: string | null = null) {
        if (image !== null) {
          const { size, mtimeMs } = statSync(image);
          const path = join(disk, 'out', '0001.png');
          const file = { path, bytes: size, modifiedAt: mtimeMs, sha256: await hashFile(image) };
          store.tries.writeJournal(held, { files: [file], fingerprint });
        }
        await close();
        await run('umount', ['-l', disk]);
      },
    };
  }

  it('keeps what was written, and counts it once it is there again', async () => {
    const { disk, data, engine, id, kill } = await interrupted();
    // Mounted with the image at once, as a share is.
    const share = await smallDisk(4);
    mkdirSync(join(share, 'out'));
    writeFileSync(join(share, 'out', '0001.png'), makePng(8, 6, 1));
    await kill(join(share, 'out', '0001.png'));
    const second = makeQueue(data, engine, 1, { writeRetry: 20 });
    await second.queue.start();
    expect(second.told.at(-1)?.reason).toContain(`at ${disk} is not mounted any more`);
    expect(second.store.frames.get(id, 1)).toMatchObject({ state: 'rendering' });
    await run('mount', ['--bind', share, disk]);
    expect(await second.ended(id)).toMatchObject({ state: 'completed', frames: { done: 3 } });
    expect(second.store.frames.get(id, 1)).toMatchObject({ state: 'done', attempts: 1, machine: 'box' });
    expect(second.events.filter(({ name }) => name === 'render_write')).toHaveLength(3);
    expect(second.told.at(-1)).toMatchObject({ state: 'running' });
  });

  it('takes over no frame of a machine, which would be written beneath', async () => {
    const { disk, data, engine, id, kill } = await interrupted();
    await kill();
    const place = {
      machine: 'box',
      tags: [],
      capacity: 1,
      renders: () => true,
      startWorker: () => engine.startWorker(''),
    };
    const given: string[] = [];
    const second = makeQueue(data, engine, 1, {
      writeRetry: 20,
      machines: () => [place],
      adopt: (machine) => ({ place, giveUp: () => given.push(machine) }),
    });
    await second.queue.start();
    await expect.poll(() => second.told.at(-1)?.reason).toContain(`at ${disk} is not mounted any more`);
    expect([readdirSync(disk), given]).toEqual([[], ['box']]);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=700', 'framegauge-test', disk]);
    expect(await second.ended(id)).toMatchObject({ state: 'completed', frames: { done: 3 } });
    expect(readdirSync(join(disk, 'out'))).toEqual(['0001.png', '0002.png', '0003.png']);
  });
});
