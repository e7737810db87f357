// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
export function officialElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const folder = override || join(ROOT, 'node_modules', 'electron', 'dist');
  return existsSync(join(folder, ELECTRON_EXECUTABLE)) ? folder : null;
}

/** The Electron version that the program targets. */
export function electronVersion() {
  return JSON.parse(readFileSync(join(ROOT, 'node_modules', 'electron', 'package.json'), 'utf8')).version;
}

/**
 * Time between attempts to download it, in milliseconds, so that a machine that can't reach the release server doesn't
 * wait for it at every start.
 */
const RETRY_MS = 60 * 60 * 1000;
const UNREACHABLE = join(ROOT, '.cache', 'electron-unreachable');

/**
 * Lets Electron's npm package download its binary, quietly. Fails within seconds if the release server can't be
 * reached.
 *
 * @returns {Promise<string | null>} its folder
 */
export async function fetchOfficialElectron({ force = false } = {}) {
  const found = officialElectron();
  if (found) return found;
  const lastTry = statSync(UNREACHABLE, { throwIfNoEntry: false });
  if (!force && lastTry && Date.now() - lastTry.mtimeMs < RETRY_MS) return null;
  say(`Fetching Electron ${electronVersion()}…`);
  const { code } = await runQuietly(process.execPath, [join(ROOT, 'node_modules', 'electron', 'install.js')], {
    timeoutMs: 300_000,
  });
  const folder = code === 0 ? officialElectron() : null;
  if (folder) {
    rmSync(UNREACHABLE, { force: true });
  } else {
    mkdirSync(join(ROOT, '.cache'), { recursive: true });
    writeFileSync(UNREACHABLE, '');
  }
  return folder;
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
export function electronSwitches() {
  // Chromium's sandbox refuses to run as root.
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
