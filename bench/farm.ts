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
import { measureBareQueue } from './bare-ticket-queue';
import type { SimulatedMachines } from './farm-machines';
import { percentile } from './percentile';
import type { Row } from './report';

const SIZE = { width: 16, height: 8 };
/** Milliseconds that a frame takes where machines are compared with one. */
const FRAME_TIME = 500;
const MANY = 100;

/** A manager in this process, and machines that render nothing in others. */
interface BenchFarm {
  readonly host: Host;
  readonly dataFolder: string;
  machines(count: number, frameTime: number): Promise<BenchMachines>;
  /** Submits a job. @returns its id */
  submit(frames: number): Promise<number>;
  /** Settles when a job has ended. @returns when each of its frames was written, from performance.now() */
  ended(id: number): Promise<number[]>;
  close(): Promise<void>;
}

interface BenchMachines {
  readonly process: ChildProcess;
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  end(): Promise<void>;
}

/** Figures of the farm (docs/farm.md), each against what the same run gives without it. */
export async function benchFarm(folder: string): Promise<Row[]> {
  return [
    await benchTwoMachines(join(folder, 'two')),
    ...(await benchOneMachine(join(folder, 'one'))),
    await benchManyMachines(join(folder, 'many')),
  ];
}

async function benchTwoMachines(folder: string): Promise<Row> {
  const rates: number[] = [];
  for (const machines of [1, 2]) {
    const farm = await startBenchFarm(join(folder, String(machines)));
    try {
      const lent = await farm.machines(machines, FRAME_TIME);
      rates.push(rateOf(await farm.ended(await farm.submit(20 * machines))));
      await lent.end();
    } finally {
      await farm.close();
    }
  }
  const [one, two] = rates as [number, number];
  return {
    what: `two machines against one, frames of ${FRAME_TIME} ms`,
    value: (two / one).toFixed(2),
    goal: '≥ 1.9',
    detail: `${two.toFixed(2)} and ${one.toFixed(2)} frames/s`,
  };
}

async function benchOneMachine(folder: string): Promise<Row[]> {
  const farm = await startBenchFarm(folder);
  try {
    const quick = await farm.machines(1, 0);
    const times = await farm.ended(await farm.submit(300));
    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    const told = quick.printed(/^delivery (.*)$/m);
    await quick.end();
    const delivery = Number((await told)[1]);
    const gap = percentile(gaps, 0.5);
    const slow = await farm.machines(1, 60_000);
    const long = await farm.submit(1);
    await inWork(farm, long);
    const gaveUp = slow.printed(/^gave up at (\d+)$/m);
    const cancelled = Date.now();
    await connectTo(farm.host).call('job.cancel', { id: long });
    const cancel = Number((await gaveUp)[1]) - cancelled;
    slow.process.kill('SIGSTOP');
    await machineIs(farm, ['cut-off']);
    slow.process.kill('SIGCONT');
    const resumed = performance.now();
    await machineIs(farm, ['idle', 'rendering']);
    const back = performance.now() - resumed;
    await slow.end();
    return [
      {
        what: 'what the farm adds to a frame, p50, beside its delivery',
        value: `${(gap - delivery).toFixed(1)} ms`,
        goal: '≤ 10 ms',
        detail: `a frame that takes no time every ${gap.toFixed(1)} ms, delivered in ${delivery.toFixed(1)} ms`,
      },
      { what: 'a frame given up on its machine after its job was cancelled', value: `${cancel} ms`, goal: '≤ 100 ms' },
      { what: 'a machine that was cut off is back', value: `${(back / 1000).toFixed(1)} s`, goal: '≤ 5 s' },
    ];
  } finally {
    await farm.close();
  }
}

async function benchManyMachines(folder: string): Promise<Row> {
  const farm = await startBenchFarm(folder);
  try {
    const lent = await farm.machines(MANY, 0);
    await farm.ended(await farm.submit(MANY * 2));
    const rate = rateOf(await farm.ended(await farm.submit(2_000)));
    await lent.end();
    const bare = await measureBareQueue(MANY, 10_000);
    return {
      what: `${MANY} machines whose frames take no time against the bare ticket queue`,
      value: (rate / bare).toFixed(2),
      goal: '≥ 0.4',
      detail: `${rate.toFixed(0)} of ${bare.toFixed(0)} frames/s`,
    };
  } finally {
    await farm.close();
  }
}

/** Frames a second between the first and the last. */
function rateOf(times: readonly number[]): number {
  return (times.length - 1) / ((times.at(-1)! - times[0]!) / 1_000);
}

async function inWork({ host }: BenchFarm, id: number): Promise<void> {
  while ((await connectTo(host).call('job.get', { id })).frames.rendering === 0) await delay(20);
  // On its way to the machine.
  await delay(500);
}

async function machineIs({ host }: BenchFarm, states: readonly string[]): Promise<void> {
  for (;;) {
    const machines = await connectTo(host).call('machine.list', {});
    if (states.includes(machines.at(-1)!.state)) return;
    await delay(20);
  }
}

async function startBenchFarm(folder: string): Promise<BenchFarm> {
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
      while ((await idle()) < count) await delay(100);
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
