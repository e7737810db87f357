import { readFile } from 'node:fs/promises';

/**
 * Memory of processes in bytes. On Linux that is the proportional set size (proc(5), smaps_rollup): shared pages count
 * once in total, so the sum over a browser's processes is its real usage.
 *
 * @returns null where unavailable, or none of the processes is alive
 */
export async function memoryOf(pids: readonly number[]): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const sizes = await Promise.all(pids.map(sizeOf));
  const known = sizes.filter((size) => size !== null);
  return known.length === 0 ? null : known.reduce((sum, size) => sum + size, 0);
}

async function sizeOf(pid: number): Promise<number | null> {
  for (const [file, pattern] of [
    ['smaps_rollup', /^Pss:\s+(\d+) kB$/m],
    // For kernels built without it, or without permission to read it.
    ['status', /^VmRSS:\s+(\d+) kB$/m],
  ] as const) {
    const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    const kilobytes = pattern.exec(text)?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  }
  return null;
}
