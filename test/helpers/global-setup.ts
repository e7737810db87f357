import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { hasDisplay } from '../../scripts/electron.mjs';
import { needsElectron } from '../../scripts/electron-for-tests.mjs';
import { findSandbox } from '../../src/main/addons/sandbox';
import { findChromium, isProgram } from '../../src/main/engines/pages/find-chromium';
import { npmChromium } from '../../src/main/engines/pages/npm-chromium';
import type { NeedName, NeedState, TestBlender } from './needs';

/**
 * Debian's Chromium without windows: it draws the same bytes, which a test holds, and starts in a third of the processor
 * time. The command of its name is a script that does not end the browser with itself.
 */
const SHELL = '/usr/lib/chromium/chromium-headless-shell';

async function onPath(name: string): Promise<string | null> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const file = join(folder, process.platform === 'win32' ? `${name}.exe` : name);
    if (await isProgram(file)) return file;
  }
  return null;
}

async function program(name: string, debianPackage: string): Promise<NeedState> {
  const path = await onPath(name);
  return path
    ? { path }
    : { reason: `${name} is not installed`, command: `apt-get install -y --no-install-recommends ${debianPackage}` };
}

/** Redis or Valkey, whichever the farm's manager finds first. */
async function redis(): Promise<NeedState> {
  const server = await program('redis-server', 'redis-server');
  const valkey = await onPath('valkey-server');
  return 'path' in server || !valkey ? server : { path: valkey };
}

/** FRAMEGAUGE_BLENDER, else the one in PATH, else the first of FRAMEGAUGE_BLENDERS. */
async function blender(): Promise<NeedState> {
  const named = process.env['FRAMEGAUGE_BLENDER'];
  if (named) return { path: named };
  const installed = await program('blender', 'blender');
  const [further] = furtherBlenders();
  return !('path' in installed) && further ? { path: further } : installed;
}

/** Paths in FRAMEGAUGE_BLENDERS, separated like PATH. */
function furtherBlenders(): string[] {
  return (process.env['FRAMEGAUGE_BLENDERS'] ?? '').split(delimiter).filter(Boolean);
}

/** @throws when one of them is not a Blender: whoever listed it wants it tested */
function testBlenders(usual: NeedState): TestBlender[] {
  const paths = new Set([...('path' in usual ? [usual.path] : []), ...furtherBlenders()]);
  return [...paths].map((path) => {
    const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
    const version = /^Blender (\d+\.\d+\.\d+)/m.exec(stdout ?? '')?.[1];
    if (version === undefined)
      throw new Error(
        `“${path}” tells no version as Blender does: name Blenders in FRAMEGAUGE_BLENDER and FRAMEGAUGE_BLENDERS.`,
      );
    return { path, version };
  });
}

/** Debian's own Python, for which Debian's package is built; another one first in PATH would not find it. */
function pythonPrometheusClient(): NeedState {
  const path = '/usr/bin/python3';
  const { status } = spawnSync(path, ['-c', 'import prometheus_client.openmetrics.parser'], { stdio: 'ignore' });
  return status === 0
    ? { path }
    : {
        reason: 'Prometheus’s client for Python is not installed',
        command: 'apt-get install -y --no-install-recommends python3-prometheus-client',
      };
}

/** Of Debian's own Python, as above. */
function nbconvert(): NeedState {
  const path = '/usr/bin/python3';
  const { status } = spawnSync(path, ['-c', 'import nbconvert, ipykernel, matplotlib'], { stdio: 'ignore' });
  return status === 0
    ? { path }
    : {
        reason: 'nbconvert, ipykernel or matplotlib is not installed for Python',
        command: 'apt-get install -y --no-install-recommends python3-nbconvert python3-ipykernel python3-matplotlib',
      };
}

/** Found and tried as the program itself does. */
async function bubblewrap(): Promise<NeedState> {
  const { sandbox, why } = await findSandbox(tmpdir());
  return sandbox
    ? { path: sandbox.program }
    : {
        reason: why ?? 'bubblewrap is not installed',
        command: 'apt-get install -y --no-install-recommends bubblewrap',
      };
}

/** Whether an in-memory file system may be mounted here, which only an attempt can show. */
function smallDisk(): NeedState {
  const path = mkdtempSync(join(tmpdir(), 'framegauge-disk-'));
  try {
    const mounted =
      process.platform === 'linux' &&
      spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'framegauge-test', path], { stdio: 'ignore' }).status === 0;
    if (mounted) spawnSync('umount', [path], { stdio: 'ignore' });
    return mounted ? { path: 'mount' } : { reason: 'no small file system can be mounted', command: 'sudo npm test' };
  } finally {
    rmdirSync(path);
  }
}

/** Whether network namespaces with links between them can be made here, which only an attempt can show. */
function networkNamespaces(): NeedState {
  const missing = {
    reason: 'no network namespaces can be made with iproute2’s ip',
    command: 'apt-get install -y --no-install-recommends iproute2 && sudo npm test',
  };
  if (process.platform !== 'linux') return missing;
  const name = `fg-try-${process.pid}`;
  const ip = (...args: string[]): boolean => spawnSync('ip', args, { stdio: 'ignore' }).status === 0;
  try {
    const made =
      ip('netns', 'add', name) &&
      ip('-n', name, 'link', 'add', 'one', 'type', 'veth', 'peer', 'name', 'two') &&
      ip('netns', 'exec', name, 'true');
    return made ? { path: 'ip' } : missing;
  } finally {
    ip('netns', 'del', name);
  }
}

/** Whether a command can be run on a pseudo-terminal; that /dev/pts is missing shows only in an attempt. */
function terminal(): NeedState {
  const missing = {
    reason: 'no command can be run on a terminal with util-linux’ script',
    command: 'apt-get install -y --no-install-recommends bsdutils && mount -t devpts devpts /dev/pts',
  };
  if (process.platform !== 'linux') return missing;
  const { status, stdout } = spawnSync('script', ['-qec', 'tty', '/dev/null'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 && stdout.includes('/dev/') ? { path: 'script' } : missing;
}

/** Found as the program itself does: an installed Chromium, Chrome or Edge, else the npm one. */
async function chromium(): Promise<NeedState> {
  const installed = await installedChromium();
  if ('path' in installed) return installed;
  const npm = await npmChromium();
  return npm ? { path: npm.executable, env: npm.env } : installed;
}

async function installedChromium(): Promise<NeedState> {
  const installed = await findChromium();
  if (installed) return { path: installed };
  return {
    reason: 'no Chromium, Chrome or Edge is installed',
    command: 'apt-get install -y --no-install-recommends chromium',
  };
}

async function electron(): Promise<NeedState> {
  const found = await needsElectron();
  return 'executable' in found ? { path: found.executable } : found;
}

/**
 * Starts a virtual display for windows; the X server picks a free number itself and reports it on file descriptor 3.
 */
async function startXvfb(): Promise<{ display: string; server: ChildProcess } | null> {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string | null>((resolve) => {
    server.once('error', () => resolve(null));
    server.once('exit', () => resolve(null));
    server.stdio[3]?.once('data', (data: Buffer) => resolve(data.toString().trim()));
  });
  return number === null ? null : { display: `:${number}`, server };
}

/**
 * Runs once before all tests: detects the machine's capabilities, and starts a display where Electron needs one.
 *
 * @returns a function that ends the display and deletes what the suites shared
 */
export default async function setup(): Promise<() => Promise<void>> {
  if (await isProgram(SHELL)) process.env['FRAMEGAUGE_CHROMIUM'] ??= SHELL;
  const state: Record<NeedName, NeedState> = {
    blender: await blender(),
    electron: await electron(),
    chromium: await chromium(),
    installedChromium: await installedChromium(),
    windowedChromium: await program('chromium', 'chromium'),
    prometheus: await program('prometheus', 'prometheus'),
    promtool: await program('promtool', 'prometheus'),
    pushgateway: await program('prometheus-pushgateway', 'prometheus-pushgateway'),
    bubblewrap: await bubblewrap(),
    redis: await redis(),
    nodeExporter: await program('prometheus-node-exporter', 'prometheus-node-exporter'),
    pythonPrometheusClient: pythonPrometheusClient(),
    nbconvert: nbconvert(),
    ffmpeg: await program('ffmpeg', 'ffmpeg'),
    smallDisk: smallDisk(),
    networkNamespaces: networkNamespaces(),
    terminal: terminal(),
  };
  // Whatever preferences a test sets, this machine must stay on.
  process.env['FRAMEGAUGE_POWER'] = 'off';
  let server: ChildProcess | null = null;
  if (process.platform === 'linux' && !hasDisplay() && 'path' in state.electron) {
    const xvfb = await startXvfb();
    if (xvfb) {
      server = xvfb.server;
      process.env['DISPLAY'] = xvfb.display;
    } else {
      state.electron = { reason: 'Xvfb did not start', command: 'apt-get install -y --no-install-recommends xvfb' };
    }
  }
  const kill = (): void => void server?.kill('SIGTERM');
  process.once('exit', kill);
  process.env['FRAMEGAUGE_TEST_NEEDS'] = JSON.stringify(state);
  process.env['FRAMEGAUGE_TEST_BLENDERS'] = JSON.stringify(testBlenders(state.blender));
  // For files that suites in several processes make once and share.
  const folder = mkdtempSync(join(tmpdir(), 'framegauge-run-'));
  process.env['FRAMEGAUGE_TEST_FOLDER'] = folder;
  // The person's own holds images where examples were rendered, which jobs with the usual output would find.
  const home = join(folder, 'home');
  mkdirSync(home);
  process.env['HOME'] = process.env['USERPROFILE'] = home;
  return async () => {
    process.off('exit', kill);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    kill();
    await ended;
  };
}
