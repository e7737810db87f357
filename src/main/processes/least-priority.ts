import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { childEnvironment } from './child-environment';
import { processTree, threadsOf } from './process-tree';

/**
 * Gives a process and all that it started the lowest priority, below that of rendering. Only root could raise it again.
 * On Linux that is done to every thread, which then gets what others leave (sched(7), SCHED_IDLE), and to sessions other
 * than the host's own, which may be scheduled as a whole (autogroup). Failures are ignored.
 */
export async function giveLeastPriority(pid: number): Promise<void> {
  const own = await sessionOf(process.pid);
  for (const id of await processTree(pid)) {
    const threads = process.platform === 'linux' ? await threadsOf(id) : [id];
    for (const thread of threads) {
      try {
        setPriority(thread, constants.priority.PRIORITY_LOW);
      } catch {
        // It has ended.
      }
    }
    if (process.platform === 'linux') await scheduleWhenIdle(id);
    const session = await sessionOf(id);
    if (session !== null && session !== own)
      await writeFile(`/proc/${id}/autogroup`, String(constants.priority.PRIORITY_LOW)).catch(() => undefined);
  }
}

/** With util-linux's chrt, since Node can't. */
function scheduleWhenIdle(pid: number): Promise<void> {
  const flags = ['--idle', '--all-tasks', '--pid', '0', String(pid)];
  return new Promise((resolve) => execFile('chrt', flags, { env: childEnvironment() }, () => resolve()));
}

async function sessionOf(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // proc(5): the name, in brackets, may contain anything; state, ppid, pgrp and session follow it.
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[3] ?? null;
}
