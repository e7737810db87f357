import { readFile } from 'node:fs/promises';

/** Of the clock in which Linux counts processor time for programs (proc(5), `_SC_CLK_TCK`): 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Processor time that a process and its threads have taken, in seconds; null where the system doesn't tell, or it is gone. */
export async function cpuSecondsOf(pid: number): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name, in brackets, may hold anything. After it comes field 3; 14 and 15 are utime and stime.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? ticks / TICKS_PER_SECOND : null;
}
