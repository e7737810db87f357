import { readFileSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { WorkerExit } from '../render-engine';
import { MEMORY_ADVICE, saysNoMemory } from './blender-failure';
import { PYTHON_EXIT_CODE, type BlenderEnd } from './blender-process';
import { isStatsLine } from './render-stats';

/** Number of lines shown of a crash report. */
const REPORT_LINES = 20;

/** Signals that indicate a crash. */
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
 * Why a Blender ended unexpectedly.
 *
 * @param doing its activity, such as `while rendering frame 7`; empty for none
 * @param outOfMemory whether the kernel has killed processes for lack of memory meanwhile
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

/** A shell reports a signal as an exit code, if Blender is started by a script. */
function signalled({ code, signal }: BlenderEnd): BlenderEnd {
  if (signal !== null || code === null || code <= 128) return { code, signal };
  const named = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return named ? { code: null, signal: named[0] as NodeJS.Signals } : { code, signal };
}

/** The last non-empty line, shortened for use in a sentence. */
function lastWords(log: readonly string[]): string | null {
  const line =
    log.findLast(
      (candidate) => !isStatsLine(candidate) && !/^\s*(?:Writing: |Blender quit|Saved: |Time: |$)/.test(candidate),
    ) ?? null;
  return line === null ? null : line.trim().slice(0, 200);
}

/** First lines of the crash report in Blender's folder, with the innermost calls. Empty if there is none. */
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

/**
 * Number of processes this system has killed for lack of memory (proc_vmstat `oom_kill`); null where unknown. Read at
 * once, since every frame asks: the kernel answers from memory, and the trips to another thread took 15 times as long.
 */
export function oomKills(): number | null {
  let text: string;
  try {
    text = readFileSync('/proc/vmstat', 'utf8');
  } catch {
    return null;
  }
  const count = /^oom_kill (\d+)$/m.exec(text)?.[1];
  return count === undefined ? null : Number(count);
}
