/** Names of the IPC channels between the preload script and the desktop shell; what travels on them is parsed in src/main/desktop/ipc.ts. */
export const CHANNELS = {
  /** Answered requests. */
  call: 'framegauge:call',
  image: 'framegauge:image',
  openSceneDialog: 'framegauge:open-scene-dialog',
  saveDialog: 'framegauge:save-dialog',
  chooseFolder: 'framegauge:choose-folder',
  /** Told to the page. */
  event: 'framegauge:event',
  menu: 'framegauge:menu',
} as const;
