import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { MachineInfo } from '../../src/shared/machines';
import type { Frame, Job } from '../../src/shared/jobs';
import { isFree } from '../helpers/free-port';
import { needs } from '../helpers/needs';
import { startTcpProxy } from '../helpers/tcp-proxy';
import { temporaryFolder } from '../helpers/temporary-folder';
import { type TestMachine, startMachine } from '../main/farm/farm-fixture';
import { type ManagerHost, colourOf, makeManagerHost } from '../main/farm/manager-host';
import { watchEvents } from './event-watch';
import { createImageLedger } from './image-ledger';
import { type Random, randomFrom } from './random';
import { waitUntil } from './wait-until';

/** As many as `npm test` has time for; FRAMEGAUGE_FARM_ROUNDS=200 takes a quarter of an hour. */
const ROUNDS = Number(process.env['FRAMEGAUGE_FARM_ROUNDS'] ?? 20);
const SEED = Number(process.env['FRAMEGAUGE_FARM_SEED'] ?? 20_261_130);
/** The longest time between two faults, and the longest that one lasts, in milliseconds. */
const LONGEST_WAIT = 1_500;
const LONGEST_FAULT = 9_000;
const FRAMES = 30;
const LONGEST_FRAME = 600;
const [WIDTH, HEIGHT] = [16, 8];

const FAULTS = [
  'machine killed',
  'machine stopped',
  'machine cut off',
  'machine’s connections broken',
  'manager killed',
  'manager stopped',
  'Redis killed',
  'Redis stopped',
  'Redis cut off',
] as const;
type Fault = (typeof FAULTS)[number];

type Way = 'manager' | 'Redis';

/** A machine whose ways to the manager and to Redis can be cut. */
interface Box {
  readonly name: string;
  /** Folder of its frames under way. */
  readonly frames: string;
  /** Whether a fault of it lasts. */
  faulty: boolean;
  start(): void;
  kill(signal: NodeJS.Signals): void;
  ended(): Promise<unknown>;
  /** Several faults may cut a way: it is whole again once each has healed it. */
  cut(ways: readonly Way[]): void;
  heal(ways: readonly Way[]): void;
  breakOff(): void;
}

/** Has a machine join, and puts proxies into its ways. */
async function makeBox(manager: ManagerHost, folder: string, name: string): Promise<Box> {
  const data = join(folder, name);
  const first = startMachine(data, await manager.invite(), { name, workers: 2 });
  await first.printed(/^ready \w+$/m);
  first.kill('SIGTERM');
  await first.ended;
  const proxies = { manager: await startTcpProxy(manager.farmPort), Redis: await startTcpProxy(manager.farmPort + 1) };
  const cuts = { manager: 0, Redis: 0 };
  const file = join(data, 'machine', 'identity.json');
  const identity = JSON.parse(readFileSync(file, 'utf8')) as { queue: object };
  const queue = { ...identity.queue, host: '127.0.0.1', port: proxies.Redis.port };
  writeFileSync(file, JSON.stringify({ ...identity, queue, url: `https://127.0.0.1:${proxies.manager.port}` }));
  let machine: TestMachine = first;
  return {
    name,
    frames: join(data, 'machine', 'frames'),
    faulty: false,
    start: () => (machine = startMachine(data, null, { name, workers: 2 })),
    kill: (signal) => machine.kill(signal),
    ended: () => machine.ended,
    cut: (ways) => {
      for (const way of ways) if (++cuts[way] === 1) proxies[way].cut();
    },
    heal: (ways) => {
      for (const way of ways) if (--cuts[way] === 0) proxies[way].heal();
    },
    breakOff: () => Object.values(proxies).forEach((proxy) => proxy.breakOff()),
  };
}

/** An image must have the colour of its frame and scene, which its path tells. */
function faultOf(path: string, { at }: { at(x: number, y: number): readonly number[] }): string | null {
  const wanted = colourOf(Number(basename(dirname(path)).split('-')[1]), Number.parseInt(basename(path), 10));
  const seen = at(0, 0).slice(0, 3);
  return seen.join() === wanted.join() ? null : `has the colour ${seen.join()} instead of ${wanted.join()}`;
}

needs.redis('a farm that is hit at random moments', () => {
  it('has every frame in its place once, and spends no try', { timeout: 0 }, async () => {
    const folder = temporaryFolder();
    const random: Random = randomFrom(SEED);
    const manager = await makeManagerHost(folder);
    mkdirSync(join(folder, 'machines'));
    await manager.start();
    const boxes = await Promise.all(['a', 'b', 'c'].map((name) => makeBox(manager, join(folder, 'machines'), name)));
    for (const box of boxes) box.start();
    const ledger = createImageLedger(WIDTH, HEIGHT, faultOf);
    const events = watchEvents(manager);
    const counts = new Map<Fault, number>();
    const unfinished = new Map<number, string>();
    /** Faults that last. */
    const lasting = new Set<Promise<void>>();
    let jobs = 0;
    let redisFaulty = false;

    async function feed(): Promise<void> {
      while (unfinished.size < 2) {
        // One attempt: whatever counts as a failure fails the job.
        const job = await manager.submit(FRAMES, 1 + random.int(LONGEST_FRAME), { attempts: 1 });
        unfinished.set(job.id, join(folder, `images-${++jobs}`));
      }
    }

    async function check(): Promise<void> {
      for (const [id, output] of Array.from(unfinished)) {
        const job = await manager.ask<Job>('GET', `/jobs/${id}`);
        if (['failed', 'cancelled'].includes(job.state)) throw new Error(`Job ${id} is ${job.state}: ${job.reason}`);
        const over = job.state === 'completed';
        await ledger.look(output, over);
        if (!over) continue;
        const frames = await manager.ask<Frame[]>('GET', `/jobs/${id}/frames`);
        expect(frames.map(({ state, reason }) => `${state} ${reason}`)).toEqual(frames.map(() => 'done null'));
        expect(readdirSync(output)).toHaveLength(FRAMES);
        unfinished.delete(id);
      }
      await events.read();
    }

    /** Lets a fault last for a while, during the next ones. */
    function last(end: () => void): void {
      const over = delay(random.int(LONGEST_FAULT)).then(end);
      lasting.add(over);
      void over.then(() => lasting.delete(over));
    }

    async function hit(fault: Fault): Promise<boolean> {
      const box = random.pick(boxes);
      const pid = manager.redis();
      switch (fault) {
        case 'manager killed':
          manager.kill('SIGKILL');
          await manager.ended();
          await manager.start();
          return true;
        case 'manager stopped':
          manager.kill('SIGSTOP');
          await delay(random.int(LONGEST_FAULT));
          manager.kill('SIGCONT');
          return true;
        case 'Redis killed':
        case 'Redis stopped': {
          if (pid === null || redisFaulty) return false;
          const stops = fault === 'Redis stopped';
          process.kill(pid, stops ? 'SIGSTOP' : 'SIGKILL');
          if (!stops) return true;
          redisFaulty = true;
          last(() => {
            redisFaulty = false;
            // Another one may have taken its place.
            if (manager.redis() === pid) process.kill(pid, 'SIGCONT');
          });
          return true;
        }
        case 'Redis cut off':
          // No machine reaches it and nobody is told, but all of them reach the manager.
          if (redisFaulty) return false;
          redisFaulty = true;
          for (const one of boxes) one.cut(['Redis']);
          last(() => {
            redisFaulty = false;
            for (const one of boxes) one.heal(['Redis']);
          });
          return true;
        default:
          if (box.faulty) return false;
      }
      if (fault === 'machine killed') {
        box.kill('SIGKILL');
        await box.ended();
        box.start();
      } else if (fault === 'machine’s connections broken') {
        box.breakOff();
      } else {
        box.faulty = true;
        const stops = fault === 'machine stopped';
        if (stops) box.kill('SIGSTOP');
        else box.cut(['manager', 'Redis']);
        last(() => {
          box.faulty = false;
          if (stops) box.kill('SIGCONT');
          else box.heal(['manager', 'Redis']);
        });
      }
      return true;
    }

    async function describe(): Promise<string> {
      const machines = await manager.ask<MachineInfo[]>('GET', '/machines').catch((error: unknown) => String(error));
      const log = join(manager.dataFolder, 'logs', 'host.log');
      const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(-60).join('\n') : '';
      return `${JSON.stringify([...counts])}\n${JSON.stringify(machines)}\n${lines}`;
    }

    try {
      for (let round = 0; round < ROUNDS;) {
        await feed();
        await delay(random.int(LONGEST_WAIT));
        const fault = random.pick(FAULTS);
        if (!(await hit(fault))) continue;
        counts.set(fault, (counts.get(fault) ?? 0) + 1);
        round++;
        await check();
      }
      await Promise.all(lasting);
      await waitUntil({
        what: 'the end of every job',
        async ask() {
          await check();
          return unfinished.size === 0 ? true : null;
        },
        missing: () => `the end of jobs ${[...unfinished.keys()].join()}`,
        next: () => delay(200),
        progress: () => ledger.size,
      });
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${await describe()}`, {
        cause: error,
      });
    }

    expect(ledger.size).toBe(jobs * FRAMES);
    // Nothing is left over: no frame, no process, no listener.
    await waitUntil({
      what: 'machines without frames',
      ask: () => Promise.resolve(boxes.every(({ frames }) => readdirSync(frames).length === 0) ? true : null),
      missing: () => boxes.flatMap(({ frames }) => readdirSync(frames)).join(),
      next: () => delay(200),
    });
    for (const box of boxes) box.kill('SIGTERM');
    await Promise.all(boxes.map((box) => box.ended()));
    manager.kill('SIGTERM');
    await manager.ended();
    expect(manager.redis()).toBeNull();
    for (const port of [manager.farmPort, manager.farmPort + 1]) expect(await isFree(port)).toBe(true);
    console.log(
      `${ROUNDS} rounds: ${[...counts].map(([fault, times]) => `${fault} ${times}`).join(', ')}; ${ledger.size} frames of ${jobs} jobs`,
    );
  });
});
