import { join, resolve } from 'node:path';
import { connectTo } from '../src/main/cli/host-connection';
import type { Host } from '../src/main/host';
import type { JobRequest } from '../src/shared/jobs';
import { measureBareLoop } from './bare-loop';
import { percentile } from './percentile';
import type { Row } from './report';
import { startBenchHost } from './start-host';

const TURNTABLE = resolve(import.meta.dirname, '../examples/turntable.glb');
const SIZE = { width: 320, height: 180, samples: 4 };
const FRAMES = 48;
/** The median of this many rounds is used, since the machine has other load too. */
const ROUNDS = 3;

/**
 * Measures frames per second through the queue (scheduling, transfer, verification, flush, rename, events) against the
 * same page rendering in a bare loop.
 */
export async function benchQueue(folder: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const workers of [1, 2]) {
    const host = await startBenchHost(join(folder, `queue-${workers}`));
    try {
      const rounds: { ratio: number; queue: number; bare: number }[] = [];
      await connectTo(host).call('preferences.set', { key: 'render.workers', value: workers });
      for (let round = 0; round < ROUNDS; round++) {
        const bare = await measureBareLoop({ scene: TURNTABLE, frame: 1, ...SIZE }, FRAMES, workers);
        const queue = await framesPerSecond(host, join(folder, `frames-${workers}`, '####.png'), workers);
        rounds.push({ ratio: queue / bare, queue, bare });
      }
      const middle = percentile(
        rounds.map(({ ratio }) => ratio),
        0.5,
      );
      const { queue, bare } = rounds.find(({ ratio }) => ratio === middle)!;
      rows.push({
        what: `frames through the queue against a bare loop, ${workers} worker${workers > 1 ? 's' : ''}`,
        value: middle.toFixed(2),
        goal: '≥ 0.9',
        detail: `${queue.toFixed(2)} of ${bare.toFixed(2)} frames/s`,
      });
    } finally {
      await host.close();
    }
  }
  return rows;
}

/** Renders the animation once to warm up every worker, as the bare loop does, and then again for the measurement. */
async function framesPerSecond(host: Host, output: string, workers: number): Promise<number> {
  const request: JobRequest = { scene: TURNTABLE, frames: `1-${FRAMES}`, ...SIZE, output, overwrite: true };
  await render(host, { ...request, frames: `1-${workers * 2}` });
  const seconds = await render(host, request);
  return FRAMES / seconds;
}

/** @returns seconds from the job's start until its last image is written */
async function render(host: Host, request: JobRequest): Promise<number> {
  const connection = connectTo(host);
  const begun = performance.now();
  const { id } = await connection.call('job.submit', request);
  return new Promise((resolve, reject) => {
    const unsubscribe = host.subscribe((event) => {
      if (event.type !== 'job' || event.job.id !== id || event.job.finishedAt === null) return;
      unsubscribe();
      if (event.job.state === 'completed') resolve((performance.now() - begun) / 1000);
      else reject(new Error(event.job.reason ?? event.job.state));
    });
  });
}
