import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { electronSwitches } from '../../scripts/electron.mjs';
import { type DesktopApp, plainEnvironment, startDesktop, temporaryFolder } from '../helpers/desktop-app';
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

type Bridge = { framegauge: { call(operation: string, input: unknown): Promise<{ ok: boolean; value: unknown }> } };
async function call(desktop: DesktopApp, operation: string, input: unknown): Promise<Record<string, unknown>> {
  const reply = await desktop.page.evaluate(
    ([name, value]) => (globalThis as unknown as Bridge).framegauge.call(name, value),
    [operation, input] as const,
  );
  expect(reply).toMatchObject({ ok: true });
  return reply.value as Record<string, unknown>;
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
          const job = await call(desktop, 'job.submit', {
            scene: TURNTABLE,
            frames: '1',
            width: 32,
            height: 18,
            samples: 1,
            output: join(dataFolder, 'out', '####.png'),
          });
          await expect
            .poll(async () => (await call(desktop, 'job.get', { id: job['id'] }))['state'], { timeout: 60_000 })
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
      const before = await call(desktop, 'host.state', {});
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
        const job = await call(desktop, 'job.submit', {
          scene: TURNTABLE,
          frames: '1-48',
          width: 640,
          height: 360,
          samples: 64,
          output: join(desktop.dataFolder, 'out', '####.png'),
        });
        await eventually(async () => (await call(desktop, 'job.get', { id: job['id'] }))['state']).toBe('rendering');
        await desktop.app.evaluate(({ BrowserWindow }) =>
          BrowserWindow.getAllWindows()
            .find((window) => window.isVisible())!
            .close(),
        );
        await eventually(() => desktop.app.evaluate(() => (globalThis as { asked?: string[] }).asked)).toEqual([
          'Quit while rendering?',
        ]);
        expect((await call(desktop, 'job.get', { id: job['id'] }))['state']).toBe('rendering');
        // Nothing is asked any more once nothing renders.
        await call(desktop, 'job.cancel', { id: job['id'] });
        await eventually(async () => (await call(desktop, 'job.get', { id: job['id'] }))['state']).toBe('cancelled');
      },
      { env: { FRAMEGAUGE_NO_CONFIRM: '' } },
    );
  });

  it('shows the host that has the data folder already', async () => {
    await withFolder(async (dataFolder) => {
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
              .getByText('turntable', { exact: true })
              .waitFor();
            expect(await desktop.page.evaluate(() => 'framegauge' in globalThis)).toBe(false);
          },
          { dataFolder },
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
