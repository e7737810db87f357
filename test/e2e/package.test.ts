import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { listPackage } from '@electron/asar';
import { getCurrentFuseWire, FuseV1Options } from '@electron/fuses';
import { chromium, type Browser } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { electronSwitches } from '../../scripts/electron.mjs';
import { plainEnvironment, temporaryFolder } from '../helpers/desktop-app';
import { freePort } from '../helpers/free-port';
import { makeExr, slope } from '../helpers/image-files';
import { needs } from '../helpers/needs';
import { followText } from '../helpers/printed-text';

const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/**
 * Starts a packaged program. Without Playwright's own way: that needs the inspector, which the fuses have turned off.
 */
async function startPackaged(
  executable: string,
  dataFolder: string,
): Promise<{ child: ChildProcess; browser: Browser }> {
  const child = spawn(executable, [...electronSwitches(), '--remote-debugging-port=0'], {
    env: plainEnvironment({ FRAMEGAUGE_DATA: dataFolder, FRAMEGAUGE_NO_CONFIRM: '1' }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  try {
    const endpoint = await new Promise<string>((resolve, reject) => {
      const read = (data: Buffer): void => {
        printed += String(data);
        const found = /DevTools listening on (ws:\S+)/.exec(printed)?.[1];
        if (found) resolve(found);
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`it ended with ${code}:\n${printed}`)));
    });
    return { child, browser: await chromium.connectOverCDP(endpoint) };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

// Linux only: elsewhere there is no Electron for tests, and an official one would make a package as real ones are.
const suite: typeof needs.electron = process.platform === 'linux' ? needs.electron : () => {};

suite('the packaged desktop app', () => {
  const output = join(ROOT, 'dist', 'test-only');
  let data: Awaited<ReturnType<typeof temporaryFolder>>;
  let executable: string;
  let child: ChildProcess | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    data = await temporaryFolder('packaged');
    const { stdout } = await run(process.execPath, ['scripts/package.mjs'], {
      cwd: ROOT,
      env: plainEnvironment({ FRAMEGAUGE_PACKAGE_FOR_TESTS: '1' }),
      maxBuffer: 1 << 24,
    });
    const unpacked = /^\/.*-unpacked$/m.exec(stdout)?.[0];
    if (!unpacked) throw new Error(`no unpacked folder is named in\n${stdout}`);
    executable = join(unpacked, 'framegauge');
  }, 300_000);
  afterAll(async () => {
    await browser?.close().catch(() => {});
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child!.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
    await data?.remove();
    await rm(output, { recursive: true, force: true });
  });

  it('says that it is for tests, in names and in the folder', async () => {
    const names = await readdir(output);
    expect(names.filter((name) => name.endsWith('.tar.gz'))).toEqual([expect.stringContaining('TEST-ONLY')]);
    expect(existsSync(join(executable, '..', 'FOR-TESTS-ONLY.txt'))).toBe(true);
  });

  it('carries the program in an archive, and nothing of the headless shell’s browser or of the tools', async () => {
    const resources = join(executable, '..', 'resources');
    expect((await readdir(resources)).sort()).toEqual(['app.asar', 'app.asar.unpacked', 'examples']);
    expect(await readdir(join(resources, 'app.asar.unpacked', 'out', 'addon'))).toContain('bootstrap.js');
    expect(await readdir(join(resources, 'app.asar.unpacked', 'out', 'worker'))).toEqual(
      expect.arrayContaining(['blend-worker.mjs', 'image-worker.mjs', 'scene-worker.mjs']),
    );
    const files = listPackage(join(resources, 'app.asar'), { isPack: false });
    expect(files.filter((file) => /^[\\/]monitoring[\\/](source\b|.*\.ts$)/.test(file))).toEqual([]);
    for (const part of ['main', 'renderer', 'addon', 'worker'])
      expect(files.map((file) => file.replaceAll('\\', '/'))).toContain(`/out/${part}/THIRD-PARTY-LICENSES.txt`);
    const packages = new Set(files.map((file) => /^[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1]));
    expect([...packages]).toEqual(expect.arrayContaining(['libsql', 'fastify', 'zod']));
    for (const unwanted of [
      '@sparticuz/chromium',
      'electron',
      'electron-builder',
      'vite',
      'vitest',
      'react',
      'three',
      'typescript',
    ])
      expect(packages.has(unwanted), unwanted).toBe(false);
  });

  it('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(executable);
    const on = '1'.charCodeAt(0);
    const states = Object.fromEntries(
      (
        [
          'RunAsNode',
          'EnableCookieEncryption',
          'EnableNodeOptionsEnvironmentVariable',
          'EnableNodeCliInspectArguments',
          'OnlyLoadAppFromAsar',
          'GrantFileProtocolExtraPrivileges',
        ] as const
      ).map((name) => [name, wire[FuseV1Options[name]] === on]),
    );
    expect(states).toEqual({
      RunAsNode: true,
      EnableCookieEncryption: true,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      OnlyLoadAppFromAsar: true,
      GrantFileProtocolExtraPrivileges: false,
    });
  });

  it('opens its window on the example scene, renders, and runs the add-on', async () => {
    ({ child, browser } = await startPackaged(executable, data.path));
    const pages = () => browser!.contexts().flatMap((context) => context.pages());
    await expect
      .poll(() => pages().some((page) => page.url().startsWith('app://framegauge/')), { timeout: 30_000 })
      .toBe(true);
    const page = pages().find((one) => one.url().startsWith('app://framegauge/'))!;
    await page.getByRole('region', { name: 'Properties' }).getByText('turntable', { exact: true }).waitFor();

    type Reply = { ok: boolean; value: never; error?: { message: string } };
    const call = async <T>(operation: string, input: unknown): Promise<T> => {
      const reply = await page.evaluate(
        ([name, value]) =>
          (globalThis as unknown as { framegauge: { call(n: unknown, i: unknown): Promise<Reply> } }).framegauge.call(
            name,
            value,
          ),
        [operation, input] as const,
      );
      if (!reply.ok) throw new Error(`${operation}: ${reply.error?.message ?? 'failed'}`);
      return reply.value as T;
    };
    const state = await call<{ info: { shell: string }; scene: { path: string } }>('host.state', {});
    expect(state.info.shell).toBe('desktop');
    expect(state.scene.path).toBe(join(executable, '..', 'resources', 'examples', 'turntable.glb'));

    const port = await freePort();
    await call('preferences.set', { key: 'addons.prometheus.address', value: `127.0.0.1:${port}` });
    const addon = await call<{ state: string }>('addon.enable', { id: 'prometheus' });
    expect(addon.state).toBe('running');
    const job = await call<{ id: number }>('job.submit', {
      scene: state.scene.path,
      frames: '1-2',
      width: 64,
      height: 36,
      samples: 1,
      output: join(data.path, 'out', '####.png'),
    });
    await expect
      .poll(async () => (await call<{ state: string }>('job.get', { id: job.id })).state, { timeout: 60_000 })
      .toBe('completed');
    await expect
      .poll(async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text())
      .toContain('\nFrame_Counter_total 2\n');

    // Images are decoded by native code and, of OpenEXR, by a thread: both lie beside the archive.
    const thumbnail = (frame: number): Promise<string | undefined> =>
      page.evaluate(
        async ([id, number]) =>
          (
            await (
              globalThis as unknown as {
                framegauge: { image(job: number, frame: number, size: number): Promise<{ type: string } | null> };
              }
            ).framegauge.image(id, number, 64)
          )?.type,
        [job.id, frame] as const,
      );
    expect(await thumbnail(1)).toMatch(/^image\/(png|jpeg)$/);
    await writeFile(join(data.path, 'out', '0002.png'), makeExr(64, 36, slope(64, 36)));
    expect(await thumbnail(2)).toBe('image/jpeg');

    // The kit comes out of the archive.
    const kit = join(data.path, 'kit');
    const { files } = await call<{ files: string[] }>('monitoring.save', { folder: kit });
    expect(files).toEqual(
      expect.arrayContaining(['README.md', 'prometheus.yml', join('grafana', 'dashboards', 'framegauge.json')]),
    );
    expect(await readFile(join(kit, 'targets', 'framegauge.yml'), 'utf8')).toContain(`127.0.0.1:${port}`);
  });

  it('has the command line inside, with which an add-on is made, tested, packed and installed', async () => {
    const cli = (...args: string[]): Promise<{ stdout: string }> =>
      run(executable, [join(executable, '..', 'resources', 'app.asar', 'out', 'main', 'cli.js'), ...args], {
        cwd: data.path,
        env: { ...plainEnvironment({ FRAMEGAUGE_DATA: join(data.path, 'other') }), ELECTRON_RUN_AS_NODE: '1' },
      });
    for (const language of [[], ['--typescript']]) {
      const id = `own${language.join('')}`.replace('--', '-');
      await cli('addons', 'create', id, ...language);
      expect((await cli('addons', 'check', id)).stdout).toContain('is in order.');
      const { stdout } = await cli('addons', 'test', id);
      expect(stdout).toContain('pass 2');
      expect(stdout).toContain('left nothing behind.');
      await cli('addons', 'pack', id, '--out', `${id}.zip`);
      expect((await cli('addons', 'install', `${id}.zip`)).stdout).toContain('is installed');
    }
  }, 120_000);

  it('has it open the example scene, which is beside the archive', async () => {
    const resources = join(executable, '..', 'resources');
    const serve = spawn(executable, [join(resources, 'app.asar/out/main/cli.js'), 'serve', '--port', '0'], {
      env: { ...plainEnvironment({ FRAMEGAUGE_DATA: join(data.path, 'served') }), ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(serve, 'close');
    try {
      const { printed } = followText(
        [serve.stdout, serve.stderr],
        ended.then(([code]) => `ended with ${code}`),
      );
      const [, url, token] = await printed(/(http:\/\/\S+)\/#token=(\S+)/);
      const answer = await fetch(`${url}/api/v1/scene`, { headers: { authorization: `Bearer ${token}` } });
      expect(await answer.json()).toMatchObject({ path: join(resources, 'examples', 'turntable.glb') });
    } finally {
      serve.kill('SIGTERM');
    }
    expect((await ended)[0]).toBe(0);
  });

  it('ends by itself when it is asked to', async () => {
    const ended = once(child!, 'exit');
    child!.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
    expect(existsSync(join(data.path, 'host.json'))).toBe(false);
  });
});
