/**
 * Names of the IPC channels between the preload script and the desktop shell; their messages are parsed in
 * src/main/desktop/ipc.ts.
 */
export const CHANNELS = {
  /** Requests with an answer. */
  call: 'framegauge:call',
  image: 'framegauge:image',
  pixels: 'framegauge:pixels',
  openSceneDialog: 'framegauge:open-scene-dialog',
  chooseFolder: 'framegauge:choose-folder',
  openAddonDialog: 'framegauge:open-addon-dialog',
  showAddonFiles: 'framegauge:show-addon-files',
  lending: 'framegauge:lending',
  lend: 'framegauge:lend',
  endLending: 'framegauge:end-lending',
  frameFile: 'framegauge:frame-file',
  speak: 'framegauge:speak',
  showMenus: 'framegauge:show-menus',
  quit: 'framegauge:quit',
  restart: 'framegauge:restart',
  /** Messages to the page. */
  event: 'framegauge:event',
  menu: 'framegauge:menu',
} as const;
