import { app, BrowserWindow, type Session, session } from 'electron';
import { messageOf, UserError } from '../../shared/user-error';
import { sandboxFor } from '../engines/pages/browser-sandbox';
import type { PageHandle, PageOpener } from '../engines/pages/page-opener';
import { denyPermissions } from './lock-down';

type Gone = Awaited<PageHandle['gone']>;

/**
 * Opens render pages in hidden windows. They can reach the loopback server that they came from and nothing else, and have
 * no access to this process.
 *
 * @param partition name of their session, of which each opener needs its own
 */
export function hiddenPages(partition = 'render-pages'): PageOpener {
  const windows = new Set<BrowserWindow>();
  /** `host:port` of the requested pages. */
  const allowed = new Set<string>();
  let shared: Session | null = null;
  let closed = false;

  function ownSession(): Session {
    if (shared) return shared;
    // Without `persist:` it is kept in memory only.
    shared = session.fromPartition(partition, { cache: false });
    denyPermissions(shared);
    shared.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !mayRequest(details.url, allowed) }));
    return shared;
  }

  async function open(url: string): Promise<PageHandle> {
    if (closed) throw new UserError('The program is about to end and opens no more render pages.');
    allowed.add(new URL(url).host);
    const window = new BrowserWindow({
      show: false,
      width: 640,
      height: 360,
      webPreferences: {
        session: ownSession(),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        disableBlinkFeatures: 'FileSystemAccessLocal',
        // Otherwise a hidden page's timers and frames would be throttled.
        backgroundThrottling: false,
        spellcheck: false,
        devTools: false,
      },
    });
    windows.add(window);
    let byUs = false;
    let crash: string | null = null;
    const gone = new Promise<Gone>((resolve) => {
      window.webContents.once('render-process-gone', (_event, details) => {
        crash = `its process ended: ${details.reason} (exit code ${details.exitCode})`;
        window.destroy();
      });
      window.once('closed', () => {
        windows.delete(window);
        if (crash !== null) resolve({ reason: 'crash', message: crash });
        else if (byUs || closed) resolve({ reason: 'closed', message: 'it was closed' });
        else resolve({ reason: 'exit', message: 'its window was closed' });
      });
    });
    const handle: PageHandle = {
      gone,
      usage() {
        const metric = app
          .getAppMetrics()
          .find((process) => !window.isDestroyed() && process.pid === window.webContents.getOSProcessId());
        const cpuSeconds = metric?.cpu.cumulativeCPUUsage;
        return Promise.resolve(
          metric && cpuSeconds !== undefined
            ? { residentBytes: metric.memory.workingSetSize * 1024, cpuSeconds }
            : null,
        );
      },
      async close() {
        byUs = true;
        if (!window.isDestroyed()) window.destroy();
        await gone;
      },
    };
    try {
      await window.loadURL(url);
    } catch (error) {
      await handle.close();
      throw new UserError(`The render page could not be opened: ${crash ?? messageOf(error)}.`);
    }
    return handle;
  }

  return {
    open,
    withoutSandbox() {
      if (!app.commandLine.hasSwitch('no-sandbox')) return null;
      const sandbox = sandboxFor();
      return sandbox.on
        ? 'The window’s browser runs without its sandbox, since it was started with --no-sandbox: a scene that breaks out of it can do whatever you can. Start Framegauge without that.'
        : sandbox.why;
    },
    async close() {
      closed = true;
      for (const window of windows) window.destroy();
    },
  };
}

/** Data and blob URLs contain their own content; everything else must go to the server that the page came from. */
function mayRequest(address: string, allowed: ReadonlySet<string>): boolean {
  const url = new URL(address);
  if (url.protocol === 'data:' || url.protocol === 'blob:') return true;
  return (url.protocol === 'http:' || url.protocol === 'ws:') && allowed.has(url.host);
}
