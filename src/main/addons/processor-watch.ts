import { cpuSecondsOfTree } from '../processes/process-time';

/** Processor time that an add-on may use before it is slowed, in seconds, and within how many milliseconds. */
const MOST_SECONDS = 2;
const WITHIN = 20_000;
/** Interval between readings, in milliseconds. */
const EVERY = 2_000;

export interface ProcessorWatchOptions {
  readonly pid: number;
  /** Takes processor time from it, and tells why: a sentence. May be called again. */
  readonly slow: (why: string) => void;
  readonly read?: (pid: number) => Promise<number | null>;
}

/**
 * Watches the processor time of a process and of those that it started, where the system tells it (Linux): one that uses
 * much of it is slowed, though it answers. @returns ends the watch
 */
export function watchProcessor({ pid, slow, read = cpuSecondsOfTree }: ProcessorWatchOptions): () => void {
  const readings: number[] = [];
  let closed = false;
  async function check(): Promise<void> {
    const seconds = await read(pid).catch(() => null);
    if (seconds === null || closed) return;
    readings.push(seconds);
    const used = seconds - readings[0]!;
    if (readings.length > WITHIN / EVERY) readings.shift();
    if (used > MOST_SECONDS) slow(`It used more than ${MOST_SECONDS} s of processor time within ${WITHIN / 1_000} s.`);
  }
  const timer = setInterval(() => void check(), EVERY);
  timer.unref();
  return () => {
    closed = true;
    clearInterval(timer);
  };
}
