import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { followText } from './printed-text';

export const BIN = resolve(import.meta.dirname, '../../bin/framegauge.mjs');
export const TURNTABLE = resolve(import.meta.dirname, '../../examples/turntable.glb');

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliProcess {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  /** Settles when it has exited and all its output was read. */
  readonly ended: Promise<CliResult>;
  /** Settles with the first match in its standard output, past or future. @throws when it exits without one */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

/**
 * Starts the CLI in its own process, which is killed by its id at the end of the test if necessary.
 *
 * @param within a program, with arguments, that runs it, as `ip netns exec NAME`
 */
export function startCli(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  within: readonly string[] = [],
): CliProcess {
  const [program, ...rest] = [...within, process.execPath, BIN, ...args];
  const child = spawn(program!, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed = once(child, 'close') as Promise<[number | null]>;
  const { text, printed } = followText(
    [child.stdout],
    closed.then(([code]) => `ended with ${code} and ${JSON.stringify(stderr)}`),
  );
  const ended = closed.then(([code]): CliResult => ({ code, stdout: text(), stderr }));
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const forced = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(forced);
  });
  return { process: child, ended, printed };
}

/** Runs the CLI until it exits. */
export function runCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CliResult> {
  return startCli(args, env).ended;
}
