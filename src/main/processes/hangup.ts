import { readFileSync } from 'node:fs';

/** Bit of SIGHUP in the masks of /proc/PID/status (proc(5)). */
const HANGUP = 1n;

/**
 * Whether this process is to outlive its terminal, as one started with nohup(1). Node resets the signals that it
 * inherited as ignored (PlatformInit in node.cc), so that has to be told by its traces: no stream is a terminal, since
 * nohup redirects those that are, or the parent process, a shell after `trap '' HUP`, ignores SIGHUP itself.
 *
 * @param streams standard input, output and error
 * @param parentStatus text of the parent's /proc/PID/status; null where unknown
 */
export function outlivesTerminal(
  streams: readonly { readonly isTTY?: boolean }[] = [process.stdin, process.stdout, process.stderr],
  parentStatus: string | null = statusOf(process.ppid),
): boolean {
  if (streams.every(({ isTTY }) => !isTTY)) return true;
  const ignored = /^SigIgn:\s*([\da-f]+)$/im.exec(parentStatus ?? '')?.[1];
  return ignored !== undefined && (BigInt(`0x${ignored}`) & HANGUP) !== 0n;
}

/**
 * Calls a function for every signal that asks this process to end. A hangup of the terminal is one of them unless the
 * process outlives its terminal.
 */
export function onEndSignal(end: () => void): void {
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  process.on('SIGHUP', outlivesTerminal() ? () => undefined : end);
}

function statusOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return null;
  }
}
