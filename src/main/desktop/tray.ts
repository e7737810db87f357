import { app, Menu, nativeImage, Tray, type MenuItemConstructorOptions } from 'electron';
import { throttle } from '../../shared/throttle';
import icon from './icon.png?asset';
import { t } from '../../shared/texts/translate';
import type { RenderStatus } from './render-status';
import { drawInLanguage } from './shell-language';

export interface TrayActions {
  /** Brings the window to the front. */
  open(): void;
  pause(): void;
  resume(): void;
  quit(): void;
}

/** Height of the icon in the bar, in pixels that the system scales. */
const SIZE = process.platform === 'darwin' ? 18 : process.platform === 'win32' ? 16 : 22;
/** Interval between two changes of the menu, in milliseconds: some Linux desktops close an open one when it changes. */
const INTERVAL = 1_000;

/**
 * Puts an icon into the system's tray or menu bar, and a menu into the dock of macOS: what is rendering, pause, resume,
 * open, quit. Nothing else depends on it: some Linux desktops have no tray, and then nobody sees it.
 */
export function openTray(actions: TrayActions): { show(status: RenderStatus): void } {
  let tray: Tray | null = null;
  try {
    tray = new Tray(nativeImage.createFromPath(icon).resize({ width: SIZE, height: SIZE, quality: 'best' }));
  } catch (error) {
    console.error(`There is no icon in the tray: ${String(error)}`);
  }
  let status: RenderStatus | null = null;

  const draw = throttle(INTERVAL, () => {
    if (!status) return;
    const { line, paused } = status;
    const queue: MenuItemConstructorOptions = paused
      ? { label: t('Resume Queue'), click: actions.resume }
      : { label: t('Pause Queue'), click: actions.pause };
    app.dock?.setMenu(Menu.buildFromTemplate([{ label: line, enabled: false }, queue]));
    if (!tray || tray.isDestroyed()) return;
    tray.setToolTip(`Framegauge: ${line}`);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: line, enabled: false },
        { type: 'separator' },
        { label: t('Open Framegauge'), click: actions.open },
        queue,
        { type: 'separator' },
        { label: t('Quit Framegauge'), click: actions.quit },
      ]),
    );
  });
  // On macOS a click opens the menu.
  if (process.platform !== 'darwin') tray?.on('click', actions.open);
  drawInLanguage(draw);
  return {
    show(next) {
      status = next;
      draw();
    },
  };
}
