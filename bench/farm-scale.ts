import { statSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectTo } from '../src/main/cli/host-connection';
import { startBenchFarm } from './farm-host';
import { percentile } from './percentile';
import type { Row } from './report';

/** A studio's size; FRAMEGAUGE_BENCH_MACHINES=1000 and FRAMEGAUGE_BENCH_FRAMES=1000000 take hours. */
const MACHINES = Number(process.env['FRAMEGAUGE_BENCH_MACHINES'] ?? 1_000);
const FRAMES = Number(process.env['FRAMEGAUGE_BENCH_FRAMES'] ?? 20_000);
/** Frames of the job: all of them are in the queue, and a part of them is rendered. */
const QUEUED = Number(process.env['FRAMEGAUGE_BENCH_QUEUED'] ?? 1_000_000);

/**
 * A large farm: its machines render nothing, its manager and its Redis are real. The queue has all frames, and the
 * figures are of those that were rendered.
 */
export async function benchFarmScale(folder: string): Promise<Row[]> {
  const farm = await startBenchFarm(folder);
  try {
    const before = process.memoryUsage().rss;
    const begun = performance.now();
    const lent = await farm.machines(MACHINES, 0);
    const joined = (performance.now() - begun) / 1_000;
    const id = await farm.submit(Math.max(QUEUED, FRAMES));
    const used = process.cpuUsage();
    const { times, memory } = await farm.rendered(id, FRAMES);
    const { user, system } = process.cpuUsage(used);
    const rate = (times.length - 1) / ((times.at(-1)! - times[0]!) / 1_000);
    const redis = await sizeOfRedis(join(farm.dataFolder, 'farm', 'redis'));
    const { frames } = await connectTo(farm.host).call('job.get', { id });
    await lent.end();
    return [
      {
        what: `${MACHINES} machines have joined`,
        value: `${joined.toFixed(1)} s`,
        goal: '',
        detail: `${((joined * 1_000) / MACHINES).toFixed(0)} ms each`,
      },
      {
        what: `frames decided and committed, ${MACHINES} machines, ${frames.total} frames in the queue`,
        value: `${rate.toFixed(0)}/s`,
        goal: '',
        detail: `of ${times.length}; ${((user + system) / 1_000 / times.length).toFixed(1)} ms of the manager’s processor each`,
      },
      {
        what: 'the manager’s memory, at most',
        value: megabytes(Math.max(...memory)),
        goal: '',
        detail: `${megabytes(before)} without machines, ${megabytes(percentile(memory, 0.5))} usually`,
      },
      {
        what: 'Redis’ memory, and its data on disk',
        value: `${megabytes(redis.memory)}, ${megabytes(redis.disk)}`,
        goal: '',
      },
    ];
  } finally {
    await farm.close();
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(0)} MB`;

/** Resident memory of a server and size of what it has written, in bytes. */
async function sizeOfRedis(folder: string): Promise<{ readonly memory: number; readonly disk: number }> {
  const pid = (await readFile(join(folder, 'redis.pid'), 'utf8')).trim();
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const memory = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  const files = await readdir(folder, { recursive: true });
  const disk = files.reduce(
    (sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  return { memory, disk };
}
