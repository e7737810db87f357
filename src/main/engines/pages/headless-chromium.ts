import { readdir } from 'node:fs/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { messageOf, UserError } from '../../../shared/user-error';
import { endGroup } from '../../processes/process-group';
import { memoryOf } from '../../processes/process-memory';
import { lowerPriority } from '../../processes/render-priority';
import { findChromium } from './find-chromium';
import { npmChromium } from './npm-chromium';
import type { PageHandle, PageOpener } from './page-opener';

/** Seconds that the browser has to open a page. */
const OPEN_SECONDS = 30;

interface Program {
  readonly executable: string;
  readonly env: Record<string, string>;
}

export interface HeadlessChromiumOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** `npm`: only the one from the npm package; `installed`: only one that is installed. */
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

/** A graphics card that programs without a screen may use; on Linux that is a render node, elsewhere the system sees to it. */
async function hasGpu(env: NodeJS.ProcessEnv): Promise<boolean> {
  if (env['FRAMEGAUGE_GPU'] === 'off') return false;
  if (process.platform !== 'linux') return true;
  const nodes = await readdir('/dev/dri').catch(() => []);
  return nodes.some((name) => name.startsWith('renderD'));
}

async function flags(env: NodeJS.ProcessEnv): Promise<string[]> {
  const gpu = await hasGpu(env);
  return [
    // A drawing call may take long, in software above all; whether a page is stuck is for the engine to judge.
    '--disable-gpu-watchdog',
    '--ignore-gpu-blocklist',
    // Also the last resort where the graphics card turns out not to work.
    '--enable-unsafe-swiftshader',
    ...(gpu
      ? process.platform === 'linux'
        ? ['--use-angle=vulkan', '--enable-features=Vulkan', '--disable-vulkan-surface']
        : []
      : ['--use-gl=angle', '--use-angle=swiftshader']),
    // Colours must not depend on the machine's screen.
    '--force-color-profile=srgb',
  ];
}

/** Passes a result on, unless it takes longer than a page may take to open. */
async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the browser took longer than ${OPEN_SECONDS} s`)), OPEN_SECONDS * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // Whichever comes last has nobody waiting for it.
    work.catch(() => undefined);
  }
}

/**
 * Pages each in a headless Chromium of its own, so that one that hangs or crashes takes no other with it, and what a page takes of the machine, its share of the graphics
 * process included, can be told. Browsers end when this process does, even if it is killed.
 */
export function headlessChromium(options: HeadlessChromiumOptions = {}): PageOpener {
  const env = options.env ?? process.env;
  /** Browsers that are starting or running, each until it is gone. */
  const browsers = new Set<Promise<Browser>>();
  let closed = false;

  async function launch(): Promise<Browser> {
    const program = await findProgram(options);
    try {
      // A third of a second that commands which open no page need not wait for.
      const { chromium } = await import('playwright-core');
      return await chromium.launch({
        executablePath: program.executable,
        headless: true,
        args: await flags(env),
        env: { ...(env as Record<string, string>), ...program.env },
        // Chromium's sandbox cannot be set up by root.
        chromiumSandbox: process.getuid?.() !== 0,
        // The host decides when its workers end.
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      });
    } catch (error) {
      // Nothing is wrong with the program: the next try may succeed.
      const signal = / signal=(SIG[A-Z0-9]+)/.exec(messageOf(error))?.[1];
      if (signal !== undefined)
        throw new Error(`The browser was ended from outside while it started (${signal}).`, { cause: error });
      const reason =
        messageOf(error)
          .split('\n')
          .find((line) => line.trim() !== '')
          ?.trim() ?? 'no reason given';
      throw new UserError(
        `The browser “${program.executable}” could not be started (${reason}): name another one in FRAMEGAUGE_CHROMIUM.`,
      );
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
        await withinTime(page.goto(url, { waitUntil: 'commit' }));
        return handle;
      } catch (error) {
        await browser.close().catch(() => undefined);
        throw new Error(`The render page could not be opened: ${messageOf(error).split('\n')[0]}.`, { cause: error });
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
    // A browser that was killed leaves processes behind; Playwright makes a group of their own for them.
    if (browserPid !== undefined) endGroup(browserPid);
  });
  page.once('crash', () => {
    settle({ reason: 'crash', message: 'The render page crashed.' });
    void browser.close().catch(() => undefined);
  });
  page.once('close', () => {
    // When the browser ends, its page closes first: give it a moment to tell.
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
