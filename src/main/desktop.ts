import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, type BrowserWindow, dialog, type MessageBoxOptions, session } from 'electron';
import { z } from 'zod';
import type { SceneInfo } from '../shared/scene';
import { messageOf } from '../shared/user-error';
import { dataFolder } from './data/data-folder';
import { declareAppScheme, serveApp } from './desktop/app-protocol';
import { readCommandLine } from './desktop/command-line';
import { chooseGraphics } from './desktop/graphics';
import { hiddenPages } from './desktop/hidden-pages';
import { openIpc, tellUi } from './desktop/ipc';
import { denyPermissions, guardNavigation } from './desktop/lock-down';
import { openMainWindow, UI_ADDRESS } from './desktop/main-window';
import { setMenu } from './desktop/menu';
import { showNotification } from './desktop/notifications';
import { processMetrics } from './desktop/process-metrics';
import { type Host, startHost } from './host';
import { findRunningHost } from './data/running-host';

/** The folder of the built program, `out/`: this bundle lies in its `main/`. */
const built = dirname(dirname(fileURLToPath(import.meta.url)));
/** The scene that a new person sees first, as Blender's cube. Packaged, it lies beside the archive as a plain file. */
const firstScene = join(app.isPackaged ? process.resourcesPath : dirname(built), 'examples', 'turntable.glb');

const commandLine = readCommandLine(process.argv.slice(1), process.env, process.cwd());
const folder = dataFolder(commandLine.data);
// Chromium's own files: apart from ours, since it has a file named Preferences too. The single-instance lock goes by this folder.
const desktopFolder = join(folder, 'desktop');
mkdirSync(desktopFolder, { recursive: true });
app.setName('Framegauge');
app.setPath('userData', desktopFolder);

/** What a second start tells the first. */
const secondStartSchema = z.object({ scene: z.string().nullable() });

/** The program's state in this process. */
let host: Promise<Host> | null = null;
let window: BrowserWindow | null = null;
let scene: SceneInfo | null = null;
/** Asked for by macOS before the host runs. */
let openAtStart = commandLine.scene;
let confirm = commandLine.confirm;
let ending: 'no' | 'asked' | 'yes' = 'no';

function titleOf(open: SceneInfo | null): string {
  return open ? `${open.name} — Framegauge` : 'Framegauge';
}

function complain(message: string): void {
  const options = { type: 'error', message } as const;
  void (window && !window.isDestroyed() ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options));
}

function focusWindow(): void {
  if (!window || window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

async function openScene(path: string): Promise<void> {
  if (!host) {
    openAtStart = path;
    return;
  }
  const reply = await (await host).call('scene.open', { path });
  if (!reply.ok) complain(reply.error.message);
}

async function isRendering(running: Host): Promise<boolean> {
  const reply = await running.call('host.state', {});
  const state = z.object({ jobs: z.array(z.object({ state: z.string() })) }).safeParse(reply.ok ? reply.value : null);
  return state.success && state.data.jobs.some((job) => job.state === 'rendering' || job.state === 'queued');
}

/** @returns whether the program may end */
async function mayEnd(running: Host): Promise<boolean> {
  if (!confirm || !(await isRendering(running))) return true;
  const question: MessageBoxOptions = {
    type: 'question',
    message: 'Quit while rendering?',
    detail: 'Frames that are finished stay. The job goes on with the next one when Framegauge is started again.',
    buttons: ['Quit', 'Go On Rendering'],
    defaultId: 1,
    cancelId: 1,
  };
  const { response } = await (window && !window.isDestroyed()
    ? dialog.showMessageBox(window, question)
    : dialog.showMessageBox(question));
  return response === 0;
}

/** Ends host and program, asking first where something renders. */
async function end(): Promise<void> {
  if (ending !== 'no') return;
  ending = 'asked';
  const running = await host?.catch(() => null);
  if (running) {
    if (!(await mayEnd(running))) {
      ending = 'no';
      return;
    }
    await running.close();
  }
  ending = 'yes';
  app.quit();
}

function openOwnWindow(): void {
  const opened = openMainWindow({
    address: UI_ADDRESS,
    preload: join(built, 'preload', 'preload.cjs'),
    folder: desktopFolder,
    title: titleOf(scene),
  });
  window = opened;
  opened.on('close', (event) => {
    // On macOS a program goes on without its window; elsewhere closing it means to quit.
    if (ending === 'yes' || process.platform === 'darwin') return;
    event.preventDefault();
    void end();
  });
  opened.once('closed', () => (window = null));
}

/** Starts the host in this process and the window on it. */
function startWithHost(): void {
  openIpc({ host: (host = startOwnHost()), window: () => window, scene: () => scene });
  setMenu((menu) => tellUi(window, { menu }));
  openOwnWindow();
  app.on('activate', () => {
    if (window) focusWindow();
    else openOwnWindow();
  });
  host.catch((error: unknown) => {
    dialog.showErrorBox('Framegauge cannot start', messageOf(error));
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
    scene: openAtStart ?? firstScene,
  });
  const setScene = (open: SceneInfo | null): void => {
    scene = open;
    window?.setTitle(titleOf(open));
  };
  started.subscribe((event) => {
    if (event.type === 'scene') setScene(event.scene);
    tellUi(window, { event });
  });
  const state = await started.call('host.state', {});
  if (state.ok) setScene((state.value as { scene: SceneInfo | null }).scene);
  return started;
}

/** A headless host has the data folder already: this window becomes another view of it. It ends with the window; the host doesn't. */
function showRunningHost(address: string, pid: number): void {
  console.log(`Framegauge runs already on ${folder} (process ${pid}): this window shows that one.`);
  setMenu(() => {});
  window = openMainWindow({ address, preload: null, folder: desktopFolder, title: `Framegauge (process ${pid})` });
  window.once('closed', () => app.quit());
  ending = 'yes';
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
  // Hidden render pages are windows too, so the last one's closing tells nothing; closing the UI's window is seen to above.
  app.on('window-all-closed', () => {});
  app.on('before-quit', (event) => {
    if (ending === 'yes') return;
    event.preventDefault();
    void end();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Nobody may be there to answer.
      confirm = false;
      void end();
    });
  }
  guardNavigation(app, (contents) => contents === window?.webContents);

  await app.whenReady();
  denyPermissions(session.defaultSession);
  serveApp(session.defaultSession, join(built, 'renderer'));
  const running = await findRunningHost(folder);
  if (running) showRunningHost(`${running.url}/#token=${running.token}`, running.pid);
  else startWithHost();
}

declareAppScheme();
chooseGraphics(app);
if (app.requestSingleInstanceLock({ scene: commandLine.scene })) {
  main().catch((error: unknown) => {
    dialog.showErrorBox('Framegauge cannot start', messageOf(error));
    app.exit(1);
  });
} else {
  console.log(`Framegauge runs already on ${folder}: its window comes to the front.`);
  app.exit(0);
}
