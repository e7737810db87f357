import { cpSync, readFileSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../../../src/main/farm/bullmq/connection';
import type { HostState } from '../../../src/shared/host-api';
import type { Job } from '../../../src/shared/jobs';
import { decodePng } from '../../helpers/decode-png';
import { eventually } from '../../helpers/eventually';
import { needs } from '../../helpers/needs';
import { startRedis } from '../../helpers/redis';
import { smallDisk } from '../../helpers/small-disk';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { type TestMachine, startMachine } from './farm-fixture';
import { type ManagerHost, colourOf, makeManagerHost } from './manager-host';

const OTHER_CLOCK = pathToFileURL(resolve(import.meta.dirname, 'other-clock.mjs')).href;

/** A machine that takes frames. */
async function joined(manager: ManagerHost, folder: string, name: string, more = {}): Promise<TestMachine> {
  const machine = startMachine(join(folder, name), await manager.invite(), { name, ...more });
  await manager.machinesWhere((list) => list.some((one) => one.name === name && one.state === 'idle'));
  return machine;
}

/** Settles when a machine has a frame in work. */
async function inWork(manager: ManagerHost, { dataFolder }: TestMachine): Promise<void> {
  await manager.machinesWhere(() => readdirSync(join(dataFolder, 'machine', 'frames')).length > 0);
}

/** Every frame of a job is in its place, from one scene, at no failure, and nothing else is there. */
async function expectWhole(manager: ManagerHost, folder: string, { id, frames }: Job, scene: number): Promise<void> {
  const stored = await manager.frames(id);
  expect(stored.map(({ state, reason }) => [state, reason])).toEqual(stored.map(() => ['done', null]));
  const images = join(folder, `images-${scene}`);
  expect(readdirSync(images)).toHaveLength(frames.total);
  for (const { frame, file } of stored)
    expect(decodePng(readFileSync(file!)).at(0, 0).slice(0, 3)).toEqual(colourOf(scene, frame));
}

needs.redis('a farm', () => {
  it('hands out the frame of a machine that was stopped, refuses it later, and uses the machine again', async () => {
    const folder = temporaryFolder();
    const manager = await makeManagerHost(folder);
    await manager.start();
    const slow = await joined(manager, folder, 'slow');
    const job = await manager.submit(2, 5_000, { attempts: 1 });
    await inWork(manager, slow);
    slow.kill('SIGSTOP');
    await joined(manager, folder, 'quick', { workers: 2 });
    const ended = await manager.end(job.id);
    await expectWhole(manager, folder, ended, 1);
    expect((await manager.frames(job.id)).map(({ machine }) => machine)).toEqual(['quick', 'quick']);
    slow.kill('SIGCONT');
    await slow.printed(/^frame \d: (Lease \d+ is void|It was given up)/m);
    await expectWhole(manager, folder, ended, 1);
    await manager.machinesWhere((list) => list.some(({ name, state }) => name === 'slow' && state === 'idle'));
    const next = await manager.submit(4, 500);
    await manager.end(next.id);
    expect(new Set((await manager.frames(next.id)).map(({ machine }) => machine))).toEqual(new Set(['quick', 'slow']));
  });

  it('gets frames over HTTP while its ticket queue hangs, and goes on after that was wiped', async () => {
    const folder = temporaryFolder();
    const manager = await makeManagerHost(folder);
    await manager.start();
    const box = await joined(manager, folder, 'box');
    const job = await manager.submit(3, 2_000, { attempts: 1 });
    await inWork(manager, box);
    process.kill(manager.redis()!, 'SIGSTOP');
    const done = ({ frames }: Job): boolean => frames.done > 0;
    await eventually(
      'the frame in work',
      async () => {
        const now = await manager.ask<Job>('GET', `/jobs/${job.id}`);
        return done(now) ? now : null;
      },
      600_000,
    );
    // The manager starts it again, with nothing in it.
    const pid = manager.redis()!;
    rmSync(join(manager.dataFolder, 'farm', 'redis', 'appendonlydir'), { recursive: true });
    process.kill(pid, 'SIGKILL');
    await expectWhole(manager, folder, await manager.end(job.id), 1);
    const log = readFileSync(join(manager.dataFolder, 'logs', 'host.log'), 'utf8');
    expect(log).toMatch(/has died \(SIGKILL\) and is started again/);
  });

  it('works where the clocks of its machines are ten minutes apart', async () => {
    const folder = temporaryFolder();
    const clock = (minutes: number) => ({
      env: { NODE_OPTIONS: `--import ${OTHER_CLOCK}`, OTHER_CLOCK: String(minutes * 60_000) },
    });
    const manager = await makeManagerHost(folder, clock(-10));
    await manager.start();
    await joined(manager, folder, 'ahead', clock(10));
    await joined(manager, folder, 'behind', clock(-20));
    const job = await manager.submit(12, 400, { attempts: 1 });
    await expectWhole(manager, folder, await manager.end(job.id), 1);
    const frames = await manager.frames(job.id);
    expect(new Set(frames.map(({ machine }) => machine))).toEqual(new Set(['ahead', 'behind']));
    expect(frames.map(({ attempts }) => attempts)).toEqual(frames.map(() => 1));
    expect(Math.abs(job.createdAt - Date.now())).toBeGreaterThan(300_000);
  });

  it('goes on where its ticket server is flushed again and again, and gets old tickets back', async () => {
    const folder = temporaryFolder();
    const { port } = await startRedis(['--appendonly', 'yes']);
    const redis = connect({ host: '127.0.0.1', port, username: undefined, password: undefined, tls: null }, 'wait');
    onTestFinished(() => redis.disconnect());
    const manager = await makeManagerHost(folder, {
      preferences: { 'farm.start': false, 'farm.redis': `redis://127.0.0.1:${port}` },
    });
    await manager.start();
    const box = await joined(manager, folder, 'box', { workers: 2 });
    // Every key as it is now, as in a dump of the server.
    const dump = async (): Promise<[string, Buffer][]> => {
      const keys = await redis.keys('*');
      const values = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
      return keys.flatMap((key, index) => (values[index] ? [[key, values[index]] as [string, Buffer]] : []));
    };
    const job = await manager.submit(16, 800, { attempts: 1 });
    let old: readonly [string, Buffer][] = [];
    for (let flushed = 0; flushed < 4; flushed++) {
      await inWork(manager, box);
      if (flushed === 0) old = await dump();
      await redis.flushall();
      if (flushed === 2) for (const [key, value] of old) await redis.restore(key, 0, value, 'REPLACE');
      const { done } = (await manager.ask<Job>('GET', `/jobs/${job.id}`)).frames;
      await eventually(
        'another frame',
        async () => ((await manager.ask<Job>('GET', `/jobs/${job.id}`)).frames.done > done ? true : null),
        60_000,
      );
    }
    await expectWhole(manager, folder, await manager.end(job.id), 1);
  });

  it('belongs to the manager that was started last', async () => {
    const folder = temporaryFolder();
    const { port } = await startRedis(['--appendonly', 'yes']);
    const preferences = { 'farm.start': false, 'farm.redis': `redis://127.0.0.1:${port}` };
    const first = await makeManagerHost(join(folder, 'first'), { preferences });
    await first.start();
    const box = await joined(first, folder, 'box');
    const job = await first.submit(2, 600_000, { attempts: 1 });
    await inWork(first, box);
    // A copy of its data folder, as from a backup, on another computer.
    const second = await makeManagerHost(join(folder, 'second'), { preferences });
    for (const name of ['farm', 'queue.sqlite', 'queue.sqlite-wal'])
      cpSync(join(first.dataFolder, name), join(second.dataFolder, name), { recursive: true });
    await second.start();
    const notices = await eventually(
      'the first manager giving up',
      async () => {
        const state = await first.ask<HostState>('GET', '/state');
        const texts = state.notices.map(({ text }) => text).join('\n');
        return texts.includes('Another manager of this farm') ? texts : null;
      },
      600_000,
    );
    expect(notices).toMatch(/was started after this one.*: this one hands out no more frames/);
    // What it had handed out is void, and nothing more is.
    await box.printed(/^frame 1: (Lease \d+ is void|It was given up)/m);
    await eventually(
      'both frames waiting',
      async () => {
        const { frames } = await first.ask<Job>('GET', `/jobs/${job.id}`);
        return frames.waiting === 2 && frames.rendering === 0 ? frames : null;
      },
      600_000,
    );
    // Whoever is started takes the farm over.
    first.kill('SIGTERM');
    await first.ended();
    second.kill('SIGTERM');
    await second.ended();
    await first.start();
    await first.ask('POST', `/jobs/${job.id}/cancel`);
    await first.machinesWhere(([one]) => one?.state === 'idle');
    const last = await first.submit(2, 0);
    expect(await first.end(last.id)).toMatchObject({ state: 'completed' });
  });

  needs.smallDisk('with a machine that has no room', () => {
    it('lets that one rest, says why, and goes on with the others', async () => {
      const folder = temporaryFolder();
      const manager = await makeManagerHost(folder);
      await manager.start();
      const disk = await smallDisk(4);
      await joined(manager, disk, 'full');
      writeFileSync(join(disk, 'filler'), Buffer.alloc(statfsSync(disk).bavail * statfsSync(disk).bsize));
      await joined(manager, folder, 'roomy');
      const job = await manager.submit(4, 500, { attempts: 1 });
      const [full] = await manager.machinesWhere((list) => list.some(({ state }) => state === 'resting'));
      expect(full).toMatchObject({ name: 'full', reason: expect.stringContaining('ENOSPC') as unknown });
      await expectWhole(manager, folder, await manager.end(job.id), 1);
      expect(new Set((await manager.frames(job.id)).map(({ machine }) => machine))).toEqual(new Set(['roomy']));
    });
  });
});
