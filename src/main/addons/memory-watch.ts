import { readFile } from 'node:fs/promises';
import { memoryOf } from '../processes/process-memory';

/** Limits of one add-on's memory, in MB: of its JavaScript heap, and of its processes together with Node's own part. */
export const ADDON_HEAP_MB = 256;
export const ADDON_MEMORY_MB = 512;
/** The same where other programs are permitted: ffmpeg takes 1.2 GB for a 4K video. */
export const ADDON_PROGRAMS_MEMORY_MB = 4_096;
/** Share of the limit from which it is warned. */
const WARN_SHARE = 0.8;
/** Interval between readings, in milliseconds. */
const EVERY = 5_000;
/** Maximum number of processes of one add-on that are looked at. */
const MAX_PROCESSES = 200;
const MB = 1024 * 1024;

export interface MemoryWatchOptions {
  readonly pid: number;
  readonly warn: (text: string) => void;
  readonly kill: (reason: string) => void;
  /** In MB. */
  readonly limit?: number | undefined;
  /** In milliseconds. */
  readonly every?: number;
  readonly read?: (pid: number) => Promise<number | null>;
}

/**
 * Watches the memory of an add-on's process and of those that it started, where the system tells it (Linux). Near the
 * limit it is warned once, above the limit it is killed. @returns ends the watch
 */
export function watchMemory({
  pid,
  warn,
  kill,
  limit = ADDON_MEMORY_MB,
  every = EVERY,
  read = memoryOfTree,
}: MemoryWatchOptions): () => void {
  let warned = false;
  let closed = false;
  async function check(): Promise<void> {
    const bytes = await read(pid).catch(() => null);
    if (bytes === null || closed) return;
    const used = Math.round(bytes / MB);
    if (used > limit) kill(`it used ${used} MB of memory, and ${limit} MB is the most`);
    else if (used > limit * WARN_SHARE && !warned) {
      warned = true;
      warn(`It uses ${used} MB of memory; above ${limit} MB it is stopped.`);
    }
  }
  const timer = setInterval(() => void check(), every);
  timer.unref();
  return () => {
    closed = true;
    clearInterval(timer);
  };
}

/** In bytes; null where it is unknown. */
async function memoryOfTree(pid: number): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const found = [pid];
  for (let index = 0; index < found.length && found.length < MAX_PROCESSES; index++) {
    const text = await readFile(`/proc/${found[index]}/task/${found[index]}/children`, 'utf8').catch(() => '');
    found.push(...text.split(' ').filter(Boolean).map(Number));
  }
  return memoryOf(found.slice(0, MAX_PROCESSES));
}
