// @ts-check
import { spawn } from 'node:child_process';
import { mkdirSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { effectOf } from './dev/change-effect.mjs';
import { createDevHost, freePort } from './dev/dev-host.mjs';
import { endWithNpm } from './end-with-npm.mjs';
import { ensureBuilt, ensureInstalled, failSetup, forgetBuild, ROOT, say } from './setup.mjs';

/*
 * npm run dev: serves the UI from its sources with hot reload, rebuilds and restarts a headless host when src/main or
 * src/shared change, and restarts an add-on alone when that changes. Ctrl+C ends all of it.
 */

/** Debounce of changes, in milliseconds: an editor saves several files at once. */
const DEBOUNCE = 100;

/** Builds the add-ons alone, a fraction of the whole. @returns {Promise<void>} */
function buildAddons() {
  // out/ no longer matches the stamp of the last full build, so the next `npm start` has to build again.
  forgetBuild();
  return new Promise((done, fail) => {
    const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
    const child = spawn(
      process.execPath,
      [vite, 'build', '--config', 'vite.addon.config.ts', '--logLevel', 'warn', '--mode', 'production'],
      { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] },
    );
    child.once('error', fail);
    child.once('close', (code) =>
      code === 0 ? done() : fail(new Error('The add-ons could not be built; see above.')),
    );
  });
}

/** When each file was last written, in milliseconds since 1970. @type {Map<string, number>} */
const writtenAt = new Map();
const STARTED = Date.now();

/**
 * Whether a file was written since the last time. The watcher also reports changes of mode, and the host takes other
 * users' rights away from everything in its data folder.
 *
 * @param {string} file
 */
function isWritten(file) {
  const time = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (time <= (writtenAt.get(file) ?? STARTED)) return false;
  writtenAt.set(file, time);
  return true;
}

/** @param {string} data folder of the host's data */
async function develop(data) {
  const addonsFolder = join(data, 'addons');
  mkdirSync(addonsFolder, { recursive: true });
  // Imported late: it needs the installed packages.
  const { serveUi } = await import('./dev/dev-ui.mjs');
  const hostPort = await freePort(7878);
  const host = createDevHost({ port: hostPort, data });
  const ui = await serveUi({ hostPort, port: 5173 });

  let ending = false;
  async function end() {
    if (ending) return;
    ending = true;
    await Promise.all([host.stop(), ui.close()]);
    process.exit(0);
  }
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => void end());

  async function startHost() {
    const token = await host.start();
    const address = ui.resolvedUrls?.local[0] ?? '';
    if (token !== null && !ending) console.log(`Open ${address}#token=${token}`);
  }

  /** Changed files since the last reaction. @type {Set<string>} */
  let changed = new Set();
  let working = Promise.resolve();
  /** @type {NodeJS.Timeout | undefined} */
  let timer;

  async function act() {
    const files = changed;
    changed = new Set();
    const effects = [...files].map((file) => effectOf(file, { root: ROOT, addons: addonsFolder }));
    const needsHost = effects.some(({ kind }) => kind === 'host');
    const addons = effects.filter((effect) => effect.kind === 'addon');
    const installed = effects.filter((effect) => effect.kind === 'installed-addon');
    if (ending || (!needsHost && addons.length + installed.length === 0)) return;
    try {
      if (needsHost || !host.running()) {
        await ensureBuilt();
        say('Restarting the host…');
        await host.stop();
        if (!ending) await startHost();
        return;
      }
      if (addons.length > 0) {
        say('Building the add-ons…');
        await buildAddons();
      }
      await host.restartAddons(
        ({ id, folder, bundled }) =>
          (bundled && addons.some((effect) => effect.id === id)) ||
          addons.some((effect) => effect.id === null) ||
          installed.some((effect) => join(addonsFolder, effect.folder) === folder),
      );
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  }

  for (const folder of ['main', 'preload', 'shared', 'addon']) ui.watcher.add(join(ROOT, 'src', folder));
  ui.watcher.add(addonsFolder);
  ui.watcher.on('all', (event, file) => {
    if (event === 'addDir' || event === 'unlinkDir' || (event === 'change' && !isWritten(file))) return;
    changed.add(resolve(file));
    clearTimeout(timer);
    timer = setTimeout(() => (working = working.then(act)), DEBOUNCE);
  });
  await startHost();
  say('Changes take effect by themselves. Press Ctrl+C to end.');
}

const { values } = parseArgs({ options: { data: { type: 'string' } } });
endWithNpm('dev');
try {
  await ensureInstalled();
  await ensureBuilt();
  const data = resolve(values.data ?? join(ROOT, '.cache', 'dev'));
  mkdirSync(data, { recursive: true });
  await develop(realpathSync(data));
} catch (error) {
  failSetup(error);
}
