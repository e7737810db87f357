import { spawn } from 'node:child_process';
import { childEnvironment } from './child-environment';
import { endGroup } from './process-group';

/** Result of a program that was run to its end. */
export interface BriefRun {
  /** null if it was killed by a signal or could not be started. */
  readonly code: number | null;
  /** The start of its output, at most 64 KB per stream. */
  readonly stdout: string;
  readonly stderr: string;
  /** Why it could not be started; null if it was. */
  readonly failure: Error | null;
  /** It was killed at its time limit. */
  readonly timedOut: boolean;
}

const MAX_OUTPUT = 64 * 1024;

/**
 * Runs a non-interactive program in its own process group, which is killed as a whole at the time limit.
 *
 * @param seconds time limit
 */
export function runBriefly(program: string, args: readonly string[], seconds: number): Promise<BriefRun> {
  return new Promise((resolve) => {
    const posix = process.platform !== 'win32';
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: posix,
      windowsHide: true,
      env: childEnvironment(),
    });
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
    // Its child processes may keep the output open.
    child.once('exit', end);
    child.once('close', (code) => settle(code, null));
  });
}
