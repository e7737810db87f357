import { dirname } from 'node:path';
import { type BrowserWindow, dialog, ipcMain, type IpcMainInvokeEvent } from 'electron';
import { z } from 'zod';
import { CHANNELS } from '../../shared/desktop-channels';
import type { MenuCommand } from '../../shared/desktop-bridge';
import type { HostEvent } from '../../shared/host-api';
import { imageFormats } from '../../shared/image-format';
import { MAX_SIDE } from '../../shared/jobs';
import type { SceneInfo } from '../../shared/scene';
import type { Host } from '../host';
import { isAppUrl } from './app-files';

const callSchema = z.strictObject({ operation: z.string().max(100), input: z.unknown() });
const imageSchema = z.strictObject({ jobId: z.int(), frame: z.int(), size: z.int().min(1).max(MAX_SIDE).optional() });
const folderSchema = z.strictObject({ start: z.string().max(4_096) });
const saveSchema = z.strictObject({ proposal: z.string().max(4_096) });

/** What IPC needs of the program. */
export interface IpcContext {
  /** Settles once the host runs. */
  readonly host: Promise<Host>;
  /** The UI's window; null while there is none. */
  window(): BrowserWindow | null;
  /** The scene that is open. */
  scene(): SceneInfo | null;
}

/**
 * The only door between the UI's page and this process. Whatever does not come from the main frame of the UI's own window is refused.
 *
 * @throws through the promise of the caller, where the sender or the message is not what it should be
 */
export function openIpc(context: IpcContext): void {
  function handle<T>(
    channel: string,
    schema: z.ZodType<T>,
    answer: (input: T, window: BrowserWindow) => unknown,
  ): void {
    ipcMain.handle(channel, (event, payload: unknown) => {
      const window = context.window();
      if (!window || !isFromUi(event, window)) throw new Error('This page may not do that.');
      const parsed = schema.safeParse(payload);
      if (!parsed.success)
        throw new Error(
          `The message on ${channel} is not what was expected: ${parsed.error.issues[0]?.message ?? 'it does not fit'}.`,
        );
      return answer(parsed.data, window);
    });
  }

  // The host parses the operation's own input by its schema.
  handle(CHANNELS.call, callSchema, async ({ operation, input }) => (await context.host).call(operation, input));
  handle(CHANNELS.image, imageSchema, async ({ jobId, frame, size }) => (await context.host).image(jobId, frame, size));
  handle(CHANNELS.openSceneDialog, z.undefined(), async (_input, window) => {
    const scene = context.scene();
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: 'Open Scene',
      ...(scene ? { defaultPath: dirname(scene.path) } : {}),
      filters: [
        { name: 'Scenes', extensions: ['glb', 'gltf', 'blend'] },
        { name: 'All files', extensions: ['*'] },
      ],
      properties: ['openFile'],
    });
    return canceled ? null : (filePaths[0] ?? null);
  });
  handle(CHANNELS.saveDialog, saveSchema, async ({ proposal }, window) => {
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      title: 'Output',
      defaultPath: proposal,
      filters: Object.values(imageFormats).map(({ name, extensions }) => ({
        name,
        extensions: extensions.map((ending) => ending.slice(1)),
      })),
    });
    return canceled || !filePath ? null : filePath;
  });
  handle(CHANNELS.chooseFolder, folderSchema, async ({ start }, window) => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: 'Choose a Folder',
      defaultPath: start,
      properties: ['openDirectory', 'createDirectory'],
    });
    return canceled ? null : (filePaths[0] ?? null);
  });
}

function isFromUi(event: IpcMainInvokeEvent, window: BrowserWindow): boolean {
  const frame = event.senderFrame;
  return (
    frame !== null &&
    event.sender === window.webContents &&
    frame === window.webContents.mainFrame &&
    isAppUrl(frame.url)
  );
}

/** Tells the UI something, if it is there to hear it. */
export function tellUi(window: BrowserWindow | null, message: { event: HostEvent } | { menu: MenuCommand }): void {
  if (!window || window.isDestroyed() || window.webContents.isCrashed()) return;
  if ('event' in message) window.webContents.send(CHANNELS.event, message.event);
  else window.webContents.send(CHANNELS.menu, message.menu);
}
