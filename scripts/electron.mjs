// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runQuietly, say } from './setup.mjs';

/** Electron's executable, relative to its folder. */
export const ELECTRON_EXECUTABLE =
  process.platform === 'darwin'
    ? 'Electron.app/Contents/MacOS/Electron'
    : process.platform === 'win32'
      ? 'electron.exe'
      : 'electron';

/**
 * Folder of the official Electron: the one in ELECTRON_OVERRIDE_DIST_PATH, else the one that its npm package
 * downloaded.
 *
 * @returns {string | null}
 */
export function officialElectron(root = ROOT) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const folder = override || join(root, 'node_modules', 'electron', 'dist');
  return existsSync(join(folder, ELECTRON_EXECUTABLE)) ? folder : null;
}

/** The Electron version that the program targets. */
export function electronVersion(root = ROOT) {
  return JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8')).version;
}

/**
 * Time between attempts to download it, in milliseconds, so that a machine that can't reach the release server doesn't
 * wait for it at every start.
 */
const RETRY_MS = 60 * 60 * 1000;
/** What a download depends on: where one of them has changed since it failed, it is tried again at once. */
const OF_DOWNLOADS =
  /^(?:electron_|npm_config_electron_|(?:http|https|no)_proxy$|node_(?:extra_ca_certs|options|use_))/i;
const PROXY = /^https?_proxy$/i;

/** @param {NodeJS.ProcessEnv} env @returns {string} */
function stateOf(env) {
  const state = Object.entries(env).filter(([name]) => OF_DOWNLOADS.test(name));
  return createHash('sha256').update(JSON.stringify(state.sort())).digest('hex');
}

/**
 * The last failure, if it is too soon to try again.
 *
 * @param {string} file @param {string} state @returns {string | null} in words, with the time of the next attempt
 */
function failureIn(file, state) {
  try {
    const last = JSON.parse(readFileSync(file, 'utf8'));
    const next = last.failedAt + RETRY_MS;
    if (last.state !== state || !(Date.now() < next)) return null;
    return `${last.why}; it is tried again after ${new Date(next).toTimeString().slice(0, 5)}, or with another proxy or mirror`;
  } catch {
    return null;
  }
}

/** The last line of a tool's output that is no part of a stack. @param {string} output */
function lastLine(output) {
  const lines = output.split('\n').map((line) => line.trim());
  return lines.findLast((line) => line !== '' && !/^(?:at |Node\.js v)/.test(line)) ?? 'no reason was given';
}

/**
 * Lets Electron's npm package download its binary, quietly.
 *
 * @param {{ force?: boolean, root?: string, env?: NodeJS.ProcessEnv }} [options] `force`: however short ago it failed
 * @returns {Promise<{ folder: string } | { folder: null, reason: string }>} its folder; or why it could not be fetched,
 * as the beginning of a sentence
 */
export async function fetchOfficialElectron({ force = false, root = ROOT, env = process.env } = {}) {
  const found = officialElectron(root);
  if (found) return { folder: found };
  const cache = join(root, '.cache');
  const marker = join(cache, 'electron-unreachable');
  const state = stateOf(env);
  const earlier = force ? null : failureIn(marker, state);
  if (earlier !== null) return { folder: null, reason: earlier };
  say(`Fetching Electron ${electronVersion(root)}…`);
  const { code, output } = await runQuietly(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], {
    timeoutMs: 300_000,
    env: {
      ...env,
      ELECTRON_GET_NO_PROGRESS: '1',
      // Without this it doesn't look at them.
      ...(Object.keys(env).some((name) => PROXY.test(name)) ? { ELECTRON_GET_USE_PROXY: 'true' } : {}),
    },
  });
  const folder = code === 0 ? officialElectron(root) : null;
  const why = code === 124 ? 'it took longer than five minutes' : lastLine(output);
  const reason = `Electron could not be fetched (${why}; ELECTRON_MIRROR names another server, HTTPS_PROXY a proxy)`;
  try {
    if (folder) rmSync(marker, { force: true });
    else {
      mkdirSync(cache, { recursive: true });
      writeFileSync(marker, JSON.stringify({ failedAt: Date.now(), state, why: reason }));
    }
  } catch {
    // The clone is somebody else's: it is tried again at the next start.
  }
  return folder ? { folder } : { folder: null, reason };
}

/** Whether there is a screen to open a window on. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * Switches that Electron needs on its command line, before any of our code runs.
 *
 * @returns {string[]}
 */
export function electronSwitches(env = process.env) {
  // Chromium's sandbox refuses to run as root.
  const root = process.platform === 'linux' && process.getuid?.() === 0;
  return root || env.FRAMEGAUGE_SANDBOX === 'off' ? ['--no-sandbox'] : [];
}

/**
 * What to tell somebody whose Electron was ended by a signal before it could say anything; null where nothing is known.
 *
 * @param {NodeJS.Signals | null} signal
 * @param {readonly string[]} switches that it was started with
 */
export function electronFailure(signal, switches) {
  // Chromium's way to give up. An Electron from npm has neither the setuid helper nor the AppArmor profile that a package
  // installs.
  if (process.platform !== 'linux' || signal !== 'SIGTRAP' || switches.includes('--no-sandbox')) return null;
  return 'Electron gave up. At its start that is most likely because it could not set up its sandbox, for this system gives ordinary users no user namespaces (Ubuntu since 23.10). Allow them (an AppArmor profile for node_modules/electron/dist/electron with “userns,”, or “sysctl kernel.apparmor_restrict_unprivileged_userns=0”), or start without a window: “npm start -- serve”. Only for scenes that you trust: FRAMEGAUGE_SANDBOX=off does without the sandbox.';
}
