import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { HostEvent } from '../../../src/shared/host-api';
import { decodePng } from '../../helpers/decode-png';
import { eventually } from '../../helpers/eventually';
import { needs } from '../../helpers/needs';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { type TestMachine, type TestManager, joinMachines, startMachine, startManager } from './farm-fixture';

/** Who rendered which frames, from what the host tells its UIs. */
function watchMachines({ host }: TestManager): Map<string, Set<number>> {
  const rendered = new Map<string, Set<number>>();
  host.subscribe((event: HostEvent) => {
    if (event.type !== 'workers') return;
    for (const { machine = 'the manager', frame } of event.workers)
      if (frame !== null) rendered.set(machine, (rendered.get(machine) ?? new Set()).add(frame));
  });
  return rendered;
}

/** Settles when a machine renders a frame of a job. @returns the frame */
function renders({ host }: TestManager, machine: string): Promise<number> {
  return new Promise((settle) => {
    const stop = host.subscribe((event: HostEvent) => {
      if (event.type !== 'workers') return;
      const busy = event.workers.find((worker) => worker.machine === machine && worker.frame !== null);
      if (!busy) return;
      stop();
      settle(busy.frame!);
    });
  });
}

/** Settles when a machine has a frame in work. @returns the folder of its frames */
async function inWork(manager: TestManager, { dataFolder }: TestMachine): Promise<string> {
  const frames = join(dataFolder, 'machine', 'frames');
  await manager.machinesWhere(() => readdirSync(frames).length === 1);
  return frames;
}

needs.redis('a farm', () => {
  it('renders a job on two machines, each frame once', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const rendered = watchMachines(manager);
    await joinMachines(manager, folder, ['left', 'right']);
    const job = await manager.submit(12, 50);
    expect(await manager.ended(job.id)).toMatchObject({ state: 'completed', frames: { total: 12, done: 12 } });

    expect([...rendered.keys()].sort()).toEqual(['left', 'right']);
    for (const { frame, machine } of await manager.call('job.frames', { id: job.id }))
      expect([frame, rendered.get(machine!)?.has(frame)]).toEqual([frame, true]);
    const ofLeft = await manager.call('job.list', { machine: 'left' });
    expect(ofLeft.jobs.map(({ id, machines }) => [id, [...machines].sort()])).toEqual([[job.id, ['left', 'right']]]);
    expect(await manager.call('job.list', { machine: 'nobody' })).toEqual({ jobs: [], total: 0 });
    const frames = [...rendered.values()].flatMap((set) => [...set]).sort((a, b) => a - b);
    expect(frames).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const images = join(folder, 'images-1');
    expect(readdirSync(images).sort()).toEqual(frames.map((frame) => `${String(frame).padStart(4, '0')}.png`));
    for (const frame of frames) {
      const { width, height, at } = decodePng(readFileSync(join(images, `${String(frame).padStart(4, '0')}.png`)));
      const index = frame - 1;
      expect([width, height, ...at(0, 0).slice(0, 3)]).toEqual([16, 8, index, 2 * index, 255 - index]);
    }
    const stored = await manager.call('job.frames', { id: job.id });
    expect(stored.map(({ attempts }) => attempts)).toEqual(frames.map(() => 1));
  });

  it('renders the frame of a machine that was killed on another, at no attempt', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const [left] = await joinMachines(manager, folder, ['left', 'right']);
    const busy = renders(manager, 'left');
    // One attempt: a failure would fail the frame, and the job with it.
    const job = await manager.submit(4, 400, { attempts: 1 });
    await busy;
    left!.kill('SIGKILL');
    expect(await manager.ended(job.id)).toMatchObject({ state: 'completed', frames: { done: 4, failed: 0 } });
    const [machine] = await manager.machinesWhere(([one]) => one?.state === 'cut-off');
    expect(machine).toMatchObject({ name: 'left', reason: expect.stringContaining('not been heard from') as unknown });
    expect(readdirSync(join(folder, 'images-1'))).toHaveLength(4);
  });

  it('hands out the frame of a machine that stops at once', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const [left] = await joinMachines(manager, folder, ['left']);
    const job = await manager.submit(2, 60_000, { attempts: 1 });
    await inWork(manager, left!);
    left!.kill('SIGTERM');
    await left!.ended;
    expect(await manager.call('job.get', { id: job.id })).toMatchObject({ frames: { waiting: 2, rendering: 0 } });
  });

  it('finishes frames while its ticket queue is killed, and goes on when that is back', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const [left] = await joinMachines(manager, folder, ['left']);
    const job = await manager.submit(3, 1_500, { attempts: 1 });
    await inWork(manager, left!);
    const pid = join(manager.dataFolder, 'farm', 'redis', 'redis.pid');
    process.kill(Number(readFileSync(pid, 'utf8')), 'SIGKILL');
    expect(await manager.ended(job.id)).toMatchObject({ state: 'completed', frames: { done: 3, failed: 0 } });
    const frames = await manager.call('job.frames', { id: job.id });
    expect(frames[0]!.attempts).toBe(1);
    // What was told of it went with its cause.
    expect(readFileSync(join(manager.dataFolder, 'logs', 'host.log'), 'utf8')).toMatch(/ticket queue is away/);
    await eventually('no notice of the ticket queue', async () => {
      const { notices } = await manager.call('host.state', {});
      return notices.some(({ text }) => /ticket queue|has died/.test(text)) ? null : true;
    });
  });

  it('gives up a frame on its machine when its job is cancelled', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const [left] = await joinMachines(manager, folder, ['left']);
    const job = await manager.submit(1, 60_000);
    const frames = await inWork(manager, left!);
    await manager.call('job.cancel', { id: job.id });
    await left!.printed(/^frame 1: It was given up/m);
    expect(readdirSync(frames)).toEqual([]);
    // It works on.
    expect(await manager.ended((await manager.submit(2)).id)).toMatchObject({ state: 'completed' });
  });

  it('lets a machine in once for an invitation, and again by what it keeps', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const invitation = await manager.call('machine.invite', {});
    const data = join(folder, 'first');
    const first = startMachine(data, invitation, { name: 'first' });
    const id = (await first.printed(/^ready (\w+)$/m))[1];
    const identity = join(data, 'machine', 'identity.json');
    expect(statSync(identity).mode & 0o077).toBe(0);
    expect(invitation.command).toContain(`--join ${invitation.url} --token ${invitation.token}`);

    const second = startMachine(join(folder, 'second'), invitation, { name: 'second' });
    expect((await second.printed(/^refused: (.*)$/m))[1]).toContain('no open invitation');
    expect(existsSync(join(folder, 'second', 'machine'))).toBe(false);
    const stranger = { ...invitation, token: `${invitation.token.slice(0, -6)}AAAAAA` };
    const third = startMachine(join(folder, 'third'), stranger);
    expect((await third.printed(/^refused: (.*)$/m))[1]).toContain('its certificate is another one');

    first.kill('SIGTERM');
    await first.ended;
    const again = startMachine(data, null);
    expect((await again.printed(/^ready (\w+)$/m))[1]).toBe(id);
    await manager.call('machine.forget', { id: id! });
    await again.printed(/^dismissed: This machine is not part of the farm/m);
    expect(await manager.call('machine.list', {})).toEqual([]);

    // The same token starts it as what it was; a new one has it join anew.
    await again.ended;
    const back = startMachine(data, await manager.call('machine.invite', {}), { name: 'first' });
    expect((await back.printed(/^ready (\w+)$/m))[1]).not.toBe(id);
    expect(await manager.call('machine.list', {})).toMatchObject([{ name: 'first' }]);
  });
});
