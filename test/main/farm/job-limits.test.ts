import { expect, it } from 'vitest';
import { orderFrames } from '../../../src/main/jobs/store/frame-order';
import { runCli } from '../../helpers/cli';
import { needs } from '../../helpers/needs';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { type TestManager, joinMachines, startMachine, startManager } from './farm-fixture';

/** Machines that have had frames of a job. */
async function machinesOf(manager: TestManager, id: number): Promise<string[]> {
  const frames = await manager.call('job.frames', { id });
  return [...new Set(frames.flatMap(({ machine }) => machine ?? []))].sort();
}

async function idOf(manager: TestManager, name: string): Promise<string> {
  return (await manager.call('machine.list', {})).find((machine) => machine.name === name)!.id;
}

needs.redis('a job of a farm', () => {
  it('is rendered only by machines with its tags that it does not block, and by so many at once', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    await joinMachines(manager, folder, ['left', 'middle', 'right']);
    for (const name of ['left', 'middle'])
      await manager.call('machine.set', { id: await idOf(manager, name), changes: { tags: ['gpu', 'linux'] } });
    const render = async (more: object): Promise<string[]> => {
      const { id } = await manager.submit(6, 50, more);
      expect((await manager.ended(id)).state).toBe('completed');
      return machinesOf(manager, id);
    };
    expect(await render({ tags: ['gpu'] })).toEqual(['left', 'middle']);
    expect(await render({ tags: ['gpu'], blockedMachines: ['left'] })).toEqual(['middle']);
    expect(await render({ maxMachines: 1 })).toHaveLength(1);
    expect(await render({})).toEqual(['left', 'middle', 'right']);
  });

  it('that no machine may take says so, and lets others by, until one may', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    await joinMachines(manager, folder, ['left']);
    const waiting = await manager.submit(2, 0, { tags: ['gpu'] });
    expect(waiting.waitsFor).toBe(
      'a machine with the tag gpu, which none has: set it for one, or change what this job needs',
    );
    expect((await manager.ended((await manager.submit(2)).id)).state).toBe('completed');

    const data = ['--data', manager.dataFolder];
    expect((await runCli(['machine', 'set', 'left', '--tags', 'gpu,linux', ...data])).stdout).toBe(
      '“left” was changed.\n',
    );
    expect(await manager.ended(waiting.id)).toMatchObject({ state: 'completed', waitsFor: null });
    const other = await manager.submit(2, 0, { tags: ['render'], blockedMachines: ['right'] });
    const edited = await runCli(['edit', String(other.id), '--block', 'none', '--tags', 'none', ...data]);
    expect(edited.code, edited.stderr).toBe(0);
    expect((await manager.ended(other.id)).state).toBe('completed');
    const wrong = await runCli(['edit', String(other.id), '--max-machines', '0', ...data]);
    expect(wrong.stderr).toBe('--max-machines cannot be “0”: write a whole number from 1 to 10000.\n');
  });

  it('is rendered in its order over all machines', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    await joinMachines(manager, folder, ['left', 'right']);
    const handedOut: number[] = [];
    manager.host.subscribe((event) => {
      if (event.type === 'frame' && event.frame.state === 'rendering') handedOut.push(event.frame.frame);
    });
    const job = await manager.submit(9, 20, { order: 'every-4' });
    expect((await manager.ended(job.id)).state).toBe('completed');
    // A machine that a busy processor keeps from telling that it lives loses its frame, which another one gets then.
    expect([...new Set(handedOut)]).toEqual(orderFrames([1, 2, 3, 4, 5, 6, 7, 8, 9], 'every-4'));
    expect(await machinesOf(manager, job.id)).toEqual(['left', 'right']);
  });

  it('fails when each machine is blocked for it, connected or not, and is rendered when one no longer is', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const [left, right] = await joinMachines(manager, folder, ['left', 'right']);
    // One that is merely away is waited for.
    left!.kill('SIGKILL');
    await manager.machinesWhere((machines) => machines.some(({ state }) => state === 'cut-off'));
    const waiting = await manager.submit(2, 0, { blockedMachines: ['right'] });
    expect(waiting).toMatchObject({
      state: 'queued',
      waitsFor: '“left” (cut off) to take frames of such scenes',
    });
    const blocked = { blockedMachines: ['left', 'right'] };
    const jobs = [await manager.submit(2, 0, blocked), await manager.submit(2, 0, blocked)];
    for (const { id } of jobs)
      expect(await manager.ended(id)).toMatchObject({
        state: 'failed',
        reason:
          'No machine is left to render it, since “left” and “right” are blocked for it: change its list of blocked machines, and render it again.',
        frames: { done: 0, failed: 0 },
      });
    expect((await manager.call('job.get', { id: waiting.id })).state).toBe('queued');
    right!.kill('SIGKILL');
    await manager.machinesWhere((machines) => machines.every(({ state }) => state === 'cut-off'));
    expect((await manager.ended((await manager.submit(2, 0, blocked)).id)).state).toBe('failed');
    startMachine(left!.dataFolder, null, { name: 'left' });
    expect((await manager.ended(waiting.id)).state).toBe('completed');
  });

  // With two workers each a frame is in work where the last machine comes to be avoided.
  it.each([1, 2])(
    'fails when different frames of it failed in a row on every machine (workers: %i)',
    async (workers) => {
      const folder = temporaryFolder();
      const manager = await startManager(folder);
      await joinMachines(manager, folder, ['left', 'right'], workers);
      const { id } = await manager.submit(40, 0, { attempts: 100, failureShare: 1 }, { failing: true });
      const job = await manager.ended(id);
      expect(job.state).toBe('failed');
      expect(job.reason).toMatch(
        /^No machine is left to render it, since its frames failed on “left” \(.+\) and “right” \(.+\): mend what failed/,
      );
      expect(await machinesOf(manager, id)).toEqual(['left', 'right']);
    },
  );

  it('waits for a machine that is away where its frames failed on all others, and fails where they fail there, too', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    await joinMachines(manager, folder, ['left', 'right', 'away']);
    const away = await idOf(manager, 'away');
    await manager.call('machine.pause', { id: away, after: 'now' });
    const { id } = await manager.submit(40, 0, { attempts: 100, failureShare: 1 }, { failing: true });
    while ((await manager.call('job.get', { id })).waitsFor !== '“away” (paused) to take frames of such scenes')
      await new Promise((next) => setTimeout(next, 50));
    await manager.call('machine.resume', { id: away });
    const job = await manager.ended(id);
    expect(job.state).toBe('failed');
    for (const name of ['left', 'right', 'away']) expect(job.reason).toContain(`“${name}” (`);
  });

  it('is left to other machines by one that lacks what it needs, and fails where all lack it', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    await joinMachines(manager, folder, ['bare']);
    await joinMachines(manager, folder, ['full'], 1, { env: { GRAPHICS: '1' } });
    // Slow enough for both to get frames.
    const some = await manager.submit(6, 300, { attempts: 1 }, { wants: 'GRAPHICS' });
    const done = await manager.ended(some.id);
    expect(done).toMatchObject({ state: 'completed', frames: { done: 6, failed: 0 } });
    expect(done.warnings).toEqual(['The machine “bare” can’t render it, so others do: There is no GRAPHICS here.']);
    const frames = await manager.call('job.frames', { id: some.id });
    expect(new Set(frames.map(({ machine }) => machine))).toEqual(new Set(['full']));

    const none = await manager.ended((await manager.submit(6, 300, {}, { wants: 'PAINT' })).id);
    expect(none).toMatchObject({ state: 'failed', reason: 'There is no PAINT here.', failure: 'device' });
  });
});
