import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ELECTRON_EXECUTABLE,
  electronFailure,
  electronSwitches,
  fetchOfficialElectron,
} from '../../scripts/electron.mjs';
import { temporaryFolder } from '../helpers/temporary-folder';

/** A clone whose download tool runs this code, and counts its runs. */
function cloneWith(code: string): { root: string; runs(): number } {
  const root = temporaryFolder();
  const folder = join(root, 'node_modules', 'electron');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "version": "1.2.3" }');
  const runs = join(root, 'runs');
  writeFileSync(runs, '');
  writeFileSync(join(folder, 'install.js'), `require('fs').appendFileSync(${JSON.stringify(runs)}, '.');\n${code}`);
  return { root, runs: () => readFileSync(runs, 'utf8').length };
}

const REFUSED = `console.error(new Error('no server of that name').stack); process.exit(1)`;

describe('the official Electron', () => {
  beforeEach(() => {
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '');
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it('is in the folder that the tool put it into', async () => {
    const { root, runs } = cloneWith(`
      const file = require('path').join(__dirname, 'dist', ${JSON.stringify(ELECTRON_EXECUTABLE)});
      require('fs').mkdirSync(require('path').dirname(file), { recursive: true });
      require('fs').writeFileSync(file, '');`);
    const folder = join(root, 'node_modules', 'electron', 'dist');
    expect(await fetchOfficialElectron({ root })).toEqual({ folder });
    expect(await fetchOfficialElectron({ root })).toEqual({ folder });
    expect(runs()).toBe(1);
  });

  it('is not there for a reason, which the tool has told', async () => {
    const { root } = cloneWith(REFUSED);
    expect(await fetchOfficialElectron({ root })).toEqual({
      folder: null,
      reason:
        'Electron could not be fetched (Error: no server of that name; ELECTRON_MIRROR names another server, HTTPS_PROXY a proxy)',
    });
  });

  it('is not tried again for an hour, unless it is forced or what it depends on has changed', async () => {
    const { root, runs } = cloneWith(REFUSED);
    const env = { PATH: process.env['PATH'] };
    await fetchOfficialElectron({ root, env });
    expect(await fetchOfficialElectron({ root, env: { ...env, OTHER: '1' } })).toEqual({
      folder: null,
      reason: expect.stringMatching(/no server of that name.* tried again after \d\d:\d\d/) as unknown,
    });
    expect(runs()).toBe(1);
    await fetchOfficialElectron({ root, env: { ...env, ELECTRON_MIRROR: 'http://mirror.test/' } });
    expect(runs()).toBe(2);
    await fetchOfficialElectron({ root, env: { ...env, ELECTRON_MIRROR: 'http://mirror.test/' }, force: true });
    expect(runs()).toBe(3);
    const [file] = readdirSync(join(root, '.cache'));
    const marker = join(root, '.cache', file!);
    const last = JSON.parse(readFileSync(marker, 'utf8')) as { failedAt: number };
    writeFileSync(marker, JSON.stringify({ ...last, failedAt: last.failedAt - 3_600_000 }));
    await fetchOfficialElectron({ root, env: { ...env, ELECTRON_MIRROR: 'http://mirror.test/' } });
    expect(runs()).toBe(4);
  });

  it('is fetched through the proxy that there is', async () => {
    const { root } = cloneWith('console.log(String(process.env.ELECTRON_GET_USE_PROXY)); process.exit(1)');
    const reason = async (env: NodeJS.ProcessEnv): Promise<unknown> =>
      (await fetchOfficialElectron({ root, env: { PATH: process.env['PATH'], ...env } })) as unknown;
    expect(await reason({})).toMatchObject({ reason: expect.stringContaining('(undefined;') as unknown });
    for (const name of ['HTTPS_PROXY', 'http_proxy'])
      expect(await reason({ [name]: 'http://proxy.test:3128' })).toMatchObject({
        reason: expect.stringContaining('(true;') as unknown,
      });
  });

  it('is done without where nothing can be stored of the failure', async () => {
    const { root } = cloneWith(REFUSED);
    writeFileSync(join(root, '.cache'), 'no folder');
    expect(await fetchOfficialElectron({ root })).toMatchObject({ folder: null });
  });
});

describe('the sandbox of Electron', () => {
  it('is off for who says so', () => {
    expect(electronSwitches({ FRAMEGAUGE_SANDBOX: 'off' })).toEqual(['--no-sandbox']);
  });

  it.skipIf(process.platform !== 'linux')('is named, with what helps, where Electron gave up', () => {
    expect(electronFailure('SIGTRAP', ['--no-sandbox'])).toBeNull();
    expect(electronFailure('SIGTRAP', [])).toMatch(
      /sandbox.*AppArmor.*sysctl.*npm start -- serve.*FRAMEGAUGE_SANDBOX=off/,
    );
    for (const signal of [null, 'SIGINT', 'SIGKILL'] as const) expect(electronFailure(signal, [])).toBeNull();
  });
});
