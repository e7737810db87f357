import { readFile } from 'node:fs/promises';
import { cpuSecondsOfTree } from '../src/main/processes/process-time';

/** Tells what others take of the machine while something is measured. */
export interface ForeignLoad {
  /** Share of the machine's processor time that other programs, or other virtual machines, took since the last call. */
  share(): Promise<number | null>;
}

/** Everything that this process did not start counts as others'; null where the system does not tell (Linux does). */
export async function watchForeignLoad(): Promise<ForeignLoad> {
  const read = async (): Promise<{ all: number; others: number } | null> => {
    const own = await cpuSecondsOfTree(process.pid);
    const text = await readFile('/proc/stat', 'utf8').catch(() => null);
    if (own === null || text === null) return null;
    // proc(5): user, nice, system, idle, iowait, irq, softirq, steal, in hundredths of a second.
    const fields = text
      .slice(0, text.indexOf('\n'))
      .split(/\s+/)
      .slice(1, 9)
      .map((ticks) => Number(ticks) / 100);
    const all = fields.reduce((sum, seconds) => sum + seconds, 0);
    return { all, others: all - fields[3]! - fields[4]! - own };
  };
  let last = await read();
  return {
    async share() {
      const now = await read();
      const before = last;
      last = now;
      return now && before ? Math.max(0, (now.others - before.others) / (now.all - before.all)) : null;
    },
  };
}
