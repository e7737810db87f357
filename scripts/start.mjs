// @ts-check
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  ELECTRON_EXECUTABLE,
  electronFailure,
  electronSwitches,
  fetchOfficialElectron,
  hasDisplay,
} from './electron.mjs';
import { endWithNpm } from './end-with-npm.mjs';
import { ensureBuilt, ensureInstalled, failSetup, ROOT, say } from './setup.mjs';

/** The CLI runs in this very process, so signals, exit code and streams are its own. @param {string[]} args */
async function runCli(args) {
  const cli = join(ROOT, 'out', 'main', 'cli.js');
  process.argv = [process.execPath, cli, ...args];
  await import(pathToFileURL(cli).href);
}

/** @param {string} folder */
function runDesktop(folder) {
  const switches = electronSwitches();
  const child = spawn(join(folder, ELECTRON_EXECUTABLE), [...switches, ROOT], { stdio: 'inherit' });
  child.once('error', (error) => {
    say(`Electron could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  // A terminal's Ctrl+C reaches Electron by itself; a signal sent to us alone doesn't. Signalling it twice is harmless.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal));
  process.once('exit', () => child.kill());
  child.once('close', (code, signal) => {
    const failure = electronFailure(signal, switches);
    if (failure !== null) say(failure);
    process.exit(code ?? (signal === 'SIGINT' ? 130 : 1));
  });
}

/**
 * Folder of the Electron to open the app with, or why there is none. @returns {Promise<{ folder: string } | { reason:
 * string }>}
 */
async function electronToUse() {
  if (!hasDisplay()) return { reason: 'There is no display' };
  if (process.env.FRAMEGAUGE_ELECTRON === 'npm') {
    const { electronForTests } = await import('./electron-for-tests.mjs');
    return { folder: await electronForTests() };
  }
  const fetched = await fetchOfficialElectron();
  return fetched.folder === null ? { reason: fetched.reason } : fetched;
}

/** Goes back to the folder that the user is in: npm starts its scripts in that of the package. */
function returnToCaller() {
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env;
  if (script === 'start' && folder && existsSync(folder)) process.chdir(folder);
}

const args = process.argv.slice(2);
endWithNpm('start');
try {
  await ensureInstalled();
  await ensureBuilt();
  returnToCaller();
  if (args.length > 0) {
    await runCli(args);
  } else {
    const electron = await electronToUse();
    if ('folder' in electron) {
      runDesktop(electron.folder);
    } else {
      say(`${electron.reason}: starting without a window. Open the address below in a browser.`);
      await runCli(['serve']);
    }
  }
} catch (error) {
  failSetup(error);
}
