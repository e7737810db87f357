import { spawn } from 'node:child_process';
import { endGroup } from './process-group';

/** How a program ended that was run to its end. */
export interface BriefRun {
  /** null where a signal ended it, or it could not be started. */
  readonly code: number | null;
  /** What it printed first, at most 64 KB each. */
  readonly stdout: string;
  readonly stderr: string;
  /** Why it could not be started; null when it was. */
  readonly failure: Error | null;
  /** It was ended because its time was over. */
  readonly timedOut: boolean;
}

const MAX_OUTPUT = 64 * 1024;

/**
 * Runs a program that answers by itself, in a process group of its own, which is ended as a whole when its time is over.
 *
 * @param seconds how long it may take
 */
export function runBriefly(program: string, args: readonly string[], seconds: number): Promise<BriefRun> {
  return new Promise((resolve) => {
    const posix = process.platform !== 'win32';
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: posix, windowsHide: true });
    const printed = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        if (printed[stream].length < MAX_OUTPUT) printed[stream] += text.slice(0, MAX_OUTPUT - printed[stream].length);
      });
    }
    let timedOut = false;
    const end = (): void => {
      if (!posix) child.kill('SIGKILL');
      else if (child.pid !== undefined) endGroup(child.pid);
    };
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, seconds * 1_000);
    const settle = (code: number | null, failure: Error | null): void => {
      clearTimeout(timer);
      resolve({ code, ...printed, failure, timedOut });
    };
    child.once('error', (failure) => settle(null, failure));
    // What it started may hold its output open.
    child.once('exit', end);
    child.once('close', (code) => settle(code, null));
  });
}
