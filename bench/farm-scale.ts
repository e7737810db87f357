import { statSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectTo } from '../src/main/cli/host-connection';
import { startBenchFarm } from './farm-host';
import { percentile } from './percentile';
import type { Row } from './report';

/** A studio's size. */
const MACHINES = Number(process.env['FRAMEGAUGE_BENCH_MACHINES'] ?? 1_000);
/** Frames of the job: all of them are in the queue. */
const QUEUED = Number(process.env['FRAMEGAUGE_BENCH_QUEUED'] ?? 1_000_000);
/** How long they are rendered, in seconds: all of a million would take hours. */
const SECONDS = Number(process.env['FRAMEGAUGE_BENCH_SECONDS'] ?? 300);

/**
 * A large farm: its machines render nothing, its manager and its Redis are real. The queue has all frames, and the
 * figures are of those that a fixed time delivers. All machines are one process, which shares this computer with the
 * manager: one that it keeps from telling of itself in time is cut off, and its frame is handed out again.
 */
export async function benchFarmScale(folder: string): Promise<Row[]> {
  const farm = await startBenchFarm(folder);
  try {
    const before = process.memoryUsage().rss;
    const begun = performance.now();
    const lent = await farm.machines(MACHINES, 0);
    const joined = (performance.now() - begun) / 1_000;
    const id = await farm.submit(QUEUED);
    const used = process.cpuUsage();
    const started = performance.now();
    const { times, decisions, memory } = await farm.rendered(id, QUEUED, SECONDS);
    const { user, system } = process.cpuUsage(used);
    const seconds = (performance.now() - started) / 1_000;
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
        what: `frames handed out, ${MACHINES} machines, ${frames.total} frames in the queue`,
        value: `${(decisions / seconds).toFixed(1)}/s`,
        goal: '',
        detail: `${decisions} in ${seconds.toFixed(0)} s, also those that were handed out again`,
      },
      {
        what: 'frames delivered and committed meanwhile',
        value: `${(times.length / seconds).toFixed(1)}/s`,
        goal: '',
        detail: `${times.length}; ${((user + system) / 1_000 / times.length).toFixed(1)} ms of the manager’s processor each`,
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
