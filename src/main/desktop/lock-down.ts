import { type App, type Session, shell, type WebContents } from 'electron';
import { isExternalAddress } from './external-address';

/** Denies every permission that a page can request: camera, notifications, devices, file system and all others. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => {
    // A table that the window itself has made is saved, after the system's dialog asked where.
    if (!item.getURL().startsWith('blob:app:') || !item.getMimeType().startsWith('text/csv')) event.preventDefault();
  });
}

/**
 * Keeps every page of the app at the address where it was opened: no navigation, no new windows, no webviews. The UI's
 * web links open in the system's browser.
 *
 * @param isUi whether contents belong to the UI's window
 */
export function guardNavigation(app: App, isUi: (contents: WebContents) => boolean): void {
  app.on('web-contents-created', (_event, contents) => {
    const openOutside = (address: string): void => {
      if (isUi(contents) && isExternalAddress(address)) void shell.openExternal(address);
    };
    // Fires before `will-navigate`, which is not emitted once this is prevented.
    contents.on('will-frame-navigate', (event) => {
      event.preventDefault();
      if (event.isMainFrame) openOutside(event.url);
    });
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      openOutside(url);
      return { action: 'deny' };
    });
  });
}
