import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { followText } from './printed-text';

const ROOT = resolve(import.meta.dirname, '../..');

/** A TypeScript file of this repository in a process of its own, which is killed by its id at the end of the test. */
export interface TsProcess {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  /** What it has printed so far. */
  output(): string;
  /** Settles with the first match in what it prints. @throws when it ends without one */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<unknown>;
}

export interface TsProcessOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** A program, with arguments, that runs it, as `ip netns exec NAME`. */
  readonly within?: readonly string[];
}

/**
 * One file with all that a program imports of this repository, made once for all suites of a run: to load a host takes
 * 1.4 s of processor time from it, and 6 from some six hundred sources.
 *
 * @param file relative to the repository
 */
function bundleOf(file: string): string {
  const folder = join(process.env['FRAMEGAUGE_TEST_FOLDER']!, 'programs');
  const bundle = join(folder, `${basename(file, '.ts')}.mjs`);
  if (existsSync(bundle)) return bundle;
  return execFileSync(process.execPath, ['test/helpers/bundle-program.mjs', file, folder], {
    cwd: ROOT,
    encoding: 'utf8',
  });
}

/** @param file relative to the repository, of a name that no other such program has */
export function startTsProcess(
  file: string,
  args: readonly string[],
  { env = {}, within = [] }: TsProcessOptions = {},
): TsProcess {
  const [program, ...rest] = [...within, process.execPath, bundleOf(file), ...args];
  const child = spawn(program!, rest, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const ended = once(child, 'close');
  const { text, printed } = followText(
    [child.stdout, child.stderr],
    ended.then(() => 'ended'),
  );
  const kill = (signal: NodeJS.Signals): void => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  };
  onTestFinished(async () => {
    kill('SIGKILL');
    await ended;
  });
  return { process: child, output: text, kill, ended, printed };
}
