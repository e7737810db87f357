import { statSync } from 'node:fs';
import { execFileSync, spawn } from 'node:child_process';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { PageOpener } from '../../../../src/main/engines/pages/page-opener';
import { headlessChromium, type HeadlessChromiumOptions } from '../../../../src/main/engines/pages/headless-chromium';
import { TemporaryFolderError } from '../../../../src/main/engines/temporary-folder';
import { npmChromium } from '../../../../src/main/engines/pages/npm-chromium';
import { verifyPng } from '../../../../src/main/images/verify-image';
import { UserError } from '../../../../src/shared/user-error';
import { startGltfHost } from '../../../helpers/gltf-host';
import { needs, pathOf } from '../../../helpers/needs';
import { renderFrame } from '../../../helpers/render-frame';
import { smallDisk } from '../../../helpers/small-disk';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const ROOT = resolve(import.meta.dirname, '../../../..');
const TURNTABLE = join(ROOT, 'examples/turntable.glb');

/** @returns the image of a frame */
async function renderWith(options: HeadlessChromiumOptions): Promise<Uint8Array> {
  const host = await startGltfHost({ pages: headlessChromium(options) });
  try {
    const worker = await host.engine.startWorker('');
    const { bytes, seconds } = await renderFrame(worker, {
      scene: TURNTABLE,
      frame: 7,
      width: 160,
      height: 90,
      samples: 2,
    });
    await verifyPng(bytes, 160, 90);
    expect(seconds).toBeGreaterThan(0);
    // A picture, not a plain area.
    expect(bytes.length).toBeGreaterThan(10_000);
    return bytes;
  } finally {
    await host.close();
  }
}

function npmPackageInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve('@sparticuz/chromium');
    return true;
  } catch {
    return false;
  }
}

needs.installedChromium('an installed Chromium', () => {
  it('renders the turntable', async () => {
    await renderWith({ source: 'installed' });
  });

  it('is gone with the host, even if that is killed', () => isGoneWithHost(process.env));
});

needs.windowedChromium('Chromium with windows', () => {
  const env = (): NodeJS.ProcessEnv => ({ ...process.env, FRAMEGAUGE_CHROMIUM: pathOf('windowedChromium') });

  needs.installedChromium('beside the one of the other suites', () => {
    it('renders the same picture', async () => {
      const first = await renderWith({ source: 'installed' });
      const other = await renderWith({ source: 'installed', env: env() });
      expect(Buffer.from(other).equals(first)).toBe(true);
    });
  });

  it('is gone with the host, even if that is killed', () => isGoneWithHost(env()));
});

async function isGoneWithHost(env: NodeJS.ProcessEnv): Promise<void> {
  // A host of its own, so that it can be killed.
  const script = join(temporaryFolder(), 'host.ts');
  await writeFile(
    script,
    `import { startGltfHost } from ${JSON.stringify(join(ROOT, 'test/helpers/gltf-host.ts'))};
     import { renderFrame } from ${JSON.stringify(join(ROOT, 'test/helpers/render-frame.ts'))};
     import { headlessChromium } from ${JSON.stringify(join(ROOT, 'src/main/engines/pages/headless-chromium.ts'))};
     const host = await startGltfHost({ pages: headlessChromium({ source: 'installed' }) });
     const worker = await host.engine.startWorker('');
     void renderFrame(worker, { scene: ${JSON.stringify(TURNTABLE)}, frame: 1, width: 640, height: 360, samples: 4096 }, { onProgress: ({ sample }) => sample === 0 || console.log('rendering') });`,
  );
  const marker = `framegauge-kill-test-${process.pid}`;
  const host = spawn(process.execPath, [join(ROOT, 'scripts/run-ts.mjs'), script], {
    cwd: ROOT,
    env: { ...env, FRAMEGAUGE_MARKER: marker },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void host.kill('SIGKILL'));
  await new Promise<void>((resolve, reject) => {
    host.stdout.once('data', () => resolve());
    host.once('exit', (code) => reject(new Error(`the host ended with ${code}`)));
  });
  // By its environment too: one that has another parent meanwhile.
  const marked = async (): Promise<number[]> => {
    const found = await Promise.all(
      (await processes()).map(async ({ pid }) =>
        (await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')).includes(marker) ? pid : null,
      ),
    );
    return found.filter((pid) => pid !== null);
  };
  // Some of a browser's processes write their title over their environment.
  const family = new Set([host.pid!, ...(await marked())]);
  for (const pid of family) for (const child of await childrenOf(pid)) family.add(child);
  expect(family.size).toBeGreaterThan(3);
  const left = async (): Promise<number[]> => {
    const running = (await processes()).map(({ pid }) => pid).filter((pid) => family.has(pid));
    return [...new Set([...running, ...(await marked())])];
  };
  host.removeAllListeners('exit');
  host.kill('SIGKILL');
  await expect.poll(left, { timeout: 20_000, interval: 200 }).toEqual([]);
}

describe.skipIf(!npmPackageInstalled())('the npm Chromium', () => {
  it('renders the turntable from a cache folder of its own, leaving nothing in the temporary folder', async () => {
    const cache = temporaryFolder();
    const before = new Set(await readdir(tmpdir()));
    const options: HeadlessChromiumOptions = { source: 'npm', env: { ...process.env, XDG_CACHE_HOME: cache } };
    await renderWith(options);
    const [folder] = await readdir(join(cache, 'framegauge'));
    expect(folder).toMatch(/^chromium-\d+\.\d+\.\d+$/);
    for (const name of ['chromium', 'fonts', 'al2023', 'fonts.conf'])
      expect((await readdir(tmpdir())).includes(name) && !before.has(name)).toBe(false);

    // All that it links to is its own or the C library's.
    const chromium = (await npmChromium({ XDG_CACHE_HOME: cache }))!;
    const links = execFileSync('ldd', [chromium.executable], {
      encoding: 'utf8',
      env: { ...process.env, ...chromium.env },
    });
    expect(links).not.toContain('not found');
    const foreign = links
      .split('\n')
      .map((line) => /=> (\/\S+)/.exec(line)?.[1])
      .filter((path) => path !== undefined && !path.startsWith(cache));
    expect(foreign.map((path) => path!.replace(/^.*\//, '').replace(/\.so.*$/, '')).sort()).toEqual([
      'libc',
      'libdl',
      'libgcc_s',
      'libm',
      'libpthread',
    ]);

    // The second time it is only started.
    const { mtimeMs, ino } = statSync(chromium.executable);
    await npmChromium({ XDG_CACHE_HOME: cache });
    expect(statSync(chromium.executable)).toMatchObject({ mtimeMs, ino });
  });

  it('is unpacked once, however many ask for it at the same time', async () => {
    const cache = temporaryFolder();
    const found = await Promise.all([1, 2, 3].map(() => npmChromium({ XDG_CACHE_HOME: cache })));
    expect(new Set(found.map((one) => one!.executable)).size).toBe(1);
    expect(await readdir(join(cache, 'framegauge'))).toHaveLength(1);
    await access(found[0]!.executable);
  });
});

describe('without a usable browser', () => {
  it('says what to do where the named one is not there', async () => {
    const pages = headlessChromium({ env: { FRAMEGAUGE_CHROMIUM: '/nowhere/chromium' } });
    onTestFinished(() => pages.close());
    await expect(pages.open('http://127.0.0.1:1/')).rejects.toThrow(
      'FRAMEGAUGE_CHROMIUM is “/nowhere/chromium”, which is not a program',
    );
  });

  it('says in one line why the named one does not start, and tries again the next time', async () => {
    const folder = temporaryFolder();
    await mkdir(join(folder, 'bin'));
    const broken = join(folder, 'bin', 'chromium');
    await writeFile(broken, '#!/bin/sh\necho "no such screen" >&2\nexit 3\n', { mode: 0o755 });
    const pages = headlessChromium({ env: { ...process.env, FRAMEGAUGE_CHROMIUM: broken } });
    onTestFinished(() => pages.close());
    for (let i = 0; i < 2; i++) {
      const error = await pages.open('http://127.0.0.1:1/').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UserError);
      expect((error as Error).message).toContain(`The browser “${broken}” could not be started`);
      expect((error as Error).message).not.toContain('\n');
    }
  });
});

async function refusalIn(folder: string): Promise<unknown> {
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const pages = headlessChromium();
  onTestFinished(() => pages.close());
  return pages.open('http://127.0.0.1:1/').catch((thrown: unknown) => thrown);
}

needs.chromium('a browser without a temporary folder', () => {
  it('is no fault of the program', async () => {
    const missing = join(temporaryFolder(), 'missing');
    const error = await refusalIn(missing);
    expect(error).toBeInstanceOf(TemporaryFolderError);
    expect((error as Error).message).toContain(
      `The folder for temporary files (TMPDIR) ${missing} cannot be written to`,
    );
  });

  needs.smallDisk('a full one', () => {
    it('is none either', async () => {
      const folder = await smallDisk(1);
      await writeFile(join(folder, 'fill'), Buffer.alloc(1 << 21)).catch(() => undefined);
      const error = await refusalIn(folder);
      expect(error).toBeInstanceOf(TemporaryFolderError);
      expect((error as Error).message).toContain('no space is left on the device');
    });
  });
});

needs.chromium('pages', () => {
  async function openPages(): Promise<{ pages: PageOpener; url: string }> {
    const server = createServer((_request, response) => response.end('<!doctype html><title>page</title>')).listen(
      0,
      '127.0.0.1',
    );
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const pages = headlessChromium();
    onTestFinished(() => pages.close());
    return { pages, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
  }

  it('are told apart: closed by us, or gone with their browser', async () => {
    const { pages, url } = await openPages();
    const [first, second] = [await pages.open(url), await pages.open(url)];
    await first.close();
    expect(await first.gone).toMatchObject({ reason: 'closed' });
    await pages.close();
    expect(await second.gone).toMatchObject({ reason: expect.stringMatching(/exit|closed/) });
    await expect(pages.open(url)).rejects.toThrow('has been closed');
  });

  it('tell what they take of the machine, until they are gone', async () => {
    const { pages, url } = await openPages();
    const page = await pages.open(url);
    const before = await page.usage();
    expect(before!.cpuSeconds).toBeGreaterThan(0);
    if (process.platform === 'linux') expect(before!.residentBytes).toBeGreaterThan(20e6);
    const after = await page.usage();
    expect(after!.cpuSeconds).toBeGreaterThanOrEqual(before!.cpuSeconds);
    await page.close();
    expect(await page.usage()).toBeNull();
  });

  it.skipIf(process.platform !== 'linux')(
    'leave nothing behind when their browser is killed, and take no other page with them',
    async () => {
      const { pages, url } = await openPages();
      const before = new Set(await childrenOf(process.pid));
      const [page, other] = [await pages.open(url), await pages.open(url)];
      const [browser] = (await childrenOf(process.pid)).filter((pid) => !before.has(pid));
      const family = await groupOf(browser!);
      expect(family.length).toBeGreaterThan(2);
      process.kill(browser!, 'SIGKILL');
      expect(await Promise.race([page.gone, other.gone])).toMatchObject({ reason: 'exit' });
      await expect.poll(() => groupOf(browser!), { timeout: 20_000 }).toEqual([]);
      // One of the two was hit; the other goes on.
      expect((await Promise.all([page.usage(), other.usage()])).filter((usage) => usage !== null)).toHaveLength(1);
    },
  );
});

/** Fields of /proc/PID/stat from the parent's id on (proc(5)): parent, process group, ... */
async function statOf(pid: number): Promise<{ pid: number; state: string; parent: number; group: number } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  const [state, parent, group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { pid, state: state!, parent: Number(parent), group: Number(group) };
}

async function processes(): Promise<{ pid: number; state: string; parent: number; group: number }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return (await Promise.all(pids.map(statOf)))
    .filter((entry) => entry !== null && entry.state !== 'Z')
    .map((entry) => entry!);
}

async function childrenOf(pid: number): Promise<number[]> {
  return (await processes()).filter(({ parent }) => parent === pid).map((entry) => entry.pid);
}

async function groupOf(pid: number): Promise<number[]> {
  return (await processes()).filter(({ group }) => group === pid).map((entry) => entry.pid);
}
