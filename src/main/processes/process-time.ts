import { readFile } from 'node:fs/promises';
import { processTree } from './process-tree';

/**
 * Clock ticks per second in which Linux reports processor time (proc(5), `_SC_CLK_TCK`): 100 on every architecture Node
 * supports.
 */
const TICKS_PER_SECOND = 100;
/** Fields of /proc/PID/stat, counted from 1. */
const [UTIME, STIME, CHILDREN_UTIME, CHILDREN_STIME] = [14, 15, 16, 17];

/** Processor time used by a process and its threads, in seconds; null where unavailable, or the process is gone. */
export async function cpuSecondsOf(pid: number): Promise<number | null> {
  return secondsOf(pid, [UTIME, STIME]);
}

/** The same of a process and all that it started, ended ones included once they are waited for. */
export async function cpuSecondsOfTree(pid: number): Promise<number | null> {
  const times = await Promise.all(
    (await processTree(pid)).map((id) => secondsOf(id, [UTIME, STIME, CHILDREN_UTIME, CHILDREN_STIME])),
  );
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : known.reduce((sum, time) => sum + time, 0);
}

async function secondsOf(pid: number, wanted: readonly number[]): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field, the name in brackets, may contain anything. The third follows it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = wanted.reduce((sum, field) => sum + Number(fields[field - 3]), 0);
  return Number.isFinite(ticks) ? ticks / TICKS_PER_SECOND : null;
}
