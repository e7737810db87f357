import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { childEnvironment } from '../../processes/child-environment';

/** An add-on's own tests: `test/*.test.js`, `.mjs` or `.cjs`. */
export async function unitTests(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'test')).catch((): string[] => []);
  return names
    .filter((name) => /\.test\.[cm]?js$/.test(name))
    .sort()
    .map((name) => join('test', name));
}

/**
 * Runs them with Node's own test runner.
 *
 * @param write receives its output
 * @returns whether all passed
 */
export function runUnitTests(
  folder: string,
  files: readonly string[],
  write: (text: string) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--test', '--test-reporter=spec', ...files], {
      cwd: folder,
      env: childEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...(signal ? { signal } : {}),
    });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', write);
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0));
  });
}
