import { memoryOf, toldMemoryOf } from '../processes/process-memory';
import { processTree } from '../processes/process-tree';

/** What Node needs besides its heap, in MB. */
const RUNTIME_MB = 256;
/** What the programs need that an add-on starts with the permission for it, in MB: ffmpeg takes 1.2 GB for a 4K video. */
const PROGRAMS_MB = 3_584;
/** Share of the limit from which it is warned. */
const WARN_SHARE = 0.8;
/** Interval between readings, in milliseconds; where each one starts a program, longer. */
const EVERY = process.platform === 'linux' ? 2_000 : 10_000;
const MB = 1024 * 1024;

export interface MemoryWatchOptions {
  readonly pid: number;
  readonly warn: (text: string) => void;
  readonly kill: (reason: string) => void;
  /** In MB. */
  readonly limit: number;
  /** In milliseconds. */
  readonly every?: number;
  readonly read?: (pid: number) => Promise<number | null>;
}

/** Limit of an add-on's processes together, in MB. @param heap of its JavaScript heap, in MB */
export function memoryLimitOf(heap: number, programs: boolean): number {
  return heap + RUNTIME_MB + (programs ? PROGRAMS_MB : 0);
}

/**
 * Watches the memory of an add-on's process, on Linux with that of those that it started. Near the limit it is warned
 * once, above the limit it is killed. @returns ends the watch
 */
export function watchMemory({
  pid,
  warn,
  kill,
  limit,
  every = EVERY,
  read = memoryOfTree,
}: MemoryWatchOptions): () => void {
  let warned = false;
  let closed = false;
  let reading = false;
  async function check(): Promise<void> {
    if (reading) return;
    reading = true;
    const bytes = await read(pid).catch(() => null);
    reading = false;
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
const memoryOfTree = async (pid: number): Promise<number | null> =>
  process.platform === 'linux' ? memoryOf(await processTree(pid)) : toldMemoryOf(pid);
