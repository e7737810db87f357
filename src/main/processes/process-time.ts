import { readFile } from 'node:fs/promises';
import { processTree } from './process-tree';

/**
 * Clock ticks per second in which Linux reports processor time (proc(5), `_SC_CLK_TCK`): 100 on every architecture Node
 * supports.
 */
const TICKS_PER_SECOND = 100;

/** Processor time used by a process and its threads, in seconds; null where unavailable, or the process is gone. */
export async function cpuSecondsOf(pid: number): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name, in brackets, may contain anything. Field 3 follows it; 14 and 15 are utime and stime.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? ticks / TICKS_PER_SECOND : null;
}

/** The same of a process and all that it started and that still run. */
export async function cpuSecondsOfTree(pid: number): Promise<number | null> {
  const times = await Promise.all((await processTree(pid)).map(cpuSecondsOf));
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : known.reduce((sum, time) => sum + time, 0);
}
