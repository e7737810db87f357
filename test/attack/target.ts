import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished } from 'vitest';
import { startCli } from '../helpers/cli';
import { temporaryFolder } from '../helpers/temporary-folder';

/** Of an answer to `/healthz`, in milliseconds: half of them came sooner, and the slowest. */
export interface Answers {
  readonly count: number;
  readonly median: number;
  readonly slowest: number;
}

/** A real host in a process of its own that is to be attacked. */
export interface Target {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly folder: string;
  readonly data: string;
  readonly tokens: { readonly control: string; readonly read: string };
  /**
   * Carries out an attack, and prints how soon `/healthz` was answered meanwhile and how the memory went.
   *
   * Asserts that answers don't take much longer than before, in a way that holds on a slow machine too, and that within
   * a minute the host takes no more than 1.2 × the memory of before.
   */
  withstands(what: string, attack: () => Promise<unknown>): Promise<void>;
}

/** What an answer may take more than before, in milliseconds: a quiet machine stays below it in all. */
const GRACE = 100;
/** What others who work on a slow machine may make of it. */
const SLOW_MACHINE = 10;
/** Within which the memory is to be given back, in milliseconds. */
const MEMORY_TIME = 60_000;
const MEMORY_SHARE = 1.2;
/** What a process takes now and then without anybody’s doing, in megabytes. */
const MEMORY_GRACE = 12;
/** For how long an idle host is asked, in milliseconds. */
const IDLE_TIME = 2_000;

/** Asks for `/healthz` again and again, each time on a connection of its own, and tells how long it took, in milliseconds, since it was asked last. */
const PROBER = `
  const { get } = require('node:http');
  const { parentPort, workerData } = require('node:worker_threads');
  let times = [];
  let asked = false;
  let asking = false;
  function ask() {
    const from = performance.now();
    get({ ...workerData, path: '/healthz', agent: false }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode !== 200) throw new Error('/healthz answered ' + response.statusCode);
        times.push(performance.now() - from);
        tell();
        if (asking) setTimeout(ask, 5);
      });
    }).on('error', (error) => { throw error; });
  }
  function tell() {
    if (!asked || times.length === 0) return;
    parentPort.postMessage(times);
    times = [];
    asked = false;
  }
  parentPort.on('message', ({ goOn }) => {
    asked = true;
    tell();
    if (goOn && !asking) ask();
    asking = goOn;
  });
`;

/** @param prepare puts things into the data folder before the host starts */
export async function startTarget(prepare: (data: string) => Promise<void> | void = () => undefined): Promise<Target> {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  await prepare(data);
  const cli = startCli(['serve', '--port', '0', '--data', data]);
  const [, address] = await cli.printed(/(http:\/\/\S+)\/#token=/);
  await cli.printed(/Press Ctrl\+C/);
  const { hostname, port } = new URL(address!);
  const tokenIn = (file: string): string => readFileSync(join(data, file), 'utf8').trim();
  // In a thread of its own: the attacker is busy, too.
  const prober = new Worker(PROBER, { eval: true, workerData: { host: hostname, port } });
  onTestFinished(async () => void (await prober.terminate()));
  /** @param goOn whether it goes on asking: a host that nobody asks gives memory back */
  const answers = async (goOn: boolean): Promise<Answers> => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    prober.postMessage({ goOn });
    const [times] = (await once(prober, 'message')) as [number[]];
    return summary(times);
  };
  const memory = (): number =>
    Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${cli.process.pid!}/status`, 'utf8'))![1]) / 1024;
  const summary = (times: readonly number[]): Answers => {
    const sorted = [...times].sort((a, b) => a - b);
    return { count: sorted.length, median: sorted[Math.floor(sorted.length / 2)]!, slowest: sorted.at(-1)! };
  };

  async function withstands(what: string, attack: () => Promise<unknown>): Promise<void> {
    await answers(true);
    await delay(IDLE_TIME);
    const quiet = await answers(true);
    const before = memory();
    let peak = before;
    const look = setInterval(() => (peak = Math.max(peak, memory())), 20);
    try {
      await attack();
    } finally {
      clearInterval(look);
    }
    const attackedAnswers = await answers(false);
    const end = performance.now();
    while (memory() > before * MEMORY_SHARE + MEMORY_GRACE && performance.now() - end < MEMORY_TIME) await delay(200);
    const after = memory();
    const ms = (time: number): string => `${time.toFixed(1)} ms`;
    console.log(
      `${what}: ${attackedAnswers.count} answers of /healthz, median ${ms(attackedAnswers.median)}, slowest ${ms(attackedAnswers.slowest)} (idle ${ms(quiet.median)}, ${ms(quiet.slowest)}); memory ${before.toFixed(0)} MB, at most ${peak.toFixed(0)} MB, ${after.toFixed(0)} MB after ${((performance.now() - end) / 1000).toFixed(1)} s`,
    );
    expect(attackedAnswers.median, 'the median answer while attacked, in milliseconds').toBeLessThan(
      GRACE + SLOW_MACHINE * quiet.median,
    );
    expect(after, 'megabytes a minute later').toBeLessThanOrEqual(before * MEMORY_SHARE + MEMORY_GRACE);
    expect(cli.process.exitCode, 'the exit code of the host').toBeNull();
  }

  return {
    url: address!,
    host: hostname,
    port: Number(port),
    folder,
    data,
    tokens: { control: tokenIn('control-token'), read: tokenIn('read-token') },
    withstands,
  };
}
