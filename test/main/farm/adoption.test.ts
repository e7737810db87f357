import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodePng } from '../../helpers/decode-png';
import { needs } from '../../helpers/needs';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { startMachine } from './farm-fixture';
import { colourOf, makeManagerHost } from './manager-host';

/** The leases of a machine whose frames wait for their file. */
function leasesIn(folder: string, machine: string): string[] {
  const frames = join(folder, machine, 'machine', 'frames');
  return readdirSync(frames)
    .filter((lease) => existsSync(join(frames, lease, 'waits')))
    .sort();
}

needs.redis('a manager that was killed', () => {
  it('gets the frames that its machines have rendered meanwhile, at one try', async () => {
    const folder = temporaryFolder();
    const manager = await makeManagerHost(folder);
    await manager.start();
    const machine = startMachine(join(folder, 'box'), await manager.invite(), { name: 'box', workers: 2 });
    await manager.machinesWhere(([one]) => one?.state === 'idle');
    const gate = join(folder, 'gate');
    const job = await manager.submit(2, 0, { attempts: 1 }, { waitsFor: gate });
    await manager.machinesWhere(() => leasesIn(folder, 'box').length === 2);
    const leases = leasesIn(folder, 'box');
    manager.kill('SIGKILL');
    await manager.ended();
    // What is rendered while the manager is away is kept.
    writeFileSync(gate, '');
    const images = join(folder, 'images-1');
    // One was about to be placed when the manager was killed.
    for (const name of readdirSync(images))
      writeFileSync(join(images, `${name}-copy-000${/frame-(\d)/.exec(name)![1]}.png`), '');
    expect(readdirSync(images)).toHaveLength(4);
    await manager.start();

    expect(await manager.end(job.id)).toMatchObject({ state: 'completed', frames: { done: 2, failed: 0 } });
    expect(machine.output().match(/^frame \d: delivered$/gm)).toHaveLength(2);
    expect(machine.output()).not.toContain('given up');
    expect(
      (await manager.frames(job.id)).map(({ attempts, reason, machine: name }) => [attempts, reason, name]),
    ).toEqual([1, 2].map(() => [1, null, 'box']));
    expect(readdirSync(images).sort()).toEqual(['0001.png', '0002.png']);
    expect(
      decodePng(readFileSync(join(images, '0002.png')))
        .at(0, 0)
        .slice(0, 3),
    ).toEqual(colourOf(1, 2));
    expect(leases.every((name) => Number(name.replace('lease-', '')) > 2 ** 32)).toBe(true);
    // It works on, under the new manager.
    expect(await manager.end((await manager.submit(2, 0)).id)).toMatchObject({ state: 'completed' });
  });

  it('takes over no frame of the scene as it was before, though another frame has seen the change', async () => {
    const folder = temporaryFolder();
    const manager = await makeManagerHost(folder);
    await manager.start();
    startMachine(join(folder, 'before'), await manager.invite(), { name: 'before' });
    const [before] = await manager.machinesWhere(([one]) => one?.state === 'idle');
    startMachine(join(folder, 'after'), await manager.invite(), { name: 'after' });
    const [after] = await manager.machinesWhere(
      (list) => list.every(({ state }) => state === 'idle') && list.length === 2,
    );
    await manager.ask('POST', `/machines/${after!.id}/pause`, {});
    const gate = join(folder, 'gate');
    const job = await manager.submit(2, 0, { attempts: 1 }, { waitsFor: gate });
    await manager.machinesWhere(() => leasesIn(folder, 'before').length === 1);
    const leases = leasesIn(folder, 'before');
    const colour = [9, 8, 7];
    writeFileSync(
      join(folder, 'film-1.flat'),
      JSON.stringify({ width: 16, height: 8, colours: [colour, colour], frameTime: 0 }),
    );
    await manager.ask('POST', `/machines/${after!.id}/resume`);
    await manager.machinesWhere(() => readdirSync(join(folder, 'images-1')).includes('0002.png'));
    await manager.ask('POST', `/machines/${before!.id}/pause`, { after: 'frame' });
    const [first] = await manager.frames(job.id);
    expect(first).toMatchObject({ state: 'rendering', machine: 'before' });
    manager.kill('SIGKILL');
    await manager.ended();
    expect(leasesIn(folder, 'before')).toEqual(leases);
    await manager.start();
    // A manager that took it over would get what it becomes.
    writeFileSync(gate, '');
    expect(await manager.end(job.id)).toMatchObject({ state: 'completed', frames: { done: 2, failed: 0 } });
    for (const name of ['0001.png', '0002.png'])
      expect(
        decodePng(readFileSync(join(folder, 'images-1', name)))
          .at(0, 0)
          .slice(0, 3),
      ).toEqual(colour);
  });

  it('hands out the frames of machines that are gone, too, and refuses what they deliver later', async () => {
    const folder = temporaryFolder();
    const manager = await makeManagerHost(folder);
    await manager.start();
    const lost = startMachine(join(folder, 'lost'), await manager.invite(), { name: 'lost' });
    await manager.machinesWhere(([one]) => one?.state === 'idle');
    const gate = join(folder, 'gate');
    const job = await manager.submit(1, 0, { attempts: 1 }, { waitsFor: gate });
    await manager.machinesWhere(() => leasesIn(folder, 'lost').length === 1);
    lost.kill('SIGSTOP');
    writeFileSync(gate, '');
    manager.kill('SIGKILL');
    await manager.ended();
    await manager.start();
    startMachine(join(folder, 'other'), await manager.invite(), { name: 'other' });
    expect(await manager.end(job.id)).toMatchObject({ state: 'completed' });
    const [frame] = await manager.frames(job.id);
    expect(frame).toMatchObject({ attempts: 2, reason: null, machine: 'other' });
    lost.kill('SIGCONT');
    await lost.printed(/^frame 1: (Lease \d+ is void|It was given up)/m);
    expect(readdirSync(join(folder, 'images-1'))).toEqual(['0001.png']);
  });
});
