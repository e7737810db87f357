import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { DesktopBridge } from '../shared/desktop-bridge';
import { CHANNELS } from '../shared/desktop-channels';

/**
 * Subscribes to the main process's messages on a channel, without exposing Electron's event. @returns a function that
 * unsubscribes
 */
function listen(channel: string, listener: (payload: never) => void): () => void {
  const forward = (_event: unknown, payload: unknown): void => listener(payload as never);
  ipcRenderer.on(channel, forward);
  return () => void ipcRenderer.off(channel, forward);
}

const bridge: DesktopBridge = {
  call: (operation, input) => ipcRenderer.invoke(CHANNELS.call, { operation, input }),
  onEvent: (listener) => listen(CHANNELS.event, listener),
  image: (jobId, frame, size) => ipcRenderer.invoke(CHANNELS.image, { jobId, frame, size }),
  pixels: (jobId, frame, layer) => ipcRenderer.invoke(CHANNELS.pixels, { jobId, frame, layer }),
  openSceneDialog: () => ipcRenderer.invoke(CHANNELS.openSceneDialog),
  chooseFolder: (start) => ipcRenderer.invoke(CHANNELS.chooseFolder, { start }),
  openAddonDialog: () => ipcRenderer.invoke(CHANNELS.openAddonDialog),
  showAddonFiles: (id) => ipcRenderer.invoke(CHANNELS.showAddonFiles, { id }),
  lending: () => ipcRenderer.invoke(CHANNELS.lending),
  lend: (request) => ipcRenderer.invoke(CHANNELS.lend, request),
  endLending: () => ipcRenderer.invoke(CHANNELS.endLending),
  frameFile: (jobId, frame, how) => ipcRenderer.invoke(CHANNELS.frameFile, { jobId, frame, how }),
  speak: (language) => ipcRenderer.invoke(CHANNELS.speak, { language }),
  quit: () => ipcRenderer.invoke(CHANNELS.quit),
  restart: (mode) => ipcRenderer.invoke(CHANNELS.restart, { mode }),
  pathForFile: (file) => webUtils.getPathForFile(file),
  showMenus: (menus) => ipcRenderer.invoke(CHANNELS.showMenus, menus),
  onMenu: (listener) => listen(CHANNELS.menu, listener),
};

contextBridge.exposeInMainWorld('framegauge', bridge);
