import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectTo } from '../src/main/cli/host-connection';
import { type Host, startHost } from '../src/main/host';
import { flatColourEngine } from '../test/helpers/flat-colour-engine/flat-colour-engine';
import { freePort } from '../test/helpers/free-port';
import { makePng } from '../test/helpers/png';
import type { SimulatedMachines } from './farm-machines';

const SIZE = { width: 16, height: 8 };

/** A manager in this process, and machines that render nothing in others. */
export interface BenchFarm {
  readonly host: Host;
  readonly dataFolder: string;
  machines(count: number, frameTime: number): Promise<BenchMachines>;
  /** Submits a job. @returns its id */
  submit(frames: number): Promise<number>;
  /** Settles when a job has ended. @returns when each of its frames was written, from performance.now() */
  ended(id: number): Promise<number[]>;
  /** Settles when a number of a job's frames was rendered, or the time is over; the job is cancelled then. @param seconds at most */
  rendered(id: number, frames: number, seconds: number): Promise<Rendered>;
  close(): Promise<void>;
}

export interface Rendered {
  /** When each frame was written, from performance.now(). */
  readonly times: readonly number[];
  /** Number of frames that were handed out, also those that were handed out again. */
  readonly decisions: number;
  /** The manager's resident memory meanwhile, in bytes, once a second. */
  readonly memory: readonly number[];
}

export interface BenchMachines {
  readonly process: ChildProcess;
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  end(): Promise<void>;
}

export async function startBenchFarm(folder: string): Promise<BenchFarm> {
  const dataFolder = join(folder, 'manager');
  await mkdir(dataFolder, { recursive: true });
  const preferences = {
    'farm.start': true,
    'farm.listen': `127.0.0.1:${await freePort()}`,
    'farm.renderHere': false,
    'queue.minFreeSpace': 0,
  };
  await writeFile(join(dataFolder, 'preferences.json'), JSON.stringify({ version: 1, host: preferences, addons: {} }));
  const host = await startHost({
    shell: 'headless',
    dataFolder,
    pages: { open: () => Promise.reject(new Error('no pages here')), close: () => Promise.resolve() },
    listen: { host: '127.0.0.1', port: 0 },
    built: resolve(import.meta.dirname, '../out'),
    scene: null,
    engines: [flatColourEngine],
  });
  const connection = connectTo(host);
  const running = new Set<BenchMachines>();
  const image = join(folder, 'image.png');
  await writeFile(image, makePng(SIZE.width, SIZE.height));
  let files = 0;
  return {
    host,
    dataFolder,
    async machines(count, frameTime) {
      const invitations = [];
      for (let made = 0; made < count; made++) invitations.push(await connection.call('machine.invite', {}));
      const tokens = invitations.map(({ token }) => token);
      const config: SimulatedMachines = { url: invitations[0]!.url, tokens, frameTime, image };
      const file = join(folder, `machines-${++files}.json`);
      await writeFile(file, JSON.stringify(config));
      const idle = async (): Promise<number> =>
        (await connection.call('machine.list', {})).filter(({ state }) => state === 'idle').length;
      // Those that have ended are missed after a few seconds.
      while ((await idle()) > 0) await delay(100);
      const lent = await startMachines(file);
      running.add(lent);
      while ((await idle()) < count) await delay(500);
      return lent;
    },
    async submit(frames) {
      const scene = join(folder, `film-${++files}.flat`);
      await writeFile(scene, JSON.stringify({ ...SIZE, colours: [[1, 2, 3]] }));
      const output = join(folder, `images-${files}`, '#######.png');
      return (await connection.call('job.submit', { scene, frames: `1-${frames}`, output })).id;
    },
    ended: (id) =>
      new Promise((settle, reject) => {
        const times: number[] = [];
        const stop = host.subscribe((event) => {
          if (event.type === 'frame' && event.jobId === id && event.frame.state === 'done')
            times.push(performance.now());
          if (event.type !== 'job' || event.job.id !== id || event.job.finishedAt === null) return;
          stop();
          if (event.job.state === 'completed') settle(times);
          else reject(new Error(event.job.reason ?? event.job.state));
        });
      }),
    async rendered(id, frames, seconds) {
      const times: number[] = [];
      const memory: number[] = [process.memoryUsage().rss];
      const watch = setInterval(() => memory.push(process.memoryUsage().rss), 1_000);
      let decisions = 0;
      await new Promise<void>((settle) => {
        const end = (): void => {
          clearTimeout(timer);
          stop();
          settle();
        };
        const timer = setTimeout(end, seconds * 1_000);
        const stop = host.subscribe((event) => {
          if (event.type !== 'frame' || event.jobId !== id) return;
          if (event.frame.state === 'rendering') decisions++;
          if (event.frame.state !== 'done') return;
          times.push(performance.now());
          if (times.length === frames) end();
        });
      });
      clearInterval(watch);
      await connection.call('job.cancel', { id });
      return { times, decisions, memory };
    },
    async close() {
      for (const lent of running) await lent.end();
      await host.close();
    },
  };
}

async function startMachines(file: string): Promise<BenchMachines> {
  const child = spawn(process.execPath, ['scripts/run-ts.mjs', 'bench/farm-machines.ts', file], {
    cwd: resolve(import.meta.dirname, '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    child.emit('printed');
  });
  const ended = once(child, 'close');
  async function printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(text);
      if (match) return match;
      await Promise.race([once(child, 'printed'), ended]);
      if (child.exitCode !== null && !pattern.test(text)) throw new Error(`the machines ended: ${text}`);
    }
  }
  await printed(/^ready$/m);
  return {
    process: child,
    printed,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
