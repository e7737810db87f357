// @ts-check
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runQuietly, say } from './setup.mjs';

/** Where Electron's executable lies in its folder. */
export const ELECTRON_EXECUTABLE =
  process.platform === 'darwin'
    ? 'Electron.app/Contents/MacOS/Electron'
    : process.platform === 'win32'
      ? 'electron.exe'
      : 'electron';

/**
 * Folder of the official Electron: the one that ELECTRON_OVERRIDE_DIST_PATH names, else the one that its npm package fetched.
 *
 * @returns {string | null}
 */
export function officialElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const folder = override || join(ROOT, 'node_modules', 'electron', 'dist');
  return existsSync(join(folder, ELECTRON_EXECUTABLE)) ? folder : null;
}

/** Version of Electron that the program is made for. */
export function electronVersion() {
  return JSON.parse(readFileSync(join(ROOT, 'node_modules', 'electron', 'package.json'), 'utf8')).version;
}

/** After a failed try the next one waits this long, so that a machine without the release server doesn't pay for it at every start. */
const RETRY_MS = 60 * 60 * 1000;
const UNREACHABLE = join(ROOT, '.cache', 'electron-unreachable');

/**
 * Has Electron's npm package fetch its binary, quietly. Where the release server can't be reached this fails within seconds.
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
 * Switches that Electron must find on its command line, before any of our code runs.
 *
 * @returns {string[]}
 */
export function electronSwitches() {
  // Chromium's sandbox refuses to run as root.
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
