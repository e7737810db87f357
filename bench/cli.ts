import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { percentile } from './percentile';
import type { Row } from './report';

const BIN = resolve(import.meta.dirname, '../bin/framegauge.mjs');
const ROUNDS = 15;

/** Runs Node to its end. @returns milliseconds from its start to its end */
async function timeOf(args: readonly string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code}.`);
  return performance.now() - began;
}

/**
 * Duration of commands that need no host, and of those that query a running one, next to Node with an empty file. They
 * alternate, so that other load on the machine affects all of them alike.
 */
export async function benchCli(folder: string): Promise<Row[]> {
  const data = join(folder, 'data');
  const empty = join(folder, 'empty.mjs');
  await mkdir(data);
  await writeFile(empty, '');
  const commands = [
    { what: '--help', args: ['--help'], goal: 2.5 },
    { what: '--version', args: ['--version'], goal: 2.5 },
    { what: 'completion bash', args: ['completion', 'bash'], goal: 2.5 },
    { what: 'jobs of a running host', args: ['jobs', '--data', data], goal: 4 },
  ];
  const host = spawn(process.execPath, [BIN, 'serve', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(host, 'exit');
  try {
    await Promise.race([
      once(host.stdout, 'data'),
      ended.then(() => Promise.reject(new Error('The host ended before it served.'))),
    ]);
    const bare: number[] = [];
    const times = commands.map((): number[] => []);
    for (let round = -1; round < ROUNDS; round++) {
      const node = await timeOf([empty]);
      const taken: number[] = [];
      for (const { args } of commands) taken.push(await timeOf([BIN, ...args]));
      // Warm-up: the first round fills the caches.
      if (round < 0) continue;
      bare.push(node);
      for (const [index, time] of taken.entries()) times[index]!.push(time);
    }
    const node = percentile(bare, 0.5);
    return commands.map(({ what, goal }, index) => {
      const median = percentile(times[index]!, 0.5);
      return {
        what: `framegauge ${what}, × bare Node`,
        value: (median / node).toFixed(2),
        goal: `≤ ${goal}`,
        detail: `${median.toFixed(0)} ms, Node ${node.toFixed(0)} ms (medians of ${ROUNDS})`,
      };
    });
  } finally {
    host.kill('SIGTERM');
    await ended;
  }
}
