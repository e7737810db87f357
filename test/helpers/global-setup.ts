import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { access, constants, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { hasDisplay } from '../../scripts/electron.mjs';
import { needsElectron } from '../../scripts/electron-for-tests.mjs';
import { findChromium } from '../../src/main/engines/pages/find-chromium';
import { npmChromium } from '../../src/main/engines/pages/npm-chromium';
import type { NeedName, NeedState } from './needs';

async function onPath(name: string): Promise<string | null> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const file = join(folder, process.platform === 'win32' ? `${name}.exe` : name);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

async function program(name: string, debianPackage: string): Promise<NeedState> {
  const path = await onPath(name);
  return path
    ? { path }
    : { reason: `${name} is not installed`, command: `apt-get install -y --no-install-recommends ${debianPackage}` };
}

/** The one named in FRAMEGAUGE_BLENDER, else the one in PATH. */
async function blender(): Promise<NeedState> {
  const named = process.env['FRAMEGAUGE_BLENDER'];
  return named ? { path: named } : program('blender', 'blender');
}

/** Debian's own Python, for which Debian's package is made; another one first in PATH would not find it. */
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

/** Whether a file system in memory may be mounted here; that it may, only trying shows. */
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

/** As the program itself finds one: an installed Chromium, Chrome or Edge, else the npm one. */
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

/** A screen of its own for windows, where there is none; the X server picks a free number itself and tells it over file descriptor 3. */
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
 * Runs once before all tests: finds out what this machine has, and starts a display where Electron needs one.
 *
 * @returns ends the display, and removes what the suites shared
 */
export default async function setup(): Promise<() => Promise<void>> {
  const state: Record<NeedName, NeedState> = {
    blender: await blender(),
    electron: await electron(),
    chromium: await chromium(),
    installedChromium: await installedChromium(),
    prometheus: await program('prometheus', 'prometheus'),
    promtool: await program('promtool', 'prometheus'),
    pushgateway: await program('prometheus-pushgateway', 'prometheus-pushgateway'),
    nodeExporter: await program('prometheus-node-exporter', 'prometheus-node-exporter'),
    pythonPrometheusClient: pythonPrometheusClient(),
    smallDisk: smallDisk(),
  };
  // Whatever preferences a test sets: this machine stays on.
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
  // For what suites in several processes make once and share.
  const folder = mkdtempSync(join(tmpdir(), 'framegauge-run-'));
  process.env['FRAMEGAUGE_TEST_FOLDER'] = folder;
  return async () => {
    process.off('exit', kill);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    kill();
    await ended;
  };
}
