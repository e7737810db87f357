import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { HostEvent } from '../../../src/shared/host-api';
import { needs } from '../../helpers/needs';
import { GREEN } from '../../helpers/gltf-scenes';
import { RawGltf } from '../../helpers/raw-gltf';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { type TestMachine, type TestManager, joinMachines, startMachine, startManager } from './farm-fixture';

/** The machines that have rendered frames of each job. */
function watchMachines({ host }: TestManager): (job: number) => string[] {
  const seen = new Map<number, Set<string>>();
  host.subscribe((event: HostEvent) => {
    if (event.type !== 'workers') return;
    for (const { machine = 'the manager', jobId } of event.workers)
      if (jobId !== null) seen.set(jobId, (seen.get(jobId) ?? new Set()).add(machine));
  });
  return (job) => [...(seen.get(job) ?? [])].sort();
}

/** Settles when a frame of a job was written. */
function firstWritten({ host }: TestManager, job: number): Promise<void> {
  return new Promise((settle) => {
    const stop = host.subscribe((event: HostEvent) => {
      if (event.type !== 'frame' || event.jobId !== job || event.frame.state !== 'done') return;
      stop();
      settle();
    });
  });
}

/** Scenes that a machine has copied. */
function copiesOf({ dataFolder }: TestMachine): string[] {
  return readdirSync(join(dataFolder, 'machine', 'cache', 'scenes')).filter((name) => name.endsWith('.json'));
}

/** Name of the probe in a manager's root, once it is there: no start waits for it. */
async function probeIn(root: string): Promise<string> {
  const probes = (): string[] => readdirSync(root).filter((name) => /^\.framegauge-root-[\da-f]{12}$/.test(name));
  await expect.poll(probes).toHaveLength(1);
  return probes()[0]!;
}

function writeFlat(file: string, frames: number, frameTime: number): string {
  const colours = Array.from({ length: frames }, (_value, index) => [index, 0, 255]);
  writeFileSync(file, JSON.stringify({ width: 16, height: 8, colours, frameTime }));
  return file;
}

needs.redis('a farm with roots', () => {
  it('reads scenes below a root where the root is seen, by any path, and copies them elsewhere', async () => {
    const folder = temporaryFolder();
    const shows = join(folder, 'shows');
    mkdirSync(join(shows, 'sh010'), { recursive: true });
    symlinkSync(shows, join(folder, 'mounted-elsewhere'));
    const manager = await startManager(folder, { 'farm.roots': `shows=${shows}` });
    const rendered = watchMachines(manager);
    const [rooted] = await joinMachines(manager, folder, ['rooted'], 1, {
      roots: `shows=${join(folder, 'mounted-elsewhere')}`,
    });
    await rooted!.printed(/^Scenes below the root shows are read at .*mounted-elsewhere\.$/m);
    const [rootless] = await joinMachines(manager, folder, ['rootless']);

    const on = writeFlat(join(shows, 'sh010', 'on.flat'), 12, 100);
    const job = await manager.call('job.submit', { scene: on, output: join(folder, 'on', '####.png') });
    expect(await manager.ended(job.id)).toMatchObject({ state: 'completed', frames: { done: 12 } });
    expect(rendered(job.id)).toEqual(['rooted', 'rootless']);
    expect([copiesOf(rooted!), copiesOf(rootless!).length]).toEqual([[], 1]);

    const beside = writeFlat(join(folder, 'beside.flat'), 12, 100);
    const other = await manager.call('job.submit', { scene: beside, output: join(folder, 'beside', '####.png') });
    expect(await manager.ended(other.id)).toMatchObject({ state: 'completed', frames: { done: 12 } });
    expect(rendered(other.id)).toEqual(['rooted', 'rootless']);
    expect([copiesOf(rooted!).length, copiesOf(rootless!).length]).toEqual([1, 2]);
  });

  it('takes no folder for a root that is not the manager’s', async () => {
    const folder = temporaryFolder();
    const [shows, other] = [join(folder, 'shows'), join(folder, 'other')];
    for (const made of [shows, other]) mkdirSync(made);
    const manager = await startManager(folder, { 'farm.roots': `shows=${shows};gone=${join(folder, 'gone')}` });
    const told = async (): Promise<string> =>
      (await manager.call('host.state', {})).notices.map(({ text }) => text).join('\n');
    await expect.poll(told).toMatch(/The root gone is not used: nothing can be written to/);
    writeFileSync(join(other, await probeIn(shows)), 'f'.repeat(64));
    const [wrong] = await joinMachines(manager, folder, ['wrong'], 1, {
      roots: `shows=${other};gone=${shows};unknown=${shows}`,
    });
    await wrong!.printed(/^The root shows is not used: .*other is not the folder that the manager has\.$/m);
    await wrong!.printed(
      /^The root gone is not used now: the manager can’t use its own folder of it, and says why\.$/m,
    );
    await wrong!.printed(/^The root unknown is not used: the manager has none of this name \(farm\.roots\)\.$/m);
    const scene = writeFlat(join(shows, 'a.flat'), 1, 0);
    const job = await manager.call('job.submit', { scene, output: join(folder, 'images', '####.png') });
    expect(await manager.ended(job.id)).toMatchObject({ state: 'completed' });
    expect(copiesOf(wrong!)).toHaveLength(1);
  });

  it('has a machine rest whose root shows another scene, and another one render', async () => {
    const folder = temporaryFolder();
    const [shows, stale] = [join(folder, 'shows'), join(folder, 'stale')];
    for (const made of [shows, stale]) mkdirSync(made);
    const manager = await startManager(folder, { 'farm.roots': `shows=${shows}` });
    const probe = await probeIn(shows);
    // A share that lags behind: the probe is there, the scene is not.
    symlinkSync(join(shows, probe), join(stale, probe));
    const left = startMachine(join(folder, 'left'), await manager.call('machine.invite', {}), {
      name: 'left',
      roots: `shows=${stale}`,
    });
    await left.printed(/^Scenes below the root shows are read/m);
    const scene = writeFlat(join(shows, 'a.flat'), 2, 0);
    const job = await manager.call('job.submit', { scene, output: join(folder, 'images', '####.png'), attempts: 1 });
    const [machine] = await manager.machinesWhere(([one]) => one?.state === 'resting');
    expect(machine!.reason).toMatch(/a\.flat/);
    await joinMachines(manager, folder, ['right']);
    expect(await manager.ended(job.id)).toMatchObject({ state: 'completed', frames: { done: 2, failed: 0 } });
    expect(existsSync(join(folder, 'images', '0002.png'))).toBe(true);
  });

  it('has a machine rest whose root shows the same scene with another file beside it', async () => {
    const folder = temporaryFolder();
    const [shows, mirror] = [join(folder, 'shows'), join(folder, 'mirror')];
    mkdirSync(shows);
    const manager = await startManager(folder, { 'farm.roots': `shows=${shows}` });
    const scene = new RawGltf();
    scene.show(scene.square(scene.material(GREEN)));
    writeFileSync(join(shows, 'a.gltf'), scene.gltf({ uri: 'meshes/a.bin' }));
    mkdirSync(join(shows, 'meshes'));
    writeFileSync(join(shows, 'meshes', 'a.bin'), scene.bytes);
    await probeIn(shows);
    cpSync(shows, mirror, { recursive: true, preserveTimestamps: true });
    writeFileSync(join(mirror, 'meshes', 'a.bin'), scene.bytes.subarray(1));
    const left = startMachine(join(folder, 'left'), await manager.call('machine.invite', {}), {
      name: 'left',
      roots: `shows=${mirror}`,
    });
    await left.printed(/^Scenes below the root shows are read/m);
    const output = join(folder, 'images', '####.png');
    const job = await manager.call('job.submit', { scene: join(shows, 'a.gltf'), output, frames: '1', attempts: 1 });
    const [machine] = await manager.machinesWhere(([one]) => one?.state === 'resting');
    expect(machine!.reason).toMatch(/“meshes\/a\.bin” on the root shows is not the one that the manager sees/);
    await manager.call('job.cancel', { id: job.id });
  });

  it('has a machine rest whose root is unmounted while it renders, at no try, and goes on with the others', async () => {
    const folder = temporaryFolder();
    const [shows, mount] = [join(folder, 'shows'), join(folder, 'mount')];
    mkdirSync(shows);
    symlinkSync(shows, mount);
    const manager = await startManager(folder, { 'farm.roots': `shows=${shows}` });
    const rendered = watchMachines(manager);
    const [left] = await joinMachines(manager, folder, ['left'], 1, { roots: `shows=${mount}` });
    await left!.printed(/^Scenes below the root shows are read/m);
    const scene = writeFlat(join(shows, 'a.flat'), 20, 200);
    const output = join(folder, 'images', '####.png');
    const job = await manager.call('job.submit', { scene, output, attempts: 1 });
    await firstWritten(manager, job.id);
    renameSync(mount, join(folder, 'unmounted'));
    const [resting] = await manager.machinesWhere(([one]) => one?.state === 'resting');
    expect(resting!.reason).toMatch(/a\.flat/);
    await joinMachines(manager, folder, ['right']);
    expect(await manager.ended(job.id)).toMatchObject({ state: 'completed', frames: { done: 20, failed: 0 } });
    expect(rendered(job.id)).toEqual(['left', 'right']);
  });
});
