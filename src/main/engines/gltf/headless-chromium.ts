import { readdir } from 'node:fs/promises';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { messageOf, UserError } from '../../../shared/user-error';
import { findChromium } from './find-chromium';
import { npmChromium } from './npm-chromium';
import type { PageHandle, PageOpener } from './open-page';

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
    ...(gpu ? (process.platform === 'linux' ? ['--use-angle=vulkan', '--enable-features=Vulkan', '--disable-vulkan-surface'] : []) : ['--use-gl=angle', '--use-angle=swiftshader']),
    // Colours must not depend on the machine's screen.
    '--force-color-profile=srgb',
  ];
}

/** Passes a result on, unless it takes longer than a page may take to open. */
async function withinTime<T>(work: Promise<T>, onLate: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      onLate();
      reject(new Error(`the browser took longer than ${OPEN_SECONDS} s`));
    }, OPEN_SECONDS * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // Whichever comes last has nobody waiting for it.
    work.catch(() => undefined);
  }
}

/** Pages in one headless Chromium, which is started with the first of them and ends when this process does, even if it is killed. */
export function headlessChromium(options: HeadlessChromiumOptions = {}): PageOpener {
  const env = options.env ?? process.env;
  let running: Promise<{ browser: Browser; context: BrowserContext }> | null = null;
  let closed = false;
  const abandoned = new Set<Promise<unknown>>();

  async function launch(): Promise<{ browser: Browser; context: BrowserContext }> {
    const program = await findProgram(options);
    try {
      const browser = await chromium.launch({
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
      const started = running;
      browser.once('disconnected', () => {
        if (running === started) running = null;
      });
      return { browser, context: await browser.newContext({ viewport: { width: 320, height: 180 }, serviceWorkers: 'block', acceptDownloads: false }) };
    } catch (error) {
      const reason = messageOf(error).split('\n').find((line) => line.trim() !== '')?.trim() ?? 'no reason given';
      throw new UserError(`The browser “${program.executable}” could not be started (${reason}): name another one in FRAMEGAUGE_CHROMIUM.`);
    }
  }

  /** A browser that does not even open a page will not get better: the next page gets a new one, and those in this one are gone. */
  function abandon(browser: Browser): void {
    running = null;
    const ending = browser.close().catch(() => undefined);
    abandoned.add(ending);
    void ending.then(() => abandoned.delete(ending));
  }

  return {
    async open(url) {
      if (closed) throw new UserError('The browser has been closed.');
      running ??= launch();
      let started: { browser: Browser; context: BrowserContext };
      try {
        started = await running;
      } catch (error) {
        running = null;
        throw error;
      }
      const { browser, context } = started;
      const page = await withinTime(context.newPage(), () => abandon(browser));
      let settle: (gone: Awaited<PageHandle['gone']>) => void = () => undefined;
      const gone = new Promise<Awaited<PageHandle['gone']>>((resolve) => {
        settle = resolve;
      });
      const onDisconnect = (): void => settle({ reason: 'exit', message: 'The browser ended.' });
      browser.once('disconnected', onDisconnect);
      void gone.then(() => browser.off('disconnected', onDisconnect));
      page.once('crash', () => {
        settle({ reason: 'crash', message: 'The render page crashed.' });
        void page.close().catch(() => undefined);
      });
      // When the browser ends, its pages close first.
      page.once('close', () => setTimeout(() => settle(browser.isConnected() ? { reason: 'closed', message: 'The render page was closed.' } : { reason: 'exit', message: 'The browser ended.' }), 50));
      const handle: PageHandle = {
        gone,
        // All pages share one browser, whose processes can't be told apart by page.
        usage: () => Promise.resolve(null),
        async close() {
          await page.close().catch(() => undefined);
          await gone;
        },
      };
      try {
        await withinTime(page.goto(url, { waitUntil: 'commit' }), () => abandon(browser));
      } catch (error) {
        await handle.close();
        throw new Error(`The render page could not be opened: ${messageOf(error).split('\n')[0]}.`, { cause: error });
      }
      return handle;
    },
    async close() {
      closed = true;
      const started = await running?.catch(() => null);
      await started?.browser.close();
      await Promise.all(abandoned);
    },
  };
}
