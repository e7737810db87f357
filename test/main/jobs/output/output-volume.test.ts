import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  SceneGoneError,
  type VolumeStore,
  isGone,
  jobVolumes,
  volumeOf,
} from '../../../../src/main/jobs/output/output-volume';
import { FrameError } from '../../../../src/main/engines/render-engine';
import { needs } from '../../../helpers/needs';
import { paperEngine } from '../../../helpers/paper-engine';
import { makeQueue, openQueue, paperJob } from '../../../helpers/paper-queue';
import { smallDisk } from '../../../helpers/small-disk';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const run = promisify(execFile);

/** Mounts an empty file system where one was unmounted before. */
const mount = (folder: string): Promise<unknown> =>
  run('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=700', 'framegauge-test', folder]);
const unmount = (folder: string): Promise<unknown> => run('umount', ['-l', folder]);

describe('the volume of a folder', () => {
  it.each([
    ['on the same one', '/mnt/nas/out', '/mnt/nas', '/mnt/nas', false],
    ['on the disk beneath', '/mnt/nas/out', '/mnt/nas', '/', true],
    ['nowhere', '/mnt/nas/out', '/mnt/nas', null, true],
    ['on one that was mounted above it', '/mnt/nas/out', '/', '/mnt/nas', false],
    ['elsewhere, where it was of another folder', '/home/me/out', '/mnt/nas', '/', false],
    ['on the disk beneath, and is its root', '/mnt/nas', '/mnt/nas', '/', true],
    ['on the disk beneath a name that begins alike', '/mnt/nas2/out', '/mnt/nas', '/', false],
  ])('is gone or not: %s', (_where, folder, before, now, expected) => {
    expect(isGone(folder, before, now)).toBe(expected);
  });

  it('is that of its nearest parent where it does not exist', async () => {
    const folder = temporaryFolder();
    expect(await volumeOf(join(folder, 'a', 'b'))).toEqual(await volumeOf(folder));
    expect((await volumeOf(folder))!.device).toBe(statSync(folder).dev);
  });

  it('is stored once, and anew where it is another', async () => {
    const folder = temporaryFolder();
    const { root } = (await volumeOf(folder))!;
    const stored: string[] = [];
    const store = (known: string | null): Parameters<typeof jobVolumes>[0] => ({
      volume: () => known,
      setVolume: (_id, of, now) => void stored.push(`${of} ${now}`),
    });
    for (const known of [null, root, '/of/another/folder'])
      await jobVolumes(store(known), 1, folder, join(folder, 'a.glb'));
    expect(stored).toEqual([1, 2].flatMap(() => [`output ${root}`, `scene ${root}`]));
  });
});

needs.smallDisk('a share that goes away', () => {
  it('holds the queue until it is there again, and nothing is written beneath it', async () => {
    const disk = await smallDisk(4);
    const output = join(disk, 'out', '####.png');
    let gone = false;
    const engine = paperEngine(async ({ frame }) => {
      if (frame === 2 && !gone) {
        gone = true;
        await unmount(disk);
      }
      return undefined;
    });
    const paper = makeQueue(temporaryFolder(), engine, 1, { writeRetry: 20 });
    await paper.queue.start();
    const { id } = await paper.queue.submit(paperJob(disk, { output, attempts: 1 }));
    await expect
      .poll(() => paper.told.at(-1)?.reason)
      .toBe(
        `Images cannot be written to ${join(disk, 'out')}, for the disk or share at ${disk} is not mounted any more: mount it again, and the queue goes on by itself.`,
      );
    expect(readdirSync(disk)).toEqual([]);
    await mount(disk);
    expect(await paper.ended(id)).toMatchObject({ state: 'completed', frames: { done: 3, failed: 0 } });
    // The first frame may have been on its way to its place when the share went.
    expect(readdirSync(join(disk, 'out'))).toEqual(expect.arrayContaining(['0002.png', '0003.png']));
  });

  it('with a scene has its job wait at no try, also on the next host, while others render', async () => {
    const disk = await smallDisk(4);
    const data = temporaryFolder();
    const scene = join(disk, 'paper.glb');
    let gone = false;
    const engine = paperEngine(async (request) => {
      if (request.scene !== scene || gone) return undefined;
      gone = true;
      await unmount(disk);
      throw new FrameError('The scene is not there.', true, 'render', [], 'scene');
    });
    const job = (name: string, change = {}) =>
      paperJob(data, { output: join(data, name, '####.png'), attempts: 1, ...change });
    const waiting = {
      state: 'queued',
      waitsFor: `the disk or share at ${disk} to be mounted again: its scene ${scene} is there`,
    };
    const first = openQueue(data, engine, 1);
    await first.queue.start();
    const { id } = await first.queue.submit(job('a', { scene }));
    const other = await first.queue.submit(job('b'));
    expect((await first.ended(other.id)).state).toBe('completed');
    expect(first.queue.shown(first.store.job(id)!)).toMatchObject(waiting);
    expect(first.told.map(({ state }) => state)).not.toContain('paused');
    await first.close();
    const second = makeQueue(data, engine, 1, { sceneRetry: 20 });
    await second.queue.start();
    const next = await second.queue.submit(job('c'));
    expect((await second.ended(next.id)).state).toBe('completed');
    expect(second.queue.shown(second.store.job(id)!)).toMatchObject(waiting);
    await mount(disk);
    expect(await second.ended(id)).toMatchObject({ state: 'completed', frames: { done: 3, failed: 0 } });
    expect(second.queue.shown(second.store.job(id)!).waitsFor).toBeNull();
    expect(second.told.map(({ state }) => state)).not.toContain('paused');
  });

  it('with a scene leaves its job in the queue once its last frame is over, though no other is there', async () => {
    const disk = await smallDisk(4);
    const data = temporaryFolder();
    const engine = paperEngine(async ({ frame }) => {
      if (frame === 1) await unmount(disk);
      else await expect.poll(() => queue.shown(store.job(id)!).waitsFor).toContain('to be mounted again');
      throw new FrameError('The scene is not there.', true, 'render', [], 'scene');
    });
    const { queue, store } = makeQueue(data, engine, 2);
    await queue.start();
    const { id } = await queue.submit(paperJob(data, { scene: join(disk, 'paper.glb'), frames: '1-2', workers: 2 }));
    await expect.poll(() => store.frames.get(id, 2)?.attempts).toBe(1);
    await expect.poll(() => store.job(id)!.frames.rendering).toBe(0);
    expect(store.job(id)!.state).toBe('queued');
    await mount(disk);
  });

  it('is missed by a scene behind a link, too, which leads nowhere then', async () => {
    const [disk, data] = [await smallDisk(4), temporaryFolder()];
    const [scenes, link] = [join(disk, 'scenes'), join(data, 'link')];
    mkdirSync(scenes);
    symlinkSync(scenes, link);
    const stored = new Map<string, string>();
    const store: VolumeStore = {
      volume: (_id, of) => stored.get(of) ?? null,
      setVolume: (_id, of, root) => void stored.set(of, root),
    };
    const look = () => jobVolumes(store, 1, data, join(link, 'paper.glb'));
    const { check } = await look();
    await unmount(disk);
    for (const missed of [check, look, look]) await expect(missed()).rejects.toThrow(SceneGoneError);
    await mount(disk);
    // Nothing but the folder is missing now.
    await look();
    expect(stored.get('scene')).toBe(disk);
    mkdirSync(scenes);
    await (await look()).check();
  });

  it('is noticed by a host that was started again, though its folder is there', async () => {
    const disk = await smallDisk(4);
    const data = temporaryFolder();
    const first = openQueue(data, paperEngine());
    const { id } = await first.queue.submit(paperJob(disk, { output: join(disk, '####.png') }));
    await first.close();
    await unmount(disk);
    mkdirSync(disk, { recursive: true });
    const paper = makeQueue(data, paperEngine(), 1, { writeRetry: 20 });
    await paper.queue.start();
    await expect.poll(() => paper.told.at(-1)?.reason).toContain(`at ${disk} is not mounted any more`);
    expect(readdirSync(disk)).toEqual([]);
    await mount(disk);
    expect((await paper.ended(id)).state).toBe('completed');
    expect(existsSync(join(disk, '0003.png'))).toBe(true);
  });
});
