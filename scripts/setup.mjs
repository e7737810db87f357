// @ts-check
// First: what follows needs the Node that this checks for.
import './check-node.mjs';
import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/*
 * Gets a clone ready to run: packages installed, program built. It runs before anything is installed, so it uses Node
 * alone. Its messages go to stderr: stdout belongs to the command that is being started.
 */

/** The repository's folder. */
export const ROOT = join(import.meta.dirname, '..');
/** Cache that survives between runs, outside version control. */
const CACHE = join(ROOT, '.cache');

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** A set-up step failed; the message says which, with the tool's output. */
export class SetupError extends Error {}

/** Prints a failure of the set-up the way the commands do, and sets the exit code. @param {unknown} error */
export function failSetup(error) {
  say(error instanceof SetupError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
}

/**
 * Runs a tool and captures its output; the child ends with this process.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 * @returns {Promise<{ code: number, output: string, stdout: string }>} code 127 where the tool is missing, 124 when the
 * time was over
 */
export function runQuietly(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? ROOT,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let stdout = '';
    let timedOut = false;
    child.stdout.on('data', (data) => {
      stdout += data;
      output += data;
    });
    child.stderr.on('data', (data) => (output += data));
    const timer = options.timeoutMs
      ? setTimeout(() => {
          timedOut = true;
          child.kill('SIGKILL');
        }, options.timeoutMs)
      : undefined;
    const kill = () => child.kill('SIGKILL');
    const interrupted = (/** @type {NodeJS.Signals} */ signal) => {
      kill();
      process.exit(signal === 'SIGINT' ? 130 : 143);
    };
    process.once('exit', kill);
    process.once('SIGINT', interrupted);
    process.once('SIGTERM', interrupted);
    const settle = (/** @type {number} */ code, /** @type {string} */ text) => {
      clearTimeout(timer);
      process.off('exit', kill);
      process.off('SIGINT', interrupted);
      process.off('SIGTERM', interrupted);
      resolve({ code, output: text, stdout });
    };
    child.once('error', (error) => settle(127, `${output}${error.message}\n`));
    child.once('close', (code) => settle(timedOut ? 124 : (code ?? 1), output));
  });
}

/**
 * Runs npm, the one that started us if there is one, so that no other version is used.
 *
 * @param {string[]} args
 * @param {Parameters<typeof runQuietly>[2]} [options]
 */
export function npm(args, options = {}) {
  const env = { ...(options.env ?? process.env) };
  // An outer `npm start --silent` or `--json` is meant for that command, not for this one.
  for (const name of ['npm_config_loglevel', 'npm_config_silent', 'npm_config_json', 'npm_config_dry_run'])
    delete env[name];
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.c?js$/.test(cli)) return runQuietly(process.execPath, [cli, ...args], { ...options, env });
  const bundled = join(process.execPath, '..', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  if (process.platform === 'win32' && existsSync(bundled))
    return runQuietly(process.execPath, [bundled, ...args], { ...options, env });
  return runQuietly('npm', args, { ...options, env });
}

/** The last part of a tool's output: enough to see why it failed. @param {string} output */
function tail(output) {
  return output.trimEnd().split('\n').slice(-25).join('\n');
}

/** Age of an untouched lock, in milliseconds, at which its holder counts as dead. */
const LOCK_STALE_MS = 30_000;

/**
 * Lets one process at a time do `work`; the others wait. The lock is a file that its holder touches every few seconds,
 * so a crash blocks nobody for long.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(name, work, folder = CACHE) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.lock`);
  const mine = `${process.pid} ${randomUUID()}`;
  for (;;) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      // Another process that found an older lock stale may be moving ours away right now: check again after the time
      // that such a move takes.
      await sleep(20);
      if (readOrNull(file) === mine) break;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      if (isStale(file)) takeAway(file);
      else await sleep(100);
    }
  }
  const release = () => {
    if (readOrNull(file) === mine) rmSync(file, { force: true });
  };
  const beat = setInterval(() => {
    const now = new Date();
    try {
      utimesSync(file, now, now);
    } catch {
      // The lock was taken away; finish the work anyway.
    }
  }, 5_000);
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.off('exit', release);
    release();
  }
}

/** The code of a system error. @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** @param {string} file */
function readOrNull(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** @param {string} file */
function isStale(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > LOCK_STALE_MS) return true;
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    if (!pid) return false;
    try {
      process.kill(pid, 0);
      return false;
    } catch (error) {
      return codeOf(error) === 'ESRCH';
    }
  } catch {
    return false;
  }
}

/** Renames a dead lock before deleting it, so that only one of several processes succeeds. @param {string} file */
function takeAway(file) {
  const grave = `${file}.${randomUUID()}`;
  try {
    renameSync(file, grave);
    rmSync(grave, { force: true });
  } catch {
    // Another process was faster.
  }
}

/**
 * Whether node_modules matches package-lock.json, according to npm's own record of what it installed. Packages that npm
 * leaves out on this platform may be missing.
 *
 * @param {string} root
 */
export function isInstalled(root = ROOT) {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const present = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
    for (const [path, entry] of Object.entries(wanted)) {
      if (path === '') continue;
      const found = present[path];
      if (!found) {
        if (entry.optional || entry.devOptional || entry.peer) continue;
        return false;
      }
      if (found.version !== entry.version || found.integrity !== entry.integrity) return false;
    }
    // npm's record doesn't know of folders that were deleted by hand.
    return Object.keys(present).every((path) => path in wanted && existsSync(join(root, path, 'package.json')));
  } catch {
    return false;
  }
}

/** Installs the packages of package-lock.json where they are missing or differ. @throws {SetupError} */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await alone('install', async () => {
    if (isInstalled()) return;
    say('Installing packages…');
    const { code, output } = await npm([
      'ci',
      '--include=dev',
      '--include=optional',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]);
    if (code !== 0)
      throw new SetupError(
        `${tail(output)}\nThe packages could not be installed (npm ci, exit code ${code}); see above, then try again.`,
      );
  });
}

/** Every file below a folder, or the file itself. @param {string} path @returns {string[]} */
function filesOf(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return [];
  if (stat.isFile()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** The build's inputs. */
const BUILD_INPUTS = [
  'src',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'electron.vite.config.ts',
  'vite.addon.config.ts',
  'vite.worker.config.ts',
  'scripts/third-party-licenses.mjs',
  'scripts/licenses',
];

/** A hash over all of the build's inputs. @param {string} root */
export function inputsHash(root = ROOT) {
  const hash = createHash('sha256');
  const files = BUILD_INPUTS.flatMap((input) => filesOf(join(root, input))).sort();
  for (const file of files) {
    hash.update(`${relative(root, file).split(sep).join('/')}\0`);
    hash.update(readFileSync(file));
    hash.update('\0');
  }
  return hash.digest('hex');
}

const STAMP = join(ROOT, 'out', '.inputs');
const OUTPUTS = [
  'out/main/desktop.js',
  'out/main/cli.js',
  'out/preload/preload.cjs',
  'out/renderer/index.html',
  'out/addon/bootstrap.js',
  'out/worker/image-worker.mjs',
  'out/renderer/THIRD-PARTY-LICENSES.txt',
  'out/worker/scene-worker.mjs',
  'out/worker/blend-worker.mjs',
];

/** @param {string} hash */
function isBuilt(hash) {
  return readOrNull(STAMP) === hash && OUTPUTS.every((file) => existsSync(join(ROOT, file)));
}

/** Forces the next {@link ensureBuilt} to build, since out/ will hold something that it did not make. */
export function forgetBuild() {
  rmSync(STAMP, { force: true });
}

/** Builds the program where out/ is missing or was built from other inputs. @throws {SetupError} */
export async function ensureBuilt() {
  if (isBuilt(inputsHash())) return;
  await alone('build', async () => {
    const hash = inputsHash();
    if (isBuilt(hash)) return;
    say('Building…');
    forgetBuild();
    // NODE_ENV of the caller (test, development) would end up in the bundles.
    const { code, output } = await npm(['run', 'build'], { env: { ...process.env, NODE_ENV: 'production' } });
    if (code !== 0)
      throw new SetupError(
        `${tail(output)}\nThe program could not be built (npm run build, exit code ${code}); see above.`,
      );
    writeFileSync(STAMP, hash);
  });
}
