import { readdir, readFile } from 'node:fs/promises';

/** Maximum number of processes that are looked at. */
const MAX_PROCESSES = 200;

/** Ids of a process and of all that it started and that still run; of itself alone where the system does not tell (Linux does). */
export async function processTree(pid: number): Promise<number[]> {
  const found = [pid];
  if (process.platform !== 'linux') return found;
  for (let index = 0; index < found.length && found.length < MAX_PROCESSES; index++)
    for (const thread of await threadsOf(found[index]!)) {
      const children = await readFile(`/proc/${found[index]}/task/${thread}/children`, 'utf8').catch(() => '');
      found.push(...children.split(' ').filter(Boolean).map(Number));
    }
  return found.slice(0, MAX_PROCESSES);
}

/** Ids of a process's threads; none once it is gone. Linux only. */
export async function threadsOf(pid: number): Promise<number[]> {
  return (await readdir(`/proc/${pid}/task`).catch((): string[] => [])).map(Number);
}
