import { dirname, join } from 'node:path';
import { type BrowserWindow, ipcMain, type IpcMainInvokeEvent, shell } from 'electron';
import { z } from 'zod';
import { CHANNELS } from '../../shared/desktop-channels';
import { FRAME_FILE_USES, type ImageRefusal } from '../../shared/desktop-bridge';
import type { HostEvent, HostState } from '../../shared/host-api';
import { type StartMode, startModeSchema } from '../../shared/host-info';
import { MAX_SIDE } from '../../shared/jobs';
import { lendRequestSchema } from '../../shared/lending';
import { type NativeMenus, nativeMenusSchema } from '../../shared/native-menus';
import type { SceneInfo } from '../../shared/scene';
import { ALL_SCENE_EXTENSIONS } from '../../shared/scene-extensions';
import { LANGUAGES, type Language } from '../../shared/texts/languages';
import { t } from '../../shared/texts/translate';
import { messageOf } from '../../shared/user-error';
import { bytesOf } from '../images/frame-images';
import { NotShownError } from '../images/shown-frames';
import type { Host } from '../host';
import type { MachineLending } from '../machine/lending';
import { handleFrameFile } from './frame-file';
import { isAppUrl } from './app-files';
import { chooseFile, chooseFolder } from './questions';
import { speakLanguage } from './shell-language';

const callSchema = z.strictObject({ operation: z.string().max(100), input: z.unknown() });
const imageSchema = z.strictObject({ jobId: z.int(), frame: z.int(), size: z.int().min(1).max(MAX_SIDE).optional() });
const frameFileSchema = z.strictObject({ jobId: z.int(), frame: z.int(), how: z.enum(FRAME_FILE_USES) });
const pixelsSchema = z.strictObject({ jobId: z.int(), frame: z.int(), layer: z.string().max(512).optional() });
const addonSchema = z.strictObject({ id: z.string().max(100) });
const folderSchema = z.strictObject({ start: z.string().max(4_096) });
const restartSchema = z.strictObject({ mode: startModeSchema });
const languageSchema = z.strictObject({ language: z.enum(Object.keys(LANGUAGES) as Language[]) });

/** Dependencies of the IPC handlers. */
export interface IpcContext {
  /** Settles once the host runs. */
  readonly host: Promise<Host>;
  /** The UI's window; null while there is none. */
  window(): BrowserWindow | null;
  /** The open scene. */
  scene(): SceneInfo | null;
  /** Lends this machine to a farm. */
  readonly lending: MachineLending;
  /** Shows the menus of the UI where the system draws them. */
  showMenus(menus: NativeMenus): void;
  /** Quits the program, asking first while something renders. */
  quit(): void;
  /** Ends the program, asking first while something renders, and starts it again. */
  restart(mode: StartMode): void;
}

/**
 * Registers the only interface between the UI's page and this process. Messages from anything but the main frame of the
 * UI's own window are rejected.
 *
 * @throws through the caller's promise, where the sender or the message is invalid
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

  // The host validates the operation's own input against its schema.
  handle(CHANNELS.call, callSchema, async ({ operation, input }) => (await context.host).call(operation, input));
  handle(CHANNELS.image, imageSchema, ({ jobId, frame, size }) =>
    orRefusal(async () => {
      const image = await (await context.host).image(jobId, frame, size);
      return image && bytesOf(image);
    }),
  );
  handle(CHANNELS.pixels, pixelsSchema, ({ jobId, frame, layer }) =>
    orRefusal(async () => (await context.host).pixels(jobId, frame, layer)),
  );
  handle(CHANNELS.openSceneDialog, z.undefined(), (_input, window) => {
    const scene = context.scene();
    return chooseFile(window, {
      title: t('Open Scene'),
      kind: t('Scenes'),
      extensions: ALL_SCENE_EXTENSIONS.map((ending) => ending.slice(1)),
      start: scene ? dirname(scene.path) : undefined,
    });
  });
  handle(CHANNELS.openAddonDialog, z.undefined(), (_input, window) =>
    chooseFile(window, { title: t('Install Add-on'), kind: t('Add-ons'), extensions: ['zip'] }),
  );
  // The page names an add-on, never a path.
  handle(CHANNELS.showAddonFiles, addonSchema, async ({ id }) => {
    const reply = await (await context.host).call('host.state', {});
    const addons = reply.ok ? (reply.value as HostState).addons : [];
    const addon = addons.find(({ manifest }) => manifest.id === id);
    if (addon) shell.showItemInFolder(join(addon.folder, 'addon.json'));
  });
  handle(CHANNELS.lending, z.undefined(), () => context.lending.lending());
  handle(CHANNELS.lend, lendRequestSchema, (request) => context.lending.join(request));
  handle(CHANNELS.endLending, z.undefined(), () => context.lending.leave());
  handle(CHANNELS.frameFile, frameFileSchema, async (input) => handleFrameFile(await context.host, input));
  handle(CHANNELS.showMenus, nativeMenusSchema, (menus) => context.showMenus(menus));
  handle(CHANNELS.quit, z.undefined(), () => context.quit());
  handle(CHANNELS.restart, restartSchema, ({ mode }) => context.restart(mode));
  handle(CHANNELS.chooseFolder, folderSchema, ({ start }, window) => chooseFolder(window, start));
  handle(CHANNELS.speak, languageSchema, ({ language }) => speakLanguage(language));
}

/** Electron would wrap the sentence of an error that is thrown. */
async function orRefusal<T>(read: () => Promise<T>): Promise<T | ImageRefusal> {
  try {
    return await read();
  } catch (error) {
    return { refused: messageOf(error), again: error instanceof NotShownError && error.again };
  }
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

/** Sends a message to the UI, if its window exists. */
export function sendToUi(window: BrowserWindow | null, message: { event: HostEvent } | { menu: string }): void {
  if (!window || window.isDestroyed() || window.webContents.isCrashed()) return;
  if ('event' in message) window.webContents.send(CHANNELS.event, message.event);
  else window.webContents.send(CHANNELS.menu, message.menu);
}
