import { readFileSync, readdirSync } from 'node:fs';

/** A process as /proc shows it (proc(5)). */
export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** In clock ticks since the system's start: with the id it names a process for good. */
  readonly startedAt: string;
  readonly command: readonly string[];
}

function read(pid: number): Process | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // One that is dead and was not waited for by its parent holds nothing any more.
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return {
      pid,
      parent: Number(fields[1]),
      startedAt: fields[19]!,
      command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'),
    };
  } catch {
    return null;
  }
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** What a process has started, and what that has, and so on. */
export function descendantsOf(root: number): Process[] {
  const byParent = new Map<number, Process[]>();
  for (const pid of pids()) {
    const found = read(pid);
    if (found) byParent.set(found.parent, [...(byParent.get(found.parent) ?? []), found]);
  }
  const all: Process[] = [];
  const walk = (parent: number): void => {
    for (const child of byParent.get(parent) ?? []) {
      all.push(child);
      walk(child.pid);
    }
  };
  walk(root);
  return all;
}

/** Those of some processes that are still there. */
export function stillThere(processes: readonly Process[]): Process[] {
  return processes.filter(({ pid, startedAt }) => read(pid)?.startedAt === startedAt);
}

/** Processes that have a text in their environment, whoever is their parent by now. */
export function markedWith(marker: string): Process[] {
  return pids().flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(marker)) return [];
    } catch {
      return [];
    }
    const found = read(pid);
    return found ? [found] : [];
  });
}

/** Kills a process by its id, unless it has ended meanwhile. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
