import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, type BrowserWindow, dialog, powerMonitor, powerSaveBlocker, session } from 'electron';
import { z } from 'zod';
import { makeFolderSync } from './data/make-folder';
import type { HostState } from '../shared/host-api';
import type { StartMode } from '../shared/host-info';
import type { SceneInfo } from '../shared/scene';
import { t } from '../shared/texts/translate';
import { messageOf } from '../shared/user-error';
import type { RunningHost } from './data/announced-host';
import { dataFolder } from './data/data-folder';
import { appImageOf, keptExample } from './desktop/app-image';
import { declareAppScheme, serveApp } from './desktop/app-protocol';
import { argumentsIn, readCommandLine } from './desktop/command-line';
import { chooseGraphics } from './desktop/graphics';
import { hiddenPages } from './desktop/hidden-pages';
import { openIpc, sendToUi } from './desktop/ipc';
import { denyPermissions, guardNavigation } from './desktop/lock-down';
import { offerQuit, openMainWindow, UI_ADDRESS } from './desktop/main-window';
import { openMenu } from './desktop/menu';
import { showNotification } from './desktop/notifications';
import { processMetrics } from './desktop/process-metrics';
import { askToQuit, complain } from './desktop/questions';
import { quitQuestion } from './desktop/quit-question';
import { openInRunningHost } from './desktop/running-host-scene';
import { createRenderStatus } from './desktop/render-status';
import { drawInLanguage, speakSystemLanguage } from './desktop/shell-language';
import { createTaskbarProgress } from './desktop/taskbar-progress';
import { openTray } from './desktop/tray';
import { FAULT_SENTENCE, endOnFault } from './faults/end-on-fault';
import { type Host, startHost } from './host';
import { findRunningHost } from './data/running-host';
import { createMachineLending } from './machine/lending';
import { withdrawSecrets } from './processes/child-environment';
import { onEndSignal } from './processes/hangup';

/** The folder of the built program, `out/`: this bundle is in its `main/`. */
const built = dirname(dirname(fileURLToPath(import.meta.url)));
/**
 * The scene that a new user sees first, like Blender's cube. In a packaged app it is a plain file next to the archive.
 */
const example = join(app.isPackaged ? process.resourcesPath : dirname(built), 'examples', 'turntable.glb');
const appImage = appImageOf(process.env, process.execPath);

const commandLine = readCommandLine(process.argv.slice(1), process.env, process.cwd());
const folder = dataFolder(commandLine.data);
// Chromium's own files: separate from ours, since it has a file named Preferences too. The single-instance lock is tied
// to this folder.
const desktopFolder = join(folder, 'desktop');
makeFolderSync(desktopFolder, 0o700);
app.setName('Framegauge');
app.setPath('userData', desktopFolder);

/** Data passed from a second instance to the first. */
const secondStartSchema = z.object({ scene: z.string().nullable() });

/** How often this machine was lent. */
let lentPages = 0;
/** The host in this process. */
let host: Promise<Host> | null = null;
/** This machine as one of a farm, where a person lends it. */
const lending = createMachineLending({
  folder: join(folder, 'lent'),
  preferencesFolder: folder,
  pages: () => hiddenPages(`lent-pages-${++lentPages}`),
  built,
  // On Linux it knows of X11 only.
  idleSeconds: process.platform === 'linux' ? undefined : () => powerMonitor.getSystemIdleTime(),
  onFault: (error) => console.error(`Something went wrong while this machine was lent: ${messageOf(error)}`),
});
/** The host of another process that the window shows, if one already owns the data folder. */
let running: RunningHost | null = null;
let window: BrowserWindow | null = null;
let scene: SceneInfo | null = null;
/** Scene that macOS asked to open before the host was running. */
let openAtStart = commandLine.scene;
let confirm = commandLine.confirm;
let ending: 'no' | 'asked' | 'yes' = 'no';
/** Gives the environment back the secrets that it had at the start. */
let restoreSecrets = (): void => {};
/** Closes the question whether to quit, with yes. */
const quitNow = new AbortController();

function focusWindow(): void {
  if (!window || window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

async function openScene(path: string): Promise<void> {
  if (running) {
    await openInRunningHost(running, path).catch((error: unknown) => complain(window, messageOf(error)));
    return;
  }
  if (!host) {
    openAtStart = path;
    return;
  }
  const reply = await (await host).call('scene.open', { path });
  if (!reply.ok) complain(window, reply.error.message);
}

/** @returns whether to quit; asks where that holds something up @param again see {@link quitQuestion} */
async function mayQuit(own: Host, again: boolean): Promise<boolean> {
  if (!confirm) return true;
  const reply = await own.call('host.state', {});
  const question = quitQuestion(reply.ok ? reply.value : null, again);
  return question === null || askToQuit(window, question, quitNow.signal);
}

/** Shuts down host and program, asking first where that holds something up. @param again mode to start it again in */
async function end(again?: StartMode): Promise<void> {
  if (ending !== 'no') return;
  ending = 'asked';
  const own = await host?.catch(() => null);
  if (own) {
    if (!(await mayQuit(own, again !== undefined))) {
      ending = 'no';
      return;
    }
    await lending.close();
    await own.close();
  }
  ending = 'yes';
  // Who was told to end meanwhile does not come back.
  if (again && !quitNow.signal.aborted) relaunch(argumentsIn(again, process.argv.slice(1)));
  app.quit();
}

/** Has the program start again once it has ended. @param args without the program */
function relaunch(args: readonly string[]): void {
  restoreSecrets();
  // The mount of an AppImage goes with this process; the runtime takes the first argument.
  app.relaunch(
    appImage === null ? { args: [...args] } : { execPath: appImage, args: ['--appimage-extract-and-run', ...args] },
  );
}

function openOwnWindow(): void {
  const opened = openMainWindow({
    address: UI_ADDRESS,
    preload: join(built, 'preload', 'preload.cjs'),
    folder: desktopFolder,
  });
  window = opened;
  opened.on('close', (event) => {
    // On macOS a program outlives its window; elsewhere closing the window quits it.
    if (ending === 'yes' || process.platform === 'darwin') return;
    event.preventDefault();
    void end();
  });
  opened.once('closed', () => (window = null));
}

/** Starts the host in this process and opens the window. */
function startWithHost(): void {
  openIpc({
    host: (host = startOwnHost()),
    window: () => window,
    scene: () => scene,
    lending,
    showMenus: openMenu((menu) => sendToUi(window, { menu })),
    quit: () => void end(),
    restart: (mode) => void end(mode),
  });
  openOwnWindow();
  app.on('activate', () => {
    if (window) focusWindow();
    else openOwnWindow();
  });
  host.catch((error: unknown) => {
    dialog.showErrorBox(t('Framegauge cannot start'), messageOf(error));
    app.exit(1);
  });
}

async function startOwnHost(): Promise<Host> {
  const started = await startHost({
    processes: processMetrics,
    onNotify: (notification) => showNotification(notification, focusWindow),
    shell: 'desktop',
    dataFolder: folder,
    pages: hiddenPages(),
    listen: { host: '127.0.0.1', port: 0 },
    built,
    scene: openAtStart,
    firstScene: appImage === null ? example : keptExample(example, folder),
    safeMode: commandLine.safeMode,
    holdAwake: () => {
      const blocker = powerSaveBlocker.start('prevent-app-suspension');
      return () => powerSaveBlocker.stop(blocker);
    },
  });
  const progress = createTaskbarProgress((share) => window && !window.isDestroyed() && window.setProgressBar(share));
  const setScene = (open: SceneInfo | null): void => {
    scene = open;
    if (open) app.addRecentDocument(open.path);
    // macOS shows the file in the title bar, with drag and folder menu.
    if (window && !window.isDestroyed()) window.setRepresentedFilename(open?.path ?? '');
  };
  const showWindow = (): void => (window ? focusWindow() : openOwnWindow());
  const tray = openTray({
    open: showWindow,
    pause: () => void started.call('queue.pause', { after: 'now' }),
    resume: () => void started.call('queue.resume', {}),
    quit: () => void end(),
  });
  const status = createRenderStatus(tray.show);
  drawInLanguage(status.translate);
  started.subscribe((event) => {
    progress.see(event);
    status.see(event);
    if (event.type === 'scene') setScene(event.scene);
    sendToUi(window, { event });
  });
  const state = await started.call('host.state', {});
  if (state.ok) {
    const { scene: open, queue, jobs } = state.value as HostState;
    setScene(open);
    for (const event of [{ type: 'queue', queue } as const, ...jobs.map((job) => ({ type: 'job', job }) as const)]) {
      progress.see(event);
      status.see(event);
    }
  }
  void lending.resume();
  return started;
}

/**
 * A headless host already owns the data folder: this window becomes another view of it. Closing the window quits this
 * program, not the host.
 */
function showRunningHost({ url, token, pid }: RunningHost): void {
  console.log(`Framegauge runs already on ${folder} (process ${pid}): this window shows that one.`);
  openMenu(() => {});
  window = openMainWindow({ address: `${url}/#token=${token}`, preload: null, folder: desktopFolder });
  offerQuit(window, () => app.quit());
  window.once('closed', () => app.quit());
  ending = 'yes';
  if (openAtStart !== null) void openScene(openAtStart);
}

/** Minimum uptime before a restart after a fault, in milliseconds: an earlier fault would only recur. */
const WORTH_RESTARTING = 60_000;

/** An uncaught error shuts the program down in order and restarts it: at night nobody is there to do so. */
function guardHost(): void {
  const startedAt = performance.now();
  let own: Host | null = null;
  void host
    ?.then((started) => {
      own = started;
      // Our process has read its tokens: the system's browser, which opens links, must not inherit them.
      restoreSecrets = withdrawSecrets();
      return undefined;
    })
    .catch(() => undefined);
  endOnFault({
    record: (error) => own?.recordFault(error),
    tell(error) {
      ending = 'yes';
      console.error(own ? FAULT_SENTENCE : `Something went wrong inside of Framegauge: ${messageOf(error)}`);
    },
    close: async () => own?.close(),
    exit(code) {
      if (performance.now() - startedAt > WORTH_RESTARTING) {
        relaunch(process.argv.slice(1));
      }
      app.exit(code);
    },
  });
}

async function main(): Promise<void> {
  app.on('second-instance', (_event, _argv, _cwd, message) => {
    focusWindow();
    const second = secondStartSchema.safeParse(message);
    if (second.success && second.data.scene !== null) void openScene(second.data.scene);
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    void openScene(path);
  });
  // Hidden render pages are windows too, so this event means nothing; closing the UI's window is handled above.
  app.on('window-all-closed', () => {});
  app.on('before-quit', (event) => {
    if (ending === 'yes') return;
    event.preventDefault();
    void end();
  });
  guardNavigation(app, (contents) => contents === window?.webContents);

  await app.whenReady();
  // Not before: on its way there Electron sets handlers of its own, for which a signal is a person who quits.
  onEndSignal(() => {
    // Nobody may be there to answer a dialog.
    confirm = false;
    quitNow.abort();
    void end();
  });
  await speakSystemLanguage();
  denyPermissions(session.defaultSession);
  serveApp(session.defaultSession, join(built, 'renderer'), async () => (await host)?.url ?? null);
  running = await findRunningHost(folder);
  if (running) showRunningHost(running);
  else {
    startWithHost();
    guardHost();
  }
}

declareAppScheme();
chooseGraphics(app);
if (app.requestSingleInstanceLock({ scene: commandLine.scene })) {
  main().catch((error: unknown) => {
    dialog.showErrorBox(t('Framegauge cannot start'), messageOf(error));
    app.exit(1);
  });
} else {
  console.log(`Framegauge runs already on ${folder}: its window comes to the front.`);
  app.exit(0);
}
