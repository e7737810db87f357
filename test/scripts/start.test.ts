import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ELECTRON_EXECUTABLE } from '../../scripts/electron.mjs';
import { inputsHash } from '../../scripts/setup.mjs';
import { plainEnvironment } from '../helpers/desktop-app';
import { temporaryFolder } from '../helpers/temporary-folder';

const ROOT = resolve(import.meta.dirname, '../..');
const BUILT = [
  'main/desktop.js',
  'main/cli.js',
  'preload/preload.cjs',
  'renderer/index.html',
  'addon/bootstrap.js',
].concat(
  'worker/image-worker.mjs',
  'worker/scene-worker.mjs',
  'worker/blend-worker.mjs',
  'renderer/THIRD-PARTY-LICENSES.txt',
);

/** A clone that counts as installed and built, whose command line says where it is run. */
function clone(): string {
  const root = temporaryFolder();
  for (const part of ['scripts', 'package.json', 'package-lock.json'])
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  for (const file of BUILT) {
    mkdirSync(dirname(join(root, 'out', file)), { recursive: true });
    writeFileSync(join(root, 'out', file), file === 'main/cli.js' ? 'console.log(process.cwd(), process.argv[2])' : '');
  }
  writeFileSync(join(root, 'out', '.inputs'), inputsHash(root));
  return root;
}

async function start(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  uid?: number,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs'), ...args], {
    cwd: root,
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => (stdout += String(data)));
  child.stderr.on('data', (data) => (stderr += String(data)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

describe('npm start --', () => {
  it('runs a command in the folder that the user is in', async () => {
    const [root, folder] = [clone(), realpathSync(temporaryFolder())];
    const { stdout, stderr } = await start(root, ['jobs'], { npm_lifecycle_event: 'start', INIT_CWD: folder });
    expect(stdout, stderr).toBe(`${folder} jobs\n`);
  });

  it.each([
    ['npm did not start it', { INIT_CWD: ROOT }],
    ['that folder is gone', { npm_lifecycle_event: 'start', INIT_CWD: join(ROOT, 'is', 'gone') }],
  ])('stays in its own where %s', async (_why, env) => {
    const root = clone();
    expect((await start(root, ['jobs'], env)).stdout).toBe(`${realpathSync(root)} jobs\n`);
  });
});

describe.skipIf(process.platform !== 'linux')('npm start', () => {
  it('says what is wrong where Electron gives up without a word', async () => {
    const [root, electron] = [clone(), temporaryFolder()];
    const file = join(electron, ELECTRON_EXECUTABLE);
    writeFileSync(file, '#!/bin/sh\nkill -TRAP $$\n');
    chmodSync(file, 0o755);
    // Root has no sandbox that could fail.
    for (const folder of [root, electron]) chmodSync(folder, 0o755);
    const uid = process.getuid!() === 0 ? 65_534 : undefined;
    const { code, stderr } = await start(root, [], { ELECTRON_OVERRIDE_DIST_PATH: electron, DISPLAY: ':0' }, uid);
    expect(stderr).toMatch(/could not set up its sandbox.*FRAMEGAUGE_SANDBOX=off/);
    expect(code).toBe(1);
  });
});
