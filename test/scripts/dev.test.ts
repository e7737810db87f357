import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { isAlive } from '../../src/main/processes/is-alive';
import type { HostState } from '../../src/shared/host-api';
import { openBrowser } from '../helpers/browser';
import { plainEnvironment } from '../helpers/desktop-app';
import { eventually } from '../helpers/eventually';
import { isFree } from '../helpers/free-port';
import { needs } from '../helpers/needs';
import { temporaryFolder } from '../helpers/temporary-folder';

const ROOT = resolve(import.meta.dirname, '../..');
/** What `npm run dev` reads of the repository. */
const PARTS = ['src', 'scripts', 'examples', 'package.json', 'package-lock.json', 'tsconfig.json'].concat(
  'electron.vite.config.ts',
  'vite.addon.config.ts',
  'vite.worker.config.ts',
);
/** For a machine that is busy with other tests; what hangs is ended by it. */
const LIMIT = 240_000;

/** Keeps a port taken until the test is finished, if nobody has it already. */
async function take(port: number): Promise<void> {
  if (!(await isFree(port))) return;
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
}

interface Dev {
  readonly root: string;
  readonly data: string;
  readonly url: string;
  state(): Promise<HostState>;
  call(operation: string, input: object): Promise<unknown>;
  /** Changes a file of the copy. */
  edit(file: string, change: (text: string) => string): void;
  /** Ctrl+C. @returns the exit code */
  interrupt(): Promise<number | null>;
}

/** Starts `npm run dev` on a copy of the repository. */
async function startDev(): Promise<Dev> {
  const root = temporaryFolder();
  for (const part of PARTS) cpSync(join(ROOT, part), join(root, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  const data = join(root, '.cache/dev');
  const addon = join(data, 'addons/mine');
  mkdirSync(addon, { recursive: true });
  const manifest = { schemaVersion: 1, id: 'mine', version: '1.0.0', name: 'Mine', tagline: 'Shows a line' };
  const rest = { author: 'me', license: 'MIT', category: 'Test', api: '^1', main: 'main.mjs' };
  writeFileSync(join(addon, 'addon.json'), JSON.stringify({ ...manifest, ...rest }));
  writeFileSync(
    join(addon, 'main.mjs'),
    "export const register = (ctx) => ctx.status({ level: 'ok', text: 'first' });\n",
  );

  const child = spawn(process.execPath, [join(root, 'scripts/dev.mjs')], {
    cwd: root,
    env: plainEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let printed = '';
  child.stderr.on('data', (text) => (printed += String(text)));
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await exited;
  });
  const url = await new Promise<string>((found, fail) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      printed += `${line}\n`;
      const match = /^Open (http\S+)$/.exec(line);
      if (match) found(match[1]!);
    });
    child.once('exit', () => fail(new Error(`npm run dev ended early:\n${printed}`)));
  });
  const { origin, hash } = new URL(url);
  async function call(operation: string, input: object): Promise<unknown> {
    const answer = await fetch(`${origin}/api/v1/operations/${operation}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${hash.replace('#token=', '')}`, 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${operation} was answered with ${answer.status}: ${text}\n${printed}`);
    return (JSON.parse(text) as { value: unknown }).value;
  }
  return {
    root,
    data,
    url,
    call,
    state: () => call('host.state', {}) as Promise<HostState>,
    edit(file, change) {
      const path = join(root, file);
      const before = readFileSync(path, 'utf8');
      const after = change(before);
      expect(after, `the change of ${file}`).not.toBe(before);
      writeFileSync(path, after);
    },
    async interrupt() {
      child.kill('SIGINT');
      await exited;
      return child.exitCode;
    },
  };
}

needs.chromium('npm run dev', () => {
  it('takes ports that are free, lets every change take effect, and ends everything on Ctrl+C', async () => {
    await take(5173);
    await take(7878);
    const dev = await startDev();
    expect(Number(new URL(dev.url).port)).toBeGreaterThan(5173);
    const statusOf = async (id: string): Promise<string | undefined> =>
      (await dev.state()).addons.find((addon) => addon.manifest.id === id)?.status?.text;
    await dev.call('addon.enable', { id: 'mine' });
    await dev.call('preferences.set', { key: 'addons.prometheus.address', value: '127.0.0.1:0' });
    await dev.call('addon.enable', { id: 'prometheus' });
    expect(await statusOf('mine')).toBe('first');
    const { info: first } = await dev.state();

    // The UI: in the page that is open, without loading it again.
    const page = await openBrowser(dev.url);
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.evaluate(() => Object.assign(window, { kept: true }));
    dev.edit('src/renderer/app-frame.tsx', (text) =>
      text.replace('className="app-workspace"', 'className="app-workspace" data-edited="yes"'),
    );
    await page.locator('[data-edited="yes"]').waitFor();
    dev.edit('src/renderer/styles/base.css', (text) => `${text}\nbody { outline-color: rgb(1, 2, 3); }\n`);
    await page.waitForFunction(() => getComputedStyle(document.body).outlineColor === 'rgb(1, 2, 3)');
    expect(await page.evaluate(() => 'kept' in window)).toBe(true);

    // An add-on of the data folder, and a bundled one: each by itself, in the same host.
    dev.edit('.cache/dev/addons/mine/main.mjs', (text) => text.replace('first', 'second'));
    await eventually('the add-on’s restart', async () => (await statusOf('mine')) === 'second' || null, LIMIT);
    dev.edit('src/addon/prometheus/main.ts', (text) =>
      text.replace(/(Promise<void> \{\n)/, "$1  ctx.log.info('this was edited');\n"),
    );
    await eventually(
      'the bundled add-on’s restart',
      async () => JSON.stringify(await dev.call('addon.log', { id: 'prometheus' })).includes('this was edited') || null,
      LIMIT,
    );
    // One that doesn't start is started once it is mended.
    dev.edit('.cache/dev/addons/mine/main.mjs', (text) => text.replace('ctx.status(', 'ctx.no('));
    await eventually(
      'the failure of the add-on',
      async () => (await dev.state()).addons.some(({ state }) => state === 'failed') || null,
      LIMIT,
    );
    dev.edit('.cache/dev/addons/mine/main.mjs', (text) =>
      text.replace('ctx.no(', 'ctx.status(').replace('second', 'third'),
    );
    await eventually('the mended add-on', async () => (await statusOf('mine')) === 'third' || null, LIMIT);
    expect((await dev.state()).info.pid).toBe(first.pid);

    // The host: built and restarted at the same address, with the same token. A page that looks on meanwhile would
    // complain, and come back.
    await page.close();
    dev.edit('src/main/version.ts', (text) => text.replace('= version;', '= `${version}-edited`;'));
    const second = await eventually(
      'the host’s restart',
      async () => {
        const { info } = await dev.state();
        return info.version.endsWith('-edited') ? info : null;
      },
      LIMIT,
    );
    expect(second.pid).not.toBe(first.pid);
    expect(isAlive(first.pid)).toBe(false);
    const again = await openBrowser(dev.url);
    await again.getByText('Connected', { exact: true }).waitFor();
    await again.close();

    expect(await dev.interrupt()).toBe(0);
    expect(isAlive(second.pid)).toBe(false);
    expect(await isFree(Number(new URL(dev.url).port))).toBe(true);
  });
});
