import { join } from 'node:path';
import { app, BrowserWindow, screen } from 'electron';
import { APP_ORIGIN } from './app-files';
import icon from './icon.png?asset';
import { askToReload } from './questions';
import { MINIMUM_SIZE, initialBounds, readWindowState, saveWindowState } from './window-state';

export interface MainWindowOptions {
  /** The UI's address: our own, or that of a host that is already running. */
  readonly address: string;
  /** The preload script; null for a UI that talks to its host over the network. */
  readonly preload: string | null;
  /** Folder of the file that stores the window's bounds. */
  readonly folder: string;
}

/** Reloads of a crashed page within {@link CRASH_WINDOW} before the user is asked. */
const RELOADS = 3;
const CRASH_WINDOW = 60_000;
/** Debounce between the last change of a window's bounds and storing them, in milliseconds. */
const DEBOUNCE = 500;

/** Opens the UI's window. */
export function openMainWindow({ address, preload, folder }: MainWindowOptions): BrowserWindow {
  const stateFile = join(folder, 'window.json');
  const primary = screen.getPrimaryDisplay();
  const screens = [primary, ...screen.getAllDisplays().filter((display) => display.id !== primary.id)].map(
    (display) => display.workArea,
  );
  const { maximized, ...bounds } = initialBounds(readWindowState(stateFile), screens);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    show: false,
    // The page adds the scene and its progress.
    title: 'Framegauge',
    icon,
    // The UI's own background, so that nothing flashes before the first paint.
    backgroundColor: '#1d1d1d',
    webPreferences: {
      ...(preload === null ? {} : { preload }),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      // None of our pages opens a file picker by itself, and its dialogs would not be handled.
      disableBlinkFeatures: 'FileSystemAccessLocal',
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  rememberBounds(window, stateFile);
  surviveCrashes(window);
  if (!app.isPackaged) offerDevTools(window);
  window
    .loadURL(address)
    .catch((error: unknown) => console.error(`The window's page could not be loaded: ${String(error)}`));
  return window;
}

function rememberBounds(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
    // Failing to store the bounds is not worth a message.
    saveWindowState(file, { ...window.getNormalBounds(), maximized: window.isMaximized() }).catch(() => {});
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(save, DEBOUNCE);
  };
  for (const event of ['resize', 'move', 'maximize', 'unmaximize'] as const) window.on(event as 'resize', later);
  window.on('close', save);
  window.once('closed', () => clearTimeout(timer));
}

/** The host survives a crash of the UI's page, so the page is simply reloaded and shows the host's state. */
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
    void askToReload(window, details).then((reload) => {
      if (reload && !window.isDestroyed()) window.webContents.reload();
      return undefined;
    });
  });
}

/** Handles Ctrl+Q where no native menu does. */
export function offerQuit(window: BrowserWindow, quit: () => void): void {
  window.webContents.on('before-input-event', (event, input) => {
    if (
      input.type !== 'keyDown' ||
      !input.control ||
      input.shift ||
      input.alt ||
      input.meta ||
      input.key.toLowerCase() !== 'q'
    )
      return;
    event.preventDefault();
    quit();
  });
}

/** In development only: the usual keys for reload and DevTools, which would otherwise be in the absent menu. */
function offerDevTools(window: BrowserWindow): void {
  window.webContents.on('before-input-event', (event, input) => {
    if (input.type !== 'keyDown' || !input.shift || !(input.control || input.meta)) return;
    if (input.code === 'KeyI') window.webContents.toggleDevTools();
    else if (input.code === 'KeyR') window.webContents.reloadIgnoringCache();
    else return;
    event.preventDefault();
  });
}

/** Address of the UI in this shell. */
export const UI_ADDRESS = `${APP_ORIGIN}/index.html`;
