import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineFactory } from '../../../src/main/engines/engine-context';
import { gltfEngine } from '../../../src/main/engines/gltf/gltf-engine';
import type { Invitation, MachineInfo } from '../../../src/shared/machines';
import type { OperationInput, OperationName, OperationOutput } from '../../../src/shared/host-api';
import type { Job } from '../../../src/shared/jobs';
import { type ControlHost, startControlHost } from '../../helpers/control-host';
import { flatColourEngine } from '../../helpers/flat-colour-engine/flat-colour-engine';
import { type TsProcess, type TsProcessOptions, startTsProcess } from '../../helpers/ts-process';

/** A manager in this process, with a real redis-server that it starts, and without workers of its own. */
export interface TestManager extends ControlHost {
  readonly dataFolder: string;
  call<N extends OperationName>(operation: N, input: OperationInput<N>): Promise<OperationOutput<N>>;
  /** Settles with the first machine list for which something holds. */
  machinesWhere(holds: (machines: readonly MachineInfo[]) => boolean): Promise<readonly MachineInfo[]>;
  /** Settles when a job has ended. */
  ended(id: number): Promise<Job>;
  /** Submits a scene of flat colours. @param frameTime milliseconds a frame @param more of the request @param flat of the scene */
  submit(frames: number, frameTime?: number, more?: object, flat?: object): Promise<Job>;
}

/**
 * @param folder for its data, scenes and images
 * @param engines beside flat colours and glTF
 */
export async function startManager(
  folder: string,
  preferences: object = {},
  engines: readonly EngineFactory[] = [],
): Promise<TestManager> {
  const dataFolder = join(folder, 'manager');
  mkdirSync(dataFolder, { recursive: true });
  const host = { 'farm.start': true, 'farm.listen': '127.0.0.1:0', 'farm.renderHere': false, ...preferences };
  writeFileSync(join(dataFolder, 'preferences.json'), JSON.stringify({ version: 1, host, addons: {} }));
  const control = await startControlHost({ dataFolder, engines: [flatColourEngine, gltfEngine, ...engines] });
  const call: TestManager['call'] = async (operation, input) => {
    const reply = await control.host.call(operation, input);
    if (!reply.ok) throw new Error(reply.error.message);
    return reply.value as OperationOutput<typeof operation>;
  };
  let scenes = 0;
  return {
    ...control,
    dataFolder,
    call,
    async machinesWhere(holds) {
      for (;;) {
        const machines = await call('machine.list', {});
        if (holds(machines)) return machines;
        await new Promise((next) => setTimeout(next, 50));
      }
    },
    ended: (id) =>
      new Promise((settle) => {
        const stop = control.host.subscribe((event) => {
          if (event.type !== 'job' || event.job.id !== id || event.job.finishedAt === null) return;
          stop();
          settle(event.job);
        });
        void call('job.get', { id }).then((job) => job.finishedAt !== null && settle(job));
      }),
    async submit(frames, frameTime = 0, more = {}, flat = {}) {
      const scene = join(folder, `film-${++scenes}.flat`);
      const colours = Array.from({ length: frames }, (_value, index) => [index, 2 * index, 255 - index]);
      writeFileSync(scene, JSON.stringify({ width: 16, height: 8, colours, frameTime, ...flat }));
      return call('job.submit', { scene, output: join(folder, `images-${scenes}`, '####.png'), ...more });
    },
  };
}

/** A machine in a process of its own, which is killed by its id at the end of the test. */
export interface TestMachine extends TsProcess {
  readonly dataFolder: string;
}

export interface MachineChoices {
  readonly name?: string;
  readonly workers?: number;
  /** Path of its Blender; none by default. */
  readonly blender?: string;
  /** As the preference farm.roots. */
  readonly roots?: string;
}

/** @param invitation null for a machine that has joined before */
export function startMachine(
  dataFolder: string,
  invitation: Pick<Invitation, 'url' | 'token'> | null,
  { name = 'render', workers = 1, blender = 'none', roots = '', ...more }: MachineChoices & TsProcessOptions = {},
): TestMachine {
  const given = [invitation?.url ?? '', invitation?.token ?? '', name, String(workers), roots];
  const env = { FRAMEGAUGE_BLENDER: blender, ...more.env };
  return { ...startTsProcess('test/main/farm/farm-process.ts', [dataFolder, ...given], { ...more, env }), dataFolder };
}

/** Machines that have joined and take frames. */
export async function joinMachines(
  manager: TestManager,
  folder: string,
  names: readonly string[],
  workers = 1,
  more: Pick<MachineChoices & TsProcessOptions, 'blender' | 'roots' | 'env'> = {},
): Promise<TestMachine[]> {
  const machines: TestMachine[] = [];
  for (const name of names)
    machines.push(
      startMachine(join(folder, name), await manager.call('machine.invite', {}), { ...more, name, workers }),
    );
  await Promise.all(machines.map((machine) => machine.printed(/^ready \w+$/m)));
  await manager.machinesWhere((list) =>
    names.every((name) => list.some((one) => one.name === name && one.state === 'idle')),
  );
  return machines;
}
