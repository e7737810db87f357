import { readFile, readdir } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { WorkerExit } from '../render-engine';
import { MEMORY_ADVICE, saysNoMemory } from './blender-failure';
import { PYTHON_EXIT_CODE, type BlenderEnd } from './blender-process';
import { isStatsLine } from './render-stats';

/** How many lines of a crash report are shown. */
const REPORT_LINES = 20;

/** Signals that mean that a program did something that it must not. */
const CRASHES: ReadonlySet<NodeJS.Signals> = new Set<NodeJS.Signals>([
  'SIGSEGV',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGTRAP',
  'SIGSYS',
]);

/**
 * Why a Blender that nobody had asked to end has ended.
 *
 * @param doing what it was doing, as `while rendering frame 7`; empty where nothing
 * @param outOfMemory the kernel has ended processes for want of memory meanwhile
 */
export function exitOf(end: BlenderEnd, doing: string, log: readonly string[], outOfMemory: boolean): WorkerExit {
  const { code, signal } = signalled(end);
  const where = doing === '' ? '' : ` ${doing}`;
  const words = lastWords(log);
  const last = words === null ? '' : ` Its last words: “${words}”.`;
  if (signal === 'SIGKILL' && outOfMemory)
    return {
      reason: 'memory',
      message: `The system ended Blender${where}, because there was no more memory: ${MEMORY_ADVICE}.`,
    };
  if (log.some(saysNoMemory))
    return {
      reason: 'memory',
      message: `Blender found no more memory${where} and ended (${signal ?? `exit code ${code}`}): ${MEMORY_ADVICE}.`,
    };
  if (signal !== null && CRASHES.has(signal))
    return { reason: 'crash', message: `Blender crashed (${signal})${where}.${last}` };
  if (signal !== null) return { reason: 'crash', message: `Blender was ended from outside (${signal})${where}.` };
  if (code === PYTHON_EXIT_CODE)
    return { reason: 'exit', message: `Framegauge’s script inside of Blender failed${where}.${last}` };
  return { reason: 'exit', message: `Blender ended by itself (exit code ${code})${where}.${last}` };
}

/** A shell's way to tell a signal is an exit code: where Blender is started by a script. */
function signalled({ code, signal }: BlenderEnd): BlenderEnd {
  if (signal !== null || code === null || code <= 128) return { code, signal };
  const named = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return named ? { code: null, signal: named[0] as NodeJS.Signals } : { code, signal };
}

/** The last line that says something; its length is for a sentence. */
function lastWords(log: readonly string[]): string | null {
  const line =
    log.findLast(
      (candidate) => !isStatsLine(candidate) && !/^\s*(?:Writing: |Blender quit|Saved: |Time: |$)/.test(candidate),
    ) ?? null;
  return line === null ? null : line.trim().slice(0, 200);
}

/** The crash report that Blender left in its folder: its first lines, with the innermost calls. Empty where there is none. */
export async function crashReport(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const name = names.find((candidate) => candidate.endsWith('.crash.txt'));
  if (name === undefined) return [];
  const text = await readFile(join(folder, name), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, REPORT_LINES);
}

/** How many processes this system has ended for want of memory (proc_vmstat `oom_kill`); null where it doesn't tell. */
export async function oomKills(): Promise<number | null> {
  const text = await readFile('/proc/vmstat', 'utf8').catch(() => '');
  const count = /^oom_kill (\d+)$/m.exec(text)?.[1];
  return count === undefined ? null : Number(count);
}
