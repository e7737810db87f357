import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectTo } from '../src/main/cli/host-connection';
import { measureBareQueue } from './bare-ticket-queue';
import { type BenchFarm, startBenchFarm } from './farm-host';
import { percentile } from './percentile';
import type { Row } from './report';

/** Milliseconds that a frame takes where machines are compared with one. */
const FRAME_TIME = 500;
const MANY = 100;

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
    const used = process.cpuUsage();
    const times = await farm.ended(await farm.submit(2_000));
    const { user, system } = process.cpuUsage(used);
    const rate = rateOf(times);
    const manager = (user + system) / 1_000 / times.length;
    const told = lent.printed(/^processor (.*)$/m);
    await lent.end();
    const theirs = Number((await told)[1]);
    const bare = await measureBareQueue(MANY, 10_000);
    return {
      what: `${MANY} machines whose frames take no time against the bare ticket queue`,
      value: (rate / bare).toFixed(2),
      goal: '≥ 0.4',
      detail: `${rate.toFixed(0)} of ${bare.toFixed(0)} frames/s; a frame takes ${manager.toFixed(1)} ms of the manager’s processor, and ${theirs.toFixed(1)} ms of the machines’, which are here, too`,
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
