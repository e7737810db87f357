import { readdir } from 'node:fs/promises';
import { childEnvironment } from '../../processes/child-environment';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { messageOf, UserError } from '../../../shared/user-error';
import { isShortage } from '../../data/system-error';
import { inTime } from '../../processes/own-sleep';
import { endGroup } from '../../processes/process-group';
import { memoryOf } from '../../processes/process-memory';
import { lowerPriority } from '../../processes/render-priority';
import { temporaryFolderFailure } from '../temporary-folder';
import { sandboxFailure, sandboxFor } from './browser-sandbox';
import { findChromium } from './find-chromium';
import { npmChromium } from './npm-chromium';
import type { PageHandle, PageOpener } from './page-opener';

/** Maximum time for opening a page, in seconds. */
const OPEN_SECONDS = 30;

interface Program {
  readonly executable: string;
  readonly env: Record<string, string>;
}

export interface HeadlessChromiumOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** `npm`: only the one from the npm package; `installed`: only an installed one. */
  readonly source?: 'any' | 'installed' | 'npm';
}

const NO_BROWSER =
  'There is no browser to render glTF scenes in: install Chromium, Chrome or Edge (on Debian: apt-get install chromium), or name one in FRAMEGAUGE_CHROMIUM.';

async function findProgram({ env = process.env, source = 'any' }: HeadlessChromiumOptions): Promise<Program> {
  const installed = source === 'npm' ? null : await findChromium(env);
  if (installed !== null) return { executable: installed, env: {} };
  const bundled = source === 'installed' ? null : await npmChromium(env);
  if (bundled === null) throw new UserError(NO_BROWSER);
  return bundled;
}

/**
 * Whether there is a graphics card that programs without a display can use; on Linux that is a render node, elsewhere
 * the system decides.
 */
async function hasGpu(env: NodeJS.ProcessEnv): Promise<boolean> {
  if (env['FRAMEGAUGE_GPU'] === 'off') return false;
  if (process.platform !== 'linux') return true;
  const nodes = await readdir('/dev/dri').catch(() => []);
  return nodes.some((name) => name.startsWith('renderD'));
}

async function flags(env: NodeJS.ProcessEnv): Promise<string[]> {
  const gpu = await hasGpu(env);
  return [
    // A draw call may take long, above all in software; whether a page is stuck is up to the engine's watchdog.
    '--disable-gpu-watchdog',
    '--ignore-gpu-blocklist',
    // Also the fallback where the graphics card does not work.
    '--enable-unsafe-swiftshader',
    ...(gpu
      ? process.platform === 'linux'
        ? ['--use-angle=vulkan', '--enable-features=Vulkan', '--disable-vulkan-surface']
        : []
      : ['--use-gl=angle', '--use-angle=swiftshader']),
    // Colours must not depend on the display.
    '--force-color-profile=srgb',
  ];
}

/** Rejects if a promise takes longer than a page may take to open. */
const withinTime = <T>(work: Promise<T>): Promise<T> =>
  inTime(work, OPEN_SECONDS * 1000, () => new Error(`the browser took longer than ${OPEN_SECONDS} s`));

/** Why a browser did not start: a UserError only where a retry is bound to fail. @param error thrown by Playwright */
async function startFailure(executable: string, error: unknown): Promise<Error> {
  // Playwright's message contains the browser's whole output and is not suited for users.
  const printed = error instanceof Error ? error.message : String(error);
  const unfit = sandboxFailure(executable, printed) ?? (await temporaryFolderFailure(error));
  if (unfit) return unfit;
  const signal = / signal=(SIG[A-Z0-9]+)/.exec(printed)?.[1];
  if (signal !== undefined)
    return new Error(`The browser was ended from outside while it started (${signal}).`, { cause: error });
  const reason = messageOf(printed.split('\n').find((line) => line.trim() !== '') ?? '');
  const sentence = `The browser “${executable}” could not be started (${reason})`;
  const spawned = /\bspawn \S.* (E[A-Z0-9]+)\b/.exec(printed)?.[1];
  const unusable =
    (spawned !== undefined && !isShortage(spawned)) || /\bexitCode=\d|executable doesn't exist/.test(printed);
  // After a timeout it is ended by us.
  return unusable && !/Timeout \d+ms exceeded/.test(printed)
    ? new UserError(`${sentence}: name another one in FRAMEGAUGE_CHROMIUM.`)
    : new Error(`${sentence}.`, { cause: error });
}

/**
 * Opens each page in its own headless Chromium, so that one that hangs or crashes does not affect others, and the
 * resource usage of a page, including its share of the GPU process, can be measured. Browsers end with this process,
 * even if it is killed.
 */
export function headlessChromium(options: HeadlessChromiumOptions = {}): PageOpener {
  const env = options.env ?? process.env;
  /** Browsers starting or running. */
  const browsers = new Set<Promise<Browser>>();
  let closed = false;

  async function launch(): Promise<Browser> {
    const program = await findProgram(options);
    try {
      // Loading takes a third of a second, so commands that open no page skip it.
      const { chromium } = await import('playwright-core');
      return await chromium.launch({
        executablePath: program.executable,
        headless: true,
        args: await flags(env),
        env: childEnvironment(program.env, env) as Record<string, string>,
        chromiumSandbox: sandboxFor(env).on,
        // The host decides when its workers end.
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      });
    } catch (error) {
      throw await startFailure(program.executable, error);
    }
  }

  async function launchTracked(): Promise<Browser> {
    const launching = launch();
    browsers.add(launching);
    try {
      const browser = await launching;
      browser.once('disconnected', () => browsers.delete(launching));
      if (!browser.isConnected()) browsers.delete(launching);
      return browser;
    } catch (error) {
      browsers.delete(launching);
      throw error;
    }
  }

  return {
    browser: async () => (await findProgram(options)).executable,
    withoutSandbox() {
      const sandbox = sandboxFor(env);
      return sandbox.on ? null : sandbox.why;
    },
    async open(url) {
      if (closed) throw new UserError('The browser has been closed.');
      const browser = await launchTracked();
      try {
        const context = await withinTime(
          browser.newContext({
            viewport: { width: 320, height: 180 },
            serviceWorkers: 'block',
            acceptDownloads: false,
          }),
        );
        const page = await withinTime(context.newPage());
        const system = await withinTime(browser.newBrowserCDPSession());
        const handle = await handleOf(browser, page, system);
        await withinTime(page.goto(url, { waitUntil: 'commit', timeout: 0 }));
        return handle;
      } catch (error) {
        // Some browsers start without it, and fail at their first page.
        const full = await temporaryFolderFailure(error);
        await browser.close().catch(() => undefined);
        throw (
          full ??
          new Error(`The render page could not be opened: ${messageOf(error).split('\n')[0]}.`, { cause: error })
        );
      }
    },
    async close() {
      closed = true;
      await Promise.all(
        [...browsers].map((launching) => launching.then((browser) => browser.close()).catch(() => undefined)),
      );
    },
  };
}

async function handleOf(browser: Browser, page: Page, system: CDPSession): Promise<PageHandle> {
  const { processInfo } = await withinTime(system.send('SystemInfo.getProcessInfo'));
  const browserPid = processInfo.find(({ type }) => type === 'browser')?.id;
  if (browserPid !== undefined) await lowerPriority(browserPid);
  let byUs = false;
  let settle: (gone: Awaited<PageHandle['gone']>) => void = () => undefined;
  const gone = new Promise<Awaited<PageHandle['gone']>>((resolve) => {
    settle = resolve;
  });
  browser.once('disconnected', () => {
    settle(
      byUs
        ? { reason: 'closed', message: 'The render page was closed.' }
        : { reason: 'exit', message: 'The browser ended.' },
    );
    // A killed browser leaves processes behind; Playwright starts it in its own process group.
    if (browserPid !== undefined) endGroup(browserPid);
  });
  page.once('crash', () => {
    settle({ reason: 'crash', message: 'The render page crashed.' });
    void browser.close().catch(() => undefined);
  });
  page.once('close', () => {
    // When the browser ends, its page closes first: wait a moment for the browser's event.
    setTimeout(() => {
      byUs ||= browser.isConnected();
      void browser.close().catch(() => undefined);
    }, 50);
  });
  return {
    gone,
    async usage() {
      try {
        const { processInfo: processes } = await system.send('SystemInfo.getProcessInfo');
        const cpuSeconds = processes.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
        return { cpuSeconds, residentBytes: await memoryOf(processes.map(({ id }) => id)) };
      } catch {
        // It has just ended.
        return null;
      }
    },
    async close() {
      byUs = true;
      await browser.close().catch(() => undefined);
      await gone;
    },
  };
}
