import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);
/** Timeout for a program that tells the memory, in milliseconds. */
const TOLD_WITHIN = 5_000;

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

/**
 * Memory of one process in bytes as a program of the system tells it, without those that it started: `ps` (macOS, Linux)
 * or `tasklist` (Windows). Starting one takes some milliseconds of a processor, so it is not for often.
 *
 * @returns null where it is not alive, or there is no such program
 */
export async function toldMemoryOf(pid: number, platform: NodeJS.Platform = process.platform): Promise<number | null> {
  const [program, list] =
    platform === 'win32'
      ? ['tasklist', ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH']]
      : ['ps', ['-o', 'rss=', '-p', String(pid)]];
  const { stdout } = await execute(program, list, { timeout: TOLD_WITHIN, windowsHide: true }).catch(() => ({
    stdout: '',
  }));
  return readToldMemory(stdout, platform);
}

/** In bytes, of what `ps` or `tasklist` printed in kB; null for anything else. */
export function readToldMemory(text: string, platform: NodeJS.Platform): number | null {
  // The last field of a line such as `"node.exe","4711","Console","1","85,432 K"`, written as the language has it.
  const told = platform === 'win32' ? /","(\d[^"]*)"\s*$/.exec(text)?.[1] : /^\s*(\d+)\s*$/.exec(text)?.[1];
  return told === undefined ? null : Number(told.replaceAll(/\D/g, '')) * 1024;
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
