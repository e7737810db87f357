import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { electronSwitches } from '../../scripts/electron.mjs';
import { pathOf } from './needs';

const ROOT = resolve(import.meta.dirname, '../..');

export interface DesktopApp {
  readonly app: ElectronApplication;
  /** The UI's page. */
  readonly page: Page;
  readonly dataFolder: string;
  /** Everything that the program has printed so far. */
  output(): string;
  /** Ends the program, by force if necessary. May be called again. */
  close(): Promise<void>;
}

export interface DesktopAppOptions {
  /** Kept afterwards; by default a new one that is deleted. */
  readonly dataFolder?: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** A packaged program instead of the repository's. */
  readonly executable?: string;
}

/** Timeout for the program to exit before it is killed, in milliseconds. */
const END_LIMIT = 20_000;

/** Creates a temporary folder, deleted by the returned function. */
export async function temporaryFolder(name: string): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `framegauge-${name}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }) };
}

/** A user's environment: without the test runner's variables. */
export function plainEnvironment(extra: NodeJS.ProcessEnv = {}): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...process.env, ...extra })) {
    if (
      value === undefined ||
      /^(?:VITEST|NODE_ENV$|NODE_OPTIONS$|ELECTRON_RUN_AS_NODE$|TEST$|DEV$|PROD$|MODE$|BASE_URL$|SSR$|npm_)/.test(name)
    )
      continue;
    env[name] = value;
  }
  return env;
}

/** Starts the desktop app as a user would, and waits for its window. */
export async function startDesktop(options: DesktopAppOptions = {}): Promise<DesktopApp> {
  const folder = options.dataFolder ? null : await temporaryFolder('desktop');
  const dataFolder = options.dataFolder ?? folder!.path;
  let printed = '';
  let running: { readonly app: ElectronApplication; readonly child: ChildProcess } | null = null;
  async function close(): Promise<void> {
    const last = running;
    running = null;
    if (last) await endByForce(last.app, last.child);
    await folder?.remove();
  }
  try {
    const started = await _electron.launch({
      executablePath: options.executable ?? pathOf('electron'),
      args: [...electronSwitches(), ...(options.executable ? [] : [ROOT]), ...(options.args ?? [])],
      cwd: dataFolder,
      env: plainEnvironment({ FRAMEGAUGE_DATA: dataFolder, FRAMEGAUGE_NO_CONFIRM: '1', ...options.env }),
      timeout: 60_000,
    });
    const child = started.process();
    running = { app: started, child };
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (printed += String(data)));
    const page = await uiPage(started);
    await started.evaluate(async ({ BrowserWindow }) => {
      const windows = BrowserWindow.getAllWindows();
      // The UI's window is shown once it is drawn.
      if (windows.some((window) => window.isVisible())) return;
      await Promise.race(windows.map((window) => new Promise<void>((resolve) => window.once('show', () => resolve()))));
    });
    return { app: started, page, dataFolder, output: () => printed, close };
  } catch (error) {
    const log = join(dataFolder, 'logs', 'host.log');
    const hostLog = existsSync(log) ? readFileSync(log, 'utf8') : '';
    await close();
    throw new Error(
      `The desktop app did not start: ${error instanceof Error ? error.message : String(error)}\n${printed}\n${hostLog}`,
      { cause: error },
    );
  }
}

/** Finds the UI's page among the windows: hidden render pages are windows too. */
async function uiPage(app: ElectronApplication): Promise<Page> {
  const isUi = (page: Page): boolean =>
    page.url().startsWith('app://') || /^http:\/\/[^/]+\/(?:index\.html)?(?:#.*)?$/.test(page.url());
  const limit = Date.now() + 30_000;
  for (;;) {
    const page = app.windows().find(isUi);
    if (page) {
      await page.waitForLoadState('domcontentloaded');
      return page;
    }
    if (Date.now() > limit)
      throw new Error(
        `no window with the UI; there are: ${
          app
            .windows()
            .map((window) => window.url())
            .join(', ') || 'none'
        }`,
      );
    await Promise.race([
      app.waitForEvent('window', { timeout: 1_000 }).catch(() => null),
      new Promise((resolve) => setTimeout(resolve, 100)),
    ]);
  }
}

/**
 * Asks the program to quit and kills it by its id on timeout.
 *
 * @param child its process: Playwright forgets it once the program has ended by itself
 */
async function endByForce(app: ElectronApplication, child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), END_LIMIT);
  await app.close().catch(() => {});
  await ended;
  clearTimeout(timer);
}
