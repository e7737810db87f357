import { chmod, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DesktopApp, startDesktop, temporaryFolder } from '../helpers/desktop-app';
import { needs } from '../helpers/needs';

needs.electron('the desktop shell keeps its pages in', () => {
  let desktop: DesktopApp;
  beforeAll(async () => {
    desktop = await startDesktop();
    // Links must be seen to go outside without a browser being started for each.
    await desktop.app.evaluate(({ shell }) => {
      const opened: string[] = [];
      (globalThis as { openedOutside?: string[] }).openedOutside = opened;
      shell.openExternal = async (url: string) => void opened.push(url);
    });
  });
  afterAll(() => desktop?.close());

  const windowCount = (): Promise<number> =>
    desktop.app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows().filter((window) => window.isVisible()).length,
    );
  const openedOutside = (): Promise<string[]> =>
    desktop.app.evaluate(() => (globalThis as { openedOutside?: string[] }).openedOutside!.slice());
  const forgetOpened = (): Promise<unknown> =>
    desktop.app.evaluate(() => (globalThis as { openedOutside?: string[] }).openedOutside!.splice(0));

  it('serves the UI from its own origin, without Node', async () => {
    const seen = await desktop.page.evaluate(() => ({
      origin: location.origin,
      require: typeof (globalThis as Record<string, unknown>)['require'],
      process: typeof (globalThis as Record<string, unknown>)['process'],
      module: typeof (globalThis as Record<string, unknown>)['module'],
      bridge: Object.keys((globalThis as unknown as { framegauge: object }).framegauge).sort(),
    }));
    expect(seen).toEqual({
      origin: 'app://framegauge',
      require: 'undefined',
      process: 'undefined',
      module: 'undefined',
      bridge: [
        'call',
        'chooseFolder',
        'endLending',
        'frameFile',
        'image',
        'lend',
        'lending',
        'onEvent',
        'onMenu',
        'openAddonDialog',
        'openSceneDialog',
        'pathForFile',
        'pixels',
        'quit',
        'restart',
        'showAddonFiles',
        'showMenus',
        'speak',
      ],
    });
  });

  it('runs its pages with the strict web preferences', async () => {
    const preferences = await desktop.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => {
        const p = (
          window.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
        ).getLastWebPreferences();
        return [p['sandbox'], p['contextIsolation'], p['nodeIntegration'], p['webSecurity']];
      }),
    );
    expect(preferences.length).toBeGreaterThan(0);
    for (const each of preferences) expect(each).toEqual([true, true, false, true]);
  });

  it('opens no window, and hands only web addresses to the system’s browser', async () => {
    const before = await windowCount();
    const answers = await desktop.page.evaluate(() =>
      [
        'https://example.org/',
        'file:///etc/passwd',
        'javascript:alert(1)',
        'smb://server/share',
        'https://user:secret@example.org/',
        'app://framegauge/',
      ].map((url) => window.open(url)),
    );
    expect(answers).toEqual([null, null, null, null, null, null]);
    expect(await windowCount()).toBe(before);
    await expect.poll(openedOutside).toEqual(['https://example.org/']);
    await forgetOpened();
  });

  it('stays where it is', async () => {
    const url = desktop.page.url();
    for (const target of [
      'file:///etc/passwd',
      'app://framegauge/render-page/index.html',
      'app://other/',
      'https://example.com/',
    ]) {
      await desktop.page.evaluate((to) => location.assign(to), target).catch(() => {});
    }
    // The last one is seen by the main process, so the ones before it have been decided on.
    await expect.poll(openedOutside).toEqual(['https://example.com/']);
    expect(desktop.page.url()).toBe(url);
    expect(await desktop.page.evaluate(() => location.href)).toBe(url);
    await forgetOpened();
  });

  it('puts no foreign page into a frame and runs no inline script', async () => {
    const result = await desktop.page.evaluate(async () => {
      const violations = new Set<string>();
      const seen = new Promise<void>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => {
          violations.add(event.effectiveDirective);
          if (violations.size === 2) resolve();
        });
      });
      const frame = document.createElement('iframe');
      frame.src = 'https://example.org/';
      document.body.append(frame);
      const script = document.createElement('script');
      script.textContent = 'globalThis.inlineRan = true';
      document.body.append(script);
      await seen;
      frame.remove();
      script.remove();
      return { violations: [...violations].sort(), ran: 'inlineRan' in globalThis };
    });
    expect(result.ran).toBe(false);
    expect(result.violations).toEqual(['frame-src', 'script-src-elem']);
  });

  it('grants no permission', async () => {
    const answers = await desktop.page.evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'];
      const states = await Promise.all(
        names.map((name) =>
          navigator.permissions.query({ name: name as PermissionName }).then((status) => status.state),
        ),
      );
      const position = await new Promise<string>((resolve) => {
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          (error) => resolve(error.code === error.PERMISSION_DENIED ? 'denied' : error.message),
        );
      });
      return { states, notification: await Notification.requestPermission(), position };
    });
    expect(new Set(answers.states)).toEqual(new Set(['denied']));
    expect(answers.notification).toBe('denied');
    expect(answers.position).toBe('denied');
  });

  it('has no other way to files than the program’s own', async () => {
    // A picker that nobody answers would stay pending for ever.
    const pickers = await desktop.page.evaluate(() =>
      ['showOpenFilePicker', 'showSaveFilePicker', 'showDirectoryPicker'].filter((name) => name in globalThis),
    );
    expect(pickers).toEqual([]);
  });

  it('serves nothing from outside of the UI’s folder', async () => {
    const statuses = await desktop.page.evaluate(async () =>
      Promise.all(
        [
          '/index.html',
          '/../../package.json',
          '/%2e%2e/%2e%2e/package.json',
          '/..%2f..%2fpackage.json',
          '/..%5c..%5cpackage.json',
          '/%00',
          '/missing.js',
        ].map(async (path) => (await fetch(path)).status),
      ),
    );
    expect(statuses).toEqual([200, 404, 404, 404, 404, 404, 404]);
  });

  it('answers operations of the host, and refuses what does not fit', async () => {
    type Bridge = {
      framegauge: {
        call(operation: unknown, input: unknown): Promise<unknown>;
        image(job: unknown, frame: unknown): Promise<unknown>;
      };
    };
    const answers = await desktop.page.evaluate(async () => {
      const { framegauge } = globalThis as unknown as Bridge;
      const refusal = (promise: Promise<unknown>): Promise<string> =>
        promise.then(
          () => 'answered',
          (error: Error) => error.message,
        );
      return {
        state: await framegauge.call('host.state', {}),
        unknown: await framegauge.call('host.nothing', {}),
        prototype: await framegauge.call('constructor', {}),
        wrongInput: await framegauge.call('job.get', { id: 'one' }),
        wrongEnvelope: await refusal(framegauge.call(7, {})),
        wrongImage: await refusal(framegauge.image('1', {})),
      };
    });
    expect(answers.state).toMatchObject({ ok: true, value: { info: { shell: 'desktop' } } });
    for (const reply of [answers.unknown, answers.prototype, answers.wrongInput])
      expect(reply).toMatchObject({ ok: false, error: { kind: 'arguments' } });
    for (const text of [answers.wrongEnvelope, answers.wrongImage]) expect(text).toContain('not what was expected');
  });

  it('does not listen to other windows', async () => {
    const answer = await desktop.app.evaluate(
      async ({ BrowserWindow }, preload) => {
        // A window with the same preload script but not the UI's.
        const other = new BrowserWindow({
          show: false,
          webPreferences: { preload, sandbox: true, contextIsolation: true },
        });
        await other.loadURL('app://framegauge/index.html');
        const text = (await other.webContents.executeJavaScript(
          "framegauge.call('host.state', {}).then(() => 'answered', (error) => error.message)",
        )) as string;
        other.destroy();
        return text;
      },
      resolve(import.meta.dirname, '../../out/preload/preload.cjs'),
    );
    expect(answer).toContain('This page may not do that');
  });
});

needs.electron('the desktop shell keeps its tokens', () => {
  it.skipIf(process.platform !== 'linux')('from the browser that it opens links in', async () => {
    const folder = await temporaryFolder('xdg-open');
    const seen = join(folder.path, 'environment');
    const browser = join(folder.path, 'xdg-open');
    await writeFile(browser, `#!/bin/sh\nenv > "${seen}.part" && mv "${seen}.part" "${seen}"\n`);
    await chmod(browser, 0o755);
    const desktop = await startDesktop({
      env: {
        FRAMEGAUGE_TOKEN: 'control-token-of-this-test',
        FRAMEGAUGE_READ_TOKEN: 'read-token-of-this-test',
        PATH: `${folder.path}${delimiter}${process.env['PATH']}`,
      },
    });
    try {
      await desktop.page.getByText('turntable', { exact: true }).first().waitFor();
      await desktop.app.evaluate(({ shell }) => shell.openExternal('https://example.org/'));
      const read = (): Promise<string> => readFile(seen, 'utf8').catch(() => '');
      await expect.poll(read, { timeout: 20_000 }).toContain('FRAMEGAUGE_DATA=');
      expect(await read()).not.toContain('token-of-this-test');
    } finally {
      await desktop.close();
      await folder.remove();
    }
  });
});
