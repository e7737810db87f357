import { join } from 'node:path';
import { app, BrowserWindow, dialog, screen } from 'electron';
import { APP_ORIGIN } from './app-files';
import icon from './icon.png?asset';
import { MINIMUM_SIZE, placeWindow, readWindowState, saveWindowState } from './window-state';

export interface MainWindowOptions {
  /** The UI's address: ours, or that of a host that runs already. */
  readonly address: string;
  /** The preload script; null for a UI that reaches its host over the network. */
  readonly preload: string | null;
  /** Folder for the window's place. */
  readonly folder: string;
  /** Of the window, before a scene is open. */
  readonly title: string;
}

/** How often a crashed page is loaded again within {@link CRASH_WINDOW} before the person is asked. */
const RELOADS = 3;
const CRASH_WINDOW = 60_000;
/** How long a window must rest before its place is stored, in milliseconds. */
const REST = 500;

/** Opens the window with the UI in it. */
export function openMainWindow({ address, preload, folder, title }: MainWindowOptions): BrowserWindow {
  const stateFile = join(folder, 'window.json');
  const primary = screen.getPrimaryDisplay();
  const screens = [primary, ...screen.getAllDisplays().filter((display) => display.id !== primary.id)].map(
    (display) => display.workArea,
  );
  const { maximized, ...bounds } = placeWindow(readWindowState(stateFile), screens);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    show: false,
    title,
    icon,
    // The UI's own background, so that nothing flashes before it is drawn.
    backgroundColor: '#1d1d1d',
    webPreferences: {
      ...(preload === null ? {} : { preload }),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  // The title is ours to choose, not the page's.
  window.on('page-title-updated', (event) => event.preventDefault());
  rememberPlace(window, stateFile);
  surviveCrashes(window);
  if (!app.isPackaged) offerDevTools(window);
  window
    .loadURL(address)
    .catch((error: unknown) => console.error(`The window's page could not be loaded: ${String(error)}`));
  return window;
}

function rememberPlace(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
    // A place that can't be stored is no reason to trouble anyone.
    saveWindowState(file, { ...window.getNormalBounds(), maximized: window.isMaximized() }).catch(() => {});
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(save, REST);
  };
  for (const event of ['resize', 'move', 'maximize', 'unmaximize'] as const) window.on(event as 'resize', later);
  window.on('close', save);
  window.once('closed', () => clearTimeout(timer));
}

/** The host lives on when the UI's page dies, so the page is simply loaded again; it draws itself from the host's state. */
function surviveCrashes(window: BrowserWindow): void {
  let crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return;
    const now = Date.now();
    crashes = [...crashes.filter((time) => now - time < CRASH_WINDOW), now];
    if (crashes.length <= RELOADS) {
      window.webContents.reload();
      return;
    }
    crashes = [];
    void dialog
      .showMessageBox(window, {
        type: 'error',
        message: 'The window’s page crashes again and again.',
        detail: `Rendering goes on without it (${details.reason}, exit code ${details.exitCode}).`,
        buttons: ['Load it again', 'Leave it'],
      })
      .then(({ response }) => {
        if (response === 0 && !window.isDestroyed()) window.webContents.reload();
        return undefined;
      });
  });
}

/** In development only: the usual keys for reloading and DevTools, which the absent menu would carry. */
function offerDevTools(window: BrowserWindow): void {
  window.webContents.on('before-input-event', (event, input) => {
    if (input.type !== 'keyDown' || !input.shift || !(input.control || input.meta)) return;
    if (input.code === 'KeyI') window.webContents.toggleDevTools();
    else if (input.code === 'KeyR') window.webContents.reloadIgnoringCache();
    else return;
    event.preventDefault();
  });
}

/** Where the UI is served in this shell. */
export const UI_ADDRESS = `${APP_ORIGIN}/index.html`;
