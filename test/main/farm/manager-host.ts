import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Invitation, MachineInfo } from '../../../src/shared/machines';
import type { Frame, Job } from '../../../src/shared/jobs';
import { freePort, isFree } from '../../helpers/free-port';
import { type AskRest, restClient } from '../../helpers/rest-client';
import { type TsProcess, startTsProcess } from '../../helpers/ts-process';

const TOKEN = 'farm-test-control-token-0123456789';

/** Two free ports in a row: the second is for the manager's Redis. */
export async function freePair(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (await isFree(port + 1)) return port;
  }
}

/** A manager in a process of its own, which can be killed and started again on the same data folder and ports. */
export interface ManagerHost {
  readonly dataFolder: string;
  /** Where it listens for machines; its Redis has the next port. */
  readonly farmPort: number;
  /** What it has printed in this life. */
  output(): string;
  /** Settles when it answers. */
  start(): Promise<void>;
  /** Process id of its Redis; null while there is none. */
  redis(): number | null;
  kill(signal: NodeJS.Signals): void;
  /** Settles when its process has ended. */
  ended(): Promise<unknown>;
  readonly ask: AskRest;
  invite(): Promise<Invitation>;
  /** Settles with the first machine list for which something holds. */
  machinesWhere(holds: (machines: readonly MachineInfo[]) => boolean): Promise<readonly MachineInfo[]>;
  /** Submits a scene of flat colours, by their frames. @param frameTime milliseconds a frame @param more of the request @param flat of the scene */
  submit(frames: number, frameTime: number, more?: object, flat?: object): Promise<Job>;
  /** Settles when a job has ended. */
  end(id: number): Promise<Job>;
  frames(id: number): Promise<Frame[]>;
}

/** The colour of a frame of {@link ManagerHost.submit}. @param scene number of its scene, from 1 */
export function colourOf(scene: number, frame: number): readonly [number, number, number] {
  return [frame % 256, scene % 256, (frame * 7 + scene) % 256];
}

export interface ManagerHostOptions {
  readonly preferences?: Readonly<Record<string, unknown>>;
  /** Address that it listens at for machines. */
  readonly farmHost?: string;
  readonly within?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** @param folder for its data, scenes and images */
export async function makeManagerHost(
  folder: string,
  { preferences = {}, farmHost = '127.0.0.1', within, env = {} }: ManagerHostOptions = {},
): Promise<ManagerHost> {
  const dataFolder = join(folder, 'manager');
  const [port, farmPort] = [await freePort(), await freePair()];
  mkdirSync(dataFolder, { recursive: true });
  const host = {
    'farm.start': true,
    'farm.listen': `${farmHost}:${farmPort}`,
    'farm.renderHere': false,
    'queue.minFreeSpace': 0,
    ...preferences,
  };
  writeFileSync(join(dataFolder, 'preferences.json'), JSON.stringify({ version: 1, host, addons: {} }));
  let running: TsProcess | null = null;
  let scenes = 0;
  const process_ = (): TsProcess => {
    if (!running) throw new Error('the manager was not started');
    return running;
  };
  function redis(): number | null {
    try {
      const pid = Number(readFileSync(join(dataFolder, 'farm', 'redis', 'redis.pid'), 'utf8'));
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataFolder) ? pid : null;
    } catch {
      return null;
    }
  }
  // What a killed manager leaves.
  onTestFinished(() => {
    const pid = redis();
    if (pid !== null) process.kill(pid, 'SIGKILL');
  });
  const ask = restClient(port, TOKEN);
  async function poll<T>(question: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
    for (;;) {
      const answer = await question();
      if (holds(answer)) return answer;
      await delay(50);
    }
  }
  return {
    dataFolder,
    farmPort,
    output: () => process_().output(),
    async start() {
      running = startTsProcess('test/main/farm/manager-process.ts', [dataFolder, String(port)], {
        env: { FRAMEGAUGE_TOKEN: TOKEN, ...env },
        ...(within && { within }),
      });
      await running.printed(/^ready$/m);
    },
    redis,
    kill: (signal) => process_().kill(signal),
    ended: () => process_().ended,
    ask,
    invite: () => ask('POST', '/machines/invitations', {}),
    machinesWhere: (holds) => poll(() => ask<MachineInfo[]>('GET', '/machines'), holds),
    async submit(frames, frameTime, more = {}, flat = {}) {
      const number = ++scenes;
      const scene = join(folder, `film-${number}.flat`);
      const colours = Array.from({ length: frames }, (_value, index) => colourOf(number, index + 1));
      writeFileSync(scene, JSON.stringify({ width: 16, height: 8, colours, frameTime, ...flat }));
      return ask<Job>('POST', '/jobs', { scene, output: join(folder, `images-${number}`, '####.png'), ...more });
    },
    end: (id) =>
      poll(
        () => ask<Job>('GET', `/jobs/${id}`),
        ({ finishedAt }) => finishedAt !== null,
      ),
    frames: (id) => ask('GET', `/jobs/${id}/frames`),
  };
}
