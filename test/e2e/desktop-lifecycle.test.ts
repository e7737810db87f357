import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { electronSwitches } from '../../scripts/electron.mjs';
import { announcedHost, type RunningHost } from '../../src/main/data/announced-host';
import type { HostState } from '../../src/shared/host-api';
import { callInPage } from '../helpers/call-in-page';
import { type DesktopApp, plainEnvironment, startDesktop, temporaryFolder } from '../helpers/desktop-app';
import { freePort } from '../helpers/free-port';
import { needs, pathOf } from '../helpers/needs';

const ROOT = resolve(import.meta.dirname, '../..');
const TURNTABLE = join(ROOT, 'examples', 'turntable.glb');

/** Waits for something to come true, on a machine that may be busy. */
const eventually: typeof expect.poll = (look) => expect.poll(look, { timeout: 20_000 });

const title = (desktop: DesktopApp): Promise<string | undefined> =>
  desktop.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .find((window) => window.isVisible())
      ?.getTitle(),
  );

/** Runs something with the app, on a data folder that outlives it. */
async function withDesktop(
  use: (desktop: DesktopApp) => Promise<void>,
  options: Parameters<typeof startDesktop>[0] = {},
): Promise<void> {
  const desktop = await startDesktop(options);
  try {
    await use(desktop);
  } finally {
    await desktop.close();
  }
}

async function withFolder(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await temporaryFolder('lifecycle');
  try {
    await use(folder.path);
  } finally {
    await folder.remove();
  }
}

/** Submits frames of the example, and closes the window once they render. @returns the job */
async function closeWhileRendering(desktop: DesktopApp, frames: string): Promise<Record<string, unknown>> {
  const job = await callInPage(desktop, 'job.submit', {
    scene: TURNTABLE,
    frames,
    width: 640,
    height: 360,
    samples: 64,
    output: join(desktop.dataFolder, 'out', '####.png'),
  });
  await eventually(async () => (await callInPage(desktop, 'job.get', { id: job['id'] }))['state']).toBe('rendering');
  await closeWindow(desktop);
  return job;
}

const closeWindow = (desktop: DesktopApp): Promise<void> =>
  desktop.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()
      .find((window) => window.isVisible())!
      .close(),
  );

/** Has a Node process evaluate something, by its inspector's WebSocket. */
async function evaluateIn(inspector: string, expression: string): Promise<void> {
  const socket = new WebSocket(inspector);
  await once(socket, 'open');
  socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }));
  await once(socket, 'message');
  socket.close();
}

needs.electron('the desktop app as a program', () => {
  it('opens the scene that it is given', async () => {
    await withFolder(async (folder) => {
      const scene = join(folder, 'given.glb');
      await copyFile(TURNTABLE, scene);
      await withDesktop(async (desktop) => void (await eventually(() => title(desktop)).toBe('given — Framegauge')), {
        args: [scene],
      });
    });
  });

  it('hands the scene of a second start to the first, which stays the only one', async () => {
    await withFolder(async (folder) => {
      const scene = join(folder, 'second.glb');
      await copyFile(TURNTABLE, scene);
      await withDesktop(async (desktop) => {
        const second = spawn(pathOf('electron'), [...electronSwitches(), ROOT, 'second.glb'], {
          cwd: folder,
          env: plainEnvironment({ FRAMEGAUGE_DATA: desktop.dataFolder }),
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        let printed = '';
        second.stdout.on('data', (data) => (printed += String(data)));
        const [code] = (await once(second, 'close')) as [number];
        expect(code).toBe(0);
        expect(printed).toContain('Framegauge runs already');
        await eventually(() => title(desktop)).toBe('second — Framegauge');
      });
    });
  });

  it('says in a sentence that the file it was given is not there', async () => {
    await withDesktop(
      async (desktop) => {
        const told = desktop.page.getByRole('region', { name: 'Messages' });
        await told.getByText(/^There is no file “.*turntabel\.glb”: check its name\.$/).waitFor();
        expect(await told.innerText()).not.toMatch(/ENOENT|asar|node_modules/);
      },
      { args: ['turntabel.glb'] },
    );
  });

  it('ends from its menu and with Ctrl+Q', async () => {
    for (const quit of [
      (desktop: DesktopApp) => desktop.page.keyboard.press('Control+q'),
      async (desktop: DesktopApp) => {
        await desktop.page.getByRole('menuitem', { name: 'File' }).click();
        await desktop.page.getByRole('menuitem', { name: 'Quit' }).click();
      },
    ]) {
      await withDesktop(async (desktop) => {
        await desktop.page.getByText('turntable', { exact: true }).first().waitFor();
        const ended = once(desktop.app.process(), 'exit');
        // The page goes while the key is still being pressed.
        await quit(desktop).catch(() => undefined);
        expect(await ended).toEqual([0, null]);
      });
    }
  });

  it('tells in title and taskbar how far it is, and keeps the machine awake meanwhile', async () => {
    await withDesktop(async (desktop) => {
      await desktop.app.evaluate(({ BrowserWindow, powerSaveBlocker }) => {
        const seen: string[] = [];
        (globalThis as { seen?: string[] }).seen = seen;
        const window = BrowserWindow.getAllWindows().find((one) => one.isVisible())!;
        window.on('page-title-updated', (_event, name) => seen.push(name));
        window.setProgressBar = (share) => void seen.push(`share ${share}`);
        for (const name of ['start', 'stop'] as const) {
          const own = powerSaveBlocker[name] as (value: unknown) => unknown;
          (powerSaveBlocker as unknown as Record<string, unknown>)[name] = (value: unknown) => {
            seen.push(name);
            return own.call(powerSaveBlocker, value);
          };
        }
      });
      const job = await callInPage(desktop, 'job.submit', {
        scene: TURNTABLE,
        frames: '1-4',
        width: 32,
        height: 18,
        samples: 1,
        output: join(desktop.dataFolder, 'out', '####.png'),
      });
      await expect
        .poll(async () => (await callInPage(desktop, 'job.get', { id: job['id'] }))['state'], { timeout: 60_000 })
        .toBe('completed');
      const seen = (): Promise<string[]> =>
        desktop.app.evaluate(() => (globalThis as { seen?: string[] }).seen!.slice());
      await eventually(async () => (await seen()).at(-1)).toBe('turntable — Framegauge');
      const all = await seen();
      expect(all.filter((one) => one === 'start' || one === 'stop')).toEqual(['start', 'stop']);
      expect(all.some((one) => /^\d+ % turntable — Framegauge$/.test(one))).toBe(true);
      expect(all.filter((one) => one.startsWith('share')).slice(-1)).toEqual(['share -1']);
      expect(all.some((one) => one.startsWith('share 0'))).toBe(true);
    });
  });

  it('opens its window where it was, over the same queue', async () => {
    await withFolder(async (dataFolder) => {
      const bounds = { x: 120, y: 90, width: 1100, height: 700 };
      await withDesktop(
        async (desktop) => {
          await desktop.app.evaluate(
            ({ BrowserWindow }, to) =>
              BrowserWindow.getAllWindows()
                .find((window) => window.isVisible())!
                .setBounds(to),
            bounds,
          );
          const job = await callInPage(desktop, 'job.submit', {
            scene: TURNTABLE,
            frames: '1',
            width: 32,
            height: 18,
            samples: 1,
            output: join(dataFolder, 'out', '####.png'),
          });
          await expect
            .poll(async () => (await callInPage(desktop, 'job.get', { id: job['id'] }))['state'], { timeout: 60_000 })
            .toBe('completed');
        },
        { dataFolder },
      );
      expect(JSON.parse(await readFile(join(dataFolder, 'desktop', 'window.json'), 'utf8'))).toEqual({
        ...bounds,
        maximized: false,
      });
      await withDesktop(
        async (desktop) => {
          expect(
            await desktop.app.evaluate(({ BrowserWindow }) =>
              BrowserWindow.getAllWindows()
                .find((window) => window.isVisible())!
                .getBounds(),
            ),
          ).toEqual(bounds);
          await desktop.page
            .getByRole('region', { name: 'Queue' })
            .getByRole('button', { name: /^turntable, job 1, Completed$/ })
            .waitFor();
        },
        { dataFolder },
      );
    });
  });

  it('loads the UI again when its page crashes, and the host goes on', async () => {
    await withDesktop(async (desktop) => {
      const before = await callInPage(desktop, 'host.state', {});
      const loaded = desktop.app.evaluate(
        ({ BrowserWindow }) =>
          new Promise<void>((resolve) => {
            const { webContents } = BrowserWindow.getAllWindows().find((window) => window.isVisible())!;
            webContents.once('did-finish-load', () => resolve());
            webContents.forcefullyCrashRenderer();
          }),
      );
      await loaded;
      const pid = await desktop.app.evaluate(async ({ BrowserWindow }) => {
        const { webContents } = BrowserWindow.getAllWindows().find((window) => window.isVisible())!;
        return (await webContents.executeJavaScript(
          "framegauge.call('host.state', {}).then((reply) => reply.value.info.pid)",
        )) as number;
      });
      expect(pid).toBe((before['info'] as { pid: number }).pid);
    });
  });

  it('starts again after a fault of its own, with its tokens, and the job goes on', async () => {
    await withFolder(async (dataFolder) => {
      const token = 'control-token-of-this-test';
      // Playwright's way in holds a program back that it hasn't started itself, such as the next one.
      const first = spawn(pathOf('electron'), ['--inspect=127.0.0.1:0', ...electronSwitches(), ROOT], {
        cwd: dataFolder,
        env: plainEnvironment({ FRAMEGAUGE_DATA: dataFolder, FRAMEGAUGE_NO_CONFIRM: '1', FRAMEGAUGE_TOKEN: token }),
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const ended = once(first, 'exit');
      const inspector = await new Promise<string>((found, reject) => {
        let printed = '';
        first.stderr.on('data', (data) => {
          printed += String(data);
          const url = /Debugger listening on (ws:\S+)/.exec(printed)?.[1];
          if (url) found(url);
        });
        first.once('exit', (code) => reject(new Error(`the app ended with ${code}: ${printed}`)));
      });
      const hostOf = (): RunningHost | null => announcedHost(dataFolder);
      const ask = async (path: string, body?: unknown): Promise<Record<string, unknown>> => {
        const answer = await fetch(`${hostOf()!.url}/api/v1/${path}`, {
          ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        });
        const told = (await answer.json()) as Record<string, unknown>;
        expect(answer.ok, JSON.stringify(told)).toBe(true);
        return told;
      };
      const rendered = async (): Promise<number> =>
        ((await ask('jobs/1'))['frames'] as { done: number } | undefined)?.done ?? 0;
      await eventually(() => hostOf()?.pid).toBe(first.pid);
      try {
        await ask('jobs', {
          scene: TURNTABLE,
          frames: '1-5000',
          size: '32x18',
          samples: 1,
          output: join(dataFolder, 'out', '####.png'),
        });
        await expect.poll(rendered, { timeout: 60_000 }).toBeGreaterThan(0);
        // As if it had run long enough for another start to be worth it.
        await evaluateIn(
          inspector,
          `(() => {
            const now = performance.now.bind(performance);
            performance.now = () => now() + 3_600_000;
            setTimeout(() => { throw new Error('a fault of the test'); });
          })()`,
        );
        expect(await ended).toEqual([70, null]);
        await eventually(() => hostOf()?.pid ?? first.pid).not.toBe(first.pid);
        const before = await rendered();
        expect(before).toBeGreaterThan(0);
        await expect.poll(rendered, { timeout: 60_000 }).toBeGreaterThan(before);
        expect(JSON.stringify((await ask('state'))['notices'])).toContain('because of a fault');
      } finally {
        first.kill('SIGKILL');
        const next = hostOf();
        if (next && next.pid !== first.pid) {
          process.kill(next.pid, 'SIGTERM');
          await eventually(hostOf).toBeNull();
        }
      }
    });
  });

  it('starts again in safe mode after two starts that ended early, and leaves it again; the queue stays', async () => {
    await withFolder(async (dataFolder) => {
      // As two hosts leave it that were killed.
      await writeFile(join(dataFolder, 'last-start.json'), JSON.stringify({ early: 2 }));
      const hostOf = (): RunningHost | null => announcedHost(dataFolder);
      const state = async (): Promise<HostState> => {
        const { url, token } = hostOf()!;
        const answer = await fetch(`${url}/api/v1/state`, { headers: { authorization: `Bearer ${token}` } });
        return (await answer.json()) as HostState;
      };
      const press = async (port: string, name: string): Promise<void> => {
        const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
        try {
          const page = browser
            .contexts()[0]!
            .pages()
            .find((one) => one.url().startsWith('app://'))!;
          await page.getByRole('region', { name: 'Messages' }).getByRole('button', { name }).click();
        } finally {
          await browser.close().catch(() => undefined);
        }
      };
      const port = String(await freePort());
      const first = spawn(pathOf('electron'), [`--remote-debugging-port=${port}`, ...electronSwitches(), ROOT], {
        cwd: dataFolder,
        env: plainEnvironment({ FRAMEGAUGE_DATA: dataFolder }),
        stdio: 'ignore',
      });
      let pid = first.pid!;
      const another = async (): Promise<number> => {
        await eventually(() => hostOf()?.pid ?? pid).not.toBe(pid);
        return hostOf()!.pid;
      };
      try {
        await eventually(() => hostOf()?.pid).toBe(pid);
        const told = await state();
        expect(told.info.safeMode).toBe(false);
        expect(told.notices).toContainEqual(expect.objectContaining({ restart: 'safe' }));
        await fetch(`${hostOf()!.url}/api/v1/queue/pause`, {
          method: 'POST',
          headers: { authorization: `Bearer ${hostOf()!.token}`, 'content-type': 'application/json' },
          body: '{}',
        });
        const queued = await fetch(`${hostOf()!.url}/api/v1/jobs`, {
          method: 'POST',
          headers: { authorization: `Bearer ${hostOf()!.token}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            scene: TURNTABLE,
            frames: '1-3',
            output: join(dataFolder, 'out', '####.png'),
          }),
        });
        expect(queued.ok, await queued.clone().text()).toBe(true);
        await press(port, 'Start in Safe Mode');
        pid = await another();
        await eventually(async () => (await state()).jobs.map(({ id, state: now }) => [id, now])).toEqual([
          [1, 'queued'],
        ]);
        const safe = await state();
        expect(safe.info.safeMode).toBe(true);
        expect(safe.queue.state).toBe('paused');
        expect(safe.notices).toContainEqual(expect.objectContaining({ restart: 'normal' }));
        await press(port, 'Leave Safe Mode');
        pid = await another();
        const normal = await state();
        expect(normal.info.safeMode).toBe(false);
        expect(normal.notices.filter(({ restart }) => restart)).toEqual([]);
        expect(normal.jobs).toHaveLength(1);
      } finally {
        process.kill(hostOf()?.pid ?? pid, 'SIGTERM');
        await eventually(hostOf).toBeNull();
      }
    });
  }, 120_000);

  it('asks before it ends while something renders, and goes on if told to', async () => {
    await withDesktop(
      async (desktop) => {
        await desktop.app.evaluate(({ dialog }) => {
          const asked: string[] = [];
          (globalThis as { asked?: string[] }).asked = asked;
          dialog.showMessageBox = (async (...args: unknown[]) => {
            asked.push((args.at(-1) as { message: string }).message);
            return { response: 1, checkboxChecked: false };
          }) as typeof dialog.showMessageBox;
        });
        const job = await closeWhileRendering(desktop, '1-48');
        await eventually(() => desktop.app.evaluate(() => (globalThis as { asked?: string[] }).asked)).toEqual([
          'Quit while rendering?',
        ]);
        expect((await callInPage(desktop, 'job.get', { id: job['id'] }))['state']).toBe('rendering');
        // Nothing is asked any more once nothing renders, and what waits was paused.
        await callInPage(desktop, 'job.cancel', { id: job['id'] });
        await eventually(async () => (await callInPage(desktop, 'job.get', { id: job['id'] }))['state']).toBe(
          'cancelled',
        );
        await callInPage(desktop, 'queue.pause', {});
        expect(await callInPage(desktop, 'job.requeue', { id: job['id'], frames: 'all' })).toMatchObject({
          state: 'queued',
        });
        const ended = once(desktop.app.process(), 'exit');
        await closeWindow(desktop).catch(() => undefined);
        expect(await ended).toEqual([0, null]);
      },
      { env: { FRAMEGAUGE_NO_CONFIRM: '' } },
    );
  });

  it('ends when it is told to while it asks whether to', async () => {
    await withDesktop(
      async (desktop) => {
        await desktop.app.evaluate(({ dialog }) => {
          const own = dialog.showMessageBox.bind(dialog) as (...args: unknown[]) => Promise<never>;
          dialog.showMessageBox = ((...args: unknown[]) => {
            (globalThis as { asked?: boolean }).asked = true;
            return own(...args);
          }) as typeof dialog.showMessageBox;
        });
        await closeWhileRendering(desktop, '1-5000');
        await eventually(() => desktop.app.evaluate(() => (globalThis as { asked?: boolean }).asked)).toBe(true);
        const ended = once(desktop.app.process(), 'exit');
        desktop.app.process().kill('SIGTERM');
        expect(await ended).toEqual([0, null]);
        expect(announcedHost(desktop.dataFolder)).toBeNull();
      },
      { env: { FRAMEGAUGE_NO_CONFIRM: '' } },
    );
  });

  it('shows the host that has the data folder already', async () => {
    await withFolder(async (dataFolder) => {
      for (const name of ['first.glb', 'second.glb']) await copyFile(TURNTABLE, join(dataFolder, name));
      const headless = spawn(
        process.execPath,
        [join(ROOT, 'out', 'main', 'cli.js'), '--data', dataFolder, 'serve', '--port', '0'],
        {
          env: plainEnvironment(),
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      const ended = once(headless, 'exit');
      try {
        const address = await new Promise<string>((found, reject) => {
          let printed = '';
          headless.stdout.on('data', (data) => {
            printed += String(data);
            const url = /(http:\/\/\S+?)\/#token=/.exec(printed)?.[1];
            if (url) found(url);
          });
          headless.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${printed}`)));
        });
        await withDesktop(
          async (desktop) => {
            expect(new URL(desktop.page.url()).origin).toBe(address);
            await desktop.page
              .getByRole('region', { name: 'Properties' })
              .getByText('first', { exact: true })
              .waitFor();
            expect(await desktop.page.evaluate(() => 'framegauge' in globalThis)).toBe(false);
            // A scene that is opened (a double click) is opened in that host: at the start of this window, and by a
            // start after it.
            await eventually(() => title(desktop)).toBe('first — Framegauge');
            const second = spawn(pathOf('electron'), [...electronSwitches(), ROOT, 'second.glb'], {
              cwd: dataFolder,
              env: plainEnvironment({ FRAMEGAUGE_DATA: dataFolder }),
              stdio: 'ignore',
            });
            await once(second, 'close');
            await eventually(() => title(desktop)).toBe('second — Framegauge');
          },
          { dataFolder, args: [join(dataFolder, 'first.glb')] },
        );
        expect(headless.exitCode).toBeNull();
      } finally {
        headless.kill('SIGTERM');
        await ended;
      }
      expect(headless.exitCode).toBe(0);
    });
  });
});
