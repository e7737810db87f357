import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';

const BIN = resolve(import.meta.dirname, '../../bin/framegauge.mjs');
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

/** Starts the CLI in its own process, which is killed by its id at the end of the test if necessary. */
export function startCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): CliProcess {
  const child = spawn(process.execPath, [BIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const watch of watchers) watch();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close').then(([code]): CliResult => ({ code: code as number | null, stdout, stderr }));
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const forced = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(forced);
  });
  return {
    process: child,
    ended,
    printed: (pattern) =>
      new Promise((settle, reject) => {
        const watch = (): void => {
          const match = pattern.exec(stdout);
          if (!match) return;
          watchers.delete(watch);
          settle(match);
        };
        watchers.add(watch);
        watch();
        void ended.then((result) =>
          reject(
            new Error(
              `ended with ${result.code} before printing ${String(pattern)}:\n${result.stdout}${result.stderr}`,
            ),
          ),
        );
      }),
  };
}

/** Runs the CLI until it exits. */
export function runCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CliResult> {
  return startCli(args, env).ended;
}
