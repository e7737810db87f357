// @ts-check
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fetchOfficialElectron } from './electron.mjs';
import { electronForTests, isTestOnly, TEST_ONLY_MARK } from './electron-for-tests.mjs';
import { ensureBuilt, ensureInstalled, failSetup, ROOT, runQuietly, say, SetupError } from './setup.mjs';

/*
 * npm run package: packages the desktop app for the platform that this runs on. The unpacked folder comes first, then
 * each installer separately, so that one whose tools can't be downloaded doesn't stop the others.
 */

/**
 * Packages the Electron that tests use, to test packaging itself. The result goes to its own folder and is marked as
 * such.
 */
const FOR_TESTS = process.env.FRAMEGAUGE_PACKAGE_FOR_TESTS === '1';

/** What electron-builder.yml lists for each platform. */
const TARGETS = { linux: ['AppImage', 'deb', 'tar.gz'], darwin: ['dmg', 'zip'], win32: ['nsis', 'zip'] };

/** @returns {Promise<string>} folder of the Electron to package */
async function electronToPackage() {
  if (FOR_TESTS) return electronForTests();
  const official = await fetchOfficialElectron({ force: true });
  if (official.folder === null) {
    throw new SetupError(
      `${official.reason}, so nothing was packaged: try again with a network that reaches its server, or name an unpacked official Electron in ELECTRON_OVERRIDE_DIST_PATH.`,
    );
  }
  if (isTestOnly(official.folder)) {
    throw new SetupError(
      'ELECTRON_OVERRIDE_DIST_PATH names the Electron that is for tests only, which is never packaged: name an official one, or unset it.',
    );
  }
  return official.folder;
}

/** Advice on an error of the packager. @param {unknown} error */
function reasonOf(error) {
  const text = error instanceof Error ? error.message : String(error);
  const line =
    text
      .split('\n')
      .find((one) => one.trim() !== '')
      ?.trim() ?? 'no reason was given';
  return /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|ECONNRESET/.test(line)
    ? `the tool for it could not be fetched (${line})`
    : line;
}

async function main() {
  await ensureInstalled();
  await ensureBuilt();
  const { build, Platform } = await import('electron-builder');
  const electron = await electronToPackage();
  const output = join(ROOT, 'dist', FOR_TESTS ? 'test-only' : '');

  // A copy, since the test Electron has its own launcher where the app goes.
  const staging = mkdtempSync(join(tmpdir(), 'framegauge-package-'));
  try {
    cpSync(electron, staging, { recursive: true, verbatimSymlinks: true });
    for (const name of ['app', 'default_app.asar'])
      rmSync(join(staging, 'resources', name), { recursive: true, force: true });
    if (FOR_TESTS)
      writeFileSync(
        join(staging, TEST_ONLY_MARK),
        'Made to test the packaging of Framegauge. Its Electron may not be an official one; not to be passed on.\n',
      );

    /** @type {string | undefined} */
    let appOutDir;
    /** @type {import('electron-builder').Configuration} */
    const config = {
      electronDist: staging,
      directories: { output },
      // Fuses are set and installers built after this.
      afterPack: async (context) => void (appOutDir = context.appOutDir),
      ...(FOR_TESTS ? { artifactName: '${productName}-TEST-ONLY-${version}-${os}-${arch}.${ext}' } : {}),
    };
    const platform = Platform.current();
    await build({ projectDir: ROOT, targets: platform.createTarget('dir'), config, publish: 'never' });
    if (!appOutDir || !existsSync(appOutDir))
      throw new SetupError(`electron-builder left no unpacked program in ${output}.`);
    const unpacked = appOutDir;
    /** @type {string[]} */
    const made = [unpacked];
    /** @type {string[]} */
    const missing = [];

    // Packaging tests use the unpacked program only.
    const targets = FOR_TESTS ? [] : TARGETS[/** @type {keyof typeof TARGETS} */ (process.platform)];
    for (const target of targets) {
      try {
        const prepackaged = process.platform === 'darwin' ? join(unpacked, 'Framegauge.app') : unpacked;
        made.push(
          ...(await build({
            projectDir: ROOT,
            prepackaged,
            targets: platform.createTarget(target),
            config: { directories: { output } },
            publish: 'never',
          })),
        );
      } catch (error) {
        if (target !== 'tar.gz') missing.push(`${target} could not be made: ${reasonOf(error)}`);
      }
    }
    if (!made.some((file) => file.endsWith('.tar.gz'))) {
      const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
      const archive = join(
        output,
        `Framegauge-${FOR_TESTS ? 'TEST-ONLY-' : ''}${version}-${process.platform}-${process.arch}.tar.gz`,
      );
      const { code, output: said } = await runQuietly('tar', ['-czf', archive, '-C', output, basename(unpacked)]);
      if (code === 0) made.push(archive);
      else missing.push(`tar.gz could not be made: ${said.trim() || `tar ended with ${code}`}`);
    }
    for (const line of missing) say(line);
    for (const file of made) console.log(file);
    if (FOR_TESTS) say('This package is for tests only; do not pass it on.');
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  failSetup(error);
}
