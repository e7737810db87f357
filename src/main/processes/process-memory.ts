import { readFile } from 'node:fs/promises';

/**
 * Memory that processes hold, in bytes. On Linux that is the proportional set size (proc(5), smaps_rollup): pages that several processes share count once altogether, so a sum over a
 * browser's processes is what it really takes.
 *
 * @returns null where the system doesn't tell, or none of the processes lives
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
    // Where a kernel is built without it, or won't let us read it.
    ['status', /^VmRSS:\s+(\d+) kB$/m],
  ] as const) {
    const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    const kilobytes = pattern.exec(text)?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  }
  return null;
}
