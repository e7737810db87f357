import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { childEnvironment } from './child-environment';
import { processTree, threadsOf } from './process-tree';

/**
 * As in nice(1): below renders, which have 10. On Windows that is “below normal” (libuv, uv_os_setpriority); the lowest
 * would be “idle”.
 */
const BELOW_RENDERS = 18;
/** Of a session, which Linux may schedule as a whole (sched(7), autogroup). */
const LOWEST_SESSION = constants.priority.PRIORITY_LOW;
/** Linux lets users other than root set a session's niceness ten times a second, all of them together. */
const SESSION_TRIES = 50;
const SESSION_PAUSE = 100;

/** Gives a process and all that it started a priority below that of rendering. Failures are ignored. */
export function runBelowRenders(pid: number): Promise<void> {
  return lower(pid, BELOW_RENDERS);
}

/**
 * Gives a process and all that it started the lowest priority. On Linux every thread then gets what others leave (sched(7),
 * SCHED_IDLE). Only root could raise it again. Failures are ignored.
 */
export async function giveLeastPriority(pid: number): Promise<void> {
  await lower(pid, constants.priority.PRIORITY_LOW);
  if (process.platform === 'linux') for (const id of await processTree(pid)) await scheduleWhenIdle(id);
}

/** Of every thread, and of sessions other than the host's own. */
async function lower(pid: number, niceness: number): Promise<void> {
  const linux = process.platform === 'linux';
  const lowered = new Set([await sessionOf(process.pid), null]);
  for (const id of await processTree(pid)) {
    for (const thread of linux ? await threadsOf(id) : [id]) {
      try {
        setPriority(thread, niceness);
      } catch {
        // It has ended.
      }
    }
    const session = await sessionOf(id);
    if (lowered.has(session)) continue;
    lowered.add(session);
    await lowerSession(id);
  }
}

async function lowerSession(pid: number): Promise<void> {
  for (let tries = 0; tries < SESSION_TRIES; tries++) {
    try {
      return await writeFile(`/proc/${pid}/autogroup`, String(LOWEST_SESSION));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      await wait(SESSION_PAUSE);
    }
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
