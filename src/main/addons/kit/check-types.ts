import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '../../../shared/user-error';
import { childEnvironment } from '../../processes/child-environment';
import type { Finding } from './finding';

/** Maximum number of type errors shown. */
const MAX_ERRORS = 20;

/**
 * Checks an add-on's types with the TypeScript that is installed for it. An add-on without a tsconfig.json or
 * jsconfig.json has none to check.
 */
export async function checkTypes(folder: string, signal?: AbortSignal): Promise<Finding[]> {
  const config = ['tsconfig.json', 'jsconfig.json'].find((name) => existsSync(join(folder, name)));
  if (config === undefined) return [];
  const tsc = compilerOf(folder);
  if (tsc === null)
    return [
      { level: 'note', text: 'Types were not checked: “npm install” in the add-on’s folder installs TypeScript.' },
    ];
  const output = await run(tsc, ['--noEmit', '--pretty', 'false', '-p', config], folder, signal);
  const errors = output.split('\n').filter((line) => /\berror TS\d+:/.test(line));
  return [
    ...errors.slice(0, MAX_ERRORS).map((text): Finding => ({ level: 'error', text })),
    ...(errors.length > MAX_ERRORS
      ? [{ level: 'error', text: `… and ${errors.length - MAX_ERRORS} more type errors.` } as const]
      : []),
  ];
}

/** The script of the TypeScript compiler that Node finds from a folder. */
function compilerOf(folder: string): string | null {
  try {
    const manifest = createRequire(join(folder, 'addon.json')).resolve('typescript/package.json');
    const script = join(dirname(manifest), 'bin', 'tsc');
    return existsSync(script) ? script : null;
  } catch {
    return null;
  }
}

/** @returns what the compiler prints; it exits with an error where it finds one */
function run(script: string, args: readonly string[], cwd: string, signal?: AbortSignal): Promise<string> {
  const env = childEnvironment(process.versions.electron ? { ELECTRON_RUN_AS_NODE: '1' } : {});
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [script, ...args],
      { cwd, env, signal, maxBuffer: 16 * 1024 * 1024, windowsHide: true },
      (error, stdout, stderr) => {
        // The compiler's exit codes are 1 and 2; anything else is no answer.
        if (!error || error.code === 1 || error.code === 2) resolve(stdout);
        else reject(new UserError(`Types could not be checked: ${stderr.trim().split('\n').at(-1) || error.message}`));
      },
    );
  });
}
