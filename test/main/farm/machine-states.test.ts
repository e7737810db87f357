import { expect, it } from 'vitest';
import type { HostEvent } from '../../../src/shared/host-api';
import type { MachineInfo } from '../../../src/shared/machines';
import { runCli } from '../../helpers/cli';
import { needs } from '../../helpers/needs';
import { eventually } from '../../helpers/eventually';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { type TestManager, joinMachines, startMachine, startManager } from './farm-fixture';

/** Settles when a machine is in a state, from what the host tells its UIs. */
function toldState({ host }: TestManager, name: string, state: MachineInfo['state']): Promise<MachineInfo> {
  return new Promise((settle) => {
    const stop = host.subscribe((event: HostEvent) => {
      const found = event.type === 'machines' ? event.machines.find((machine) => machine.name === name) : undefined;
      if (found?.state !== state) return;
      stop();
      settle(found);
    });
  });
}

async function idOf(manager: TestManager, name: string): Promise<string> {
  return (await manager.call('machine.list', {})).find((machine) => machine.name === name)!.id;
}

needs.redis('a machine', () => {
  it('that is paused hands its frame to another, at no attempt, and gets none until it is resumed', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const [left] = await joinMachines(manager, folder, ['left', 'right']);
    const id = await idOf(manager, 'left');
    const rendering = toldState(manager, 'left', 'rendering');
    // One attempt: a failure would fail the frame, and the job with it.
    const job = await manager.submit(6, 500, { attempts: 1 });
    await rendering;
    const paused = await manager.call('machine.pause', { id });
    expect(paused).toMatchObject({ state: 'paused', paused: true, frames: 0 });
    await left!.printed(/^“left” is paused: resume it/m);
    await left!.printed(/^frame \d+: It was given up/m);
    const before = left!.output();
    expect(await manager.ended(job.id)).toMatchObject({ state: 'completed', frames: { done: 6, failed: 0 } });
    expect(left!.output()).toBe(before);

    const idle = toldState(manager, 'left', 'idle');
    await manager.call('machine.resume', { id });
    expect(await idle).toMatchObject({ paused: false, reason: null });
  });

  it('that is drained finishes its frame, and stays paused when it is started again', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    const [left] = await joinMachines(manager, folder, ['left']);
    const rendering = toldState(manager, 'left', 'rendering');
    const job = await manager.submit(30, 1_000);
    await rendering;
    const drained = toldState(manager, 'left', 'paused');
    const cli = await runCli(['machine', 'drain', 'left', '--data', manager.dataFolder]);
    expect(cli.stdout).toMatch(/^“left” is paused/);
    await drained;
    expect(left!.output()).not.toContain('given up');
    // Its frame is verified and put into its place after the machine has delivered it.
    const { frames } = await eventually(
      'the frame of the drained machine in its place',
      async () => {
        const now = await manager.call('job.get', { id: job.id });
        return now.frames.rendering === 0 ? now : null;
      },
      300_000,
    );
    expect(frames).toMatchObject({ failed: 0, waiting: 30 - frames.done });
    expect(frames.waiting).toBeGreaterThan(0);

    left!.kill('SIGTERM');
    await left!.ended;
    startMachine(left!.dataFolder, null);
    await manager.machinesWhere(([machine]) => machine?.state === 'paused');
    const rendersAgain = toldState(manager, 'left', 'rendering');
    const resumed = await runCli(['machine', 'resume', 'left', '--data', manager.dataFolder]);
    expect(resumed.stdout).toBe('“left” takes frames.\n');
    await rendersAgain;
  });

  it('is shown by its name or id, and told apart from none', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    await joinMachines(manager, folder, ['left']);
    const id = await idOf(manager, 'left');
    const data = ['--data', manager.dataFolder];
    const json = await runCli(['machine', id, '--json', ...data]);
    expect(JSON.parse(json.stdout)).toMatchObject({ id, name: 'left', state: 'idle', workers: 1 });
    const shown = await runCli(['machine', 'left', ...data]);
    expect(shown.stdout).toMatch(new RegExp(`^Id {9}${id}\nName {7}left\nState {6}idle\n`));
    const none = await runCli(['machine', 'pause', 'middle', ...data]);
    expect([none.code, none.stderr]).toEqual([2, 'There is no machine “middle”: “framegauge machines” lists them.\n']);

    const rest = await manager.ask('GET', `/api/v1/machines/${id}`);
    expect([rest.status, (rest.json as MachineInfo).name]).toEqual([200, 'left']);
    const pause = await manager.ask('POST', `/api/v1/machines/${id}/pause`, { body: { after: 'frame' } });
    expect([pause.status, (pause.json as MachineInfo).state]).toEqual([200, 'paused']);
    expect((await manager.ask('POST', `/api/v1/machines/${id}/resume`)).status).toBe(200);
    expect((await manager.ask('GET', `/api/v1/machines/${'0'.repeat(12)}`)).status).toBe(404);
  });

  it('sleeps by its schedule, and where it can’t tell whether somebody uses it', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder);
    await joinMachines(manager, folder, ['left']);
    const id = await idOf(manager, 'left');
    const data = ['--data', manager.dataFolder];
    const asleep = toldState(manager, 'left', 'asleep');
    expect((await runCli(['machine', 'set', 'left', '--sleep', '0:00-24:00', ...data])).code).toBe(0);
    expect(await asleep).toMatchObject({
      sleep: '0:00-24:00',
      reason: '“left” is asleep by its schedule: 0:00-24:00.',
    });
    const job = await manager.submit(1);
    expect(job.waitsFor).toBe('“left” (asleep) to take frames of such scenes');
    await manager.call('machine.set', { id, changes: { sleep: '' } });
    expect((await manager.ended(job.id)).state).toBe('completed');

    const wrong = await runCli(['machine', 'set', 'left', '--sleep', 'weekends', ...data]);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      '--sleep cannot be “weekends”: write times as “mon-fri 8:00-18:00, sat 10:00-12:30”, or none.\n',
    ]);
    const rest = await manager.ask('PATCH', `/api/v1/machines/${id}`, { body: { sleep: 'weekends' } });
    expect(rest.status, rest.text).toBe(422);
    const changed = await manager.ask('PATCH', `/api/v1/machines/${id}`, { body: { idleMinutes: 5, tags: ['gpu'] } });
    expect(changed.json).toMatchObject({ idleMinutes: 5, tags: ['gpu'] });
  });
});
