import type { DesktopBridge, ImageRefusal } from '../../shared/desktop-bridge';
import { hostEventSchema, operationReplySchema, type HostEvent } from '../../shared/host-api';
import { lendingSchema } from '../../shared/lending';
import { t } from '../../shared/texts/translate';
import { decodeLinearImage } from '../../shared/linear-image';
import { ImageNotShown, OperationFailure, unwrapReply, type HostClient } from '../host-client';
import { scenesIn } from './dropped-files';

declare global {
  interface Window {
    /** There in the desktop shell only. */
    readonly framegauge?: DesktopBridge;
  }
}

/** The way to the host through the preload script's bridge. It cannot be lost: page and host share one process. */
export function createDesktopClient(bridge: DesktopBridge): HostClient {
  const listeners = new Set<(event: HostEvent) => void>();
  const stop = bridge.onEvent((raw) => {
    const event = hostEventSchema.safeParse(raw);
    if (!event.success) {
      console.warn('An event of the host was dropped: its form is not known.', event.error.issues[0]);
      return;
    }
    for (const listener of listeners) listener(event.data);
  });
  const call: HostClient['call'] = async (operation, input) => {
    const reply = operationReplySchema.safeParse(await bridge.call(operation, input));
    if (!reply.success)
      throw new OperationFailure(
        t('The host’s answer to {operation} cannot be read: restart Framegauge.', { operation }),
        'internal',
      );
    return unwrapReply(operation, reply.data);
  };
  return {
    shell: 'desktop',
    call,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async image(jobId, frame, size) {
      const image = await bridge.image(jobId, frame, size);
      if (image === null) return null;
      if ('refused' in image) throw refusalOf(image);
      return new Blob([new Uint8Array(image.bytes)], { type: image.type });
    },
    async pixels(jobId, frame, layer) {
      const bytes = await bridge.pixels(jobId, frame, layer);
      if (bytes === null) return null;
      if ('refused' in bytes) throw refusalOf(bytes);
      return decodeLinearImage(new Uint8Array(bytes).buffer);
    },
    onConnection(listener) {
      listener({ kind: 'connected', right: 'control' });
      return () => {};
    },
    reconnect() {},
    authorize() {},
    pickScene: () => bridge.openSceneDialog(),
    pickFolder: (start) => bridge.chooseFolder(start),
    lending: {
      state: async () => lendingSchema.parse(await bridge.lending()),
      join: async (request) => lendingSchema.parse(await bridge.lend(request)),
      leave: async () => lendingSchema.parse(await bridge.endLending()),
    },
    speak: (language) => bridge.speak(language),
    quit: () => bridge.quit(),
    restart: (mode) => bridge.restart(mode),
    pickAddon: () => bridge.openAddonDialog(),
    async installAddon(file, consent) {
      const path = bridge.pathForFile(file);
      if (path === '')
        throw new Error(t('What was dropped is not a file on this machine: save it first, then install it.'));
      return call('addon.install', { path, consent: [...consent] });
    },
    async frameFile(jobId, frame, how) {
      const problem = await bridge.frameFile(jobId, frame, how);
      if (problem !== null) throw new Error(problem);
    },
    showAddonFiles: (id) => bridge.showAddonFiles(id),
    async scenePaths(files) {
      const paths = scenesIn(files).map((file) => bridge.pathForFile(file));
      if (paths.includes(''))
        throw new Error(t('What was dropped is not a file on this machine: save it first, then open it.'));
      return paths;
    },
    showMenus: (menus) => bridge.showMenus(menus),
    onMenu: (listener) => bridge.onMenu(listener),
    close: stop,
  };
}

function refusalOf({ refused, again }: ImageRefusal): Error {
  return again ? new Error(refused) : new ImageNotShown(refused);
}
