import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../../shared/desktop-bridge';
import { t } from '../../shared/texts/translate';
import { drawInLanguage } from './shell-language';

/**
 * The macOS menu bar, with the UI's own shortcuts. A key reaches the page first and the menu only if the page ignores
 * it, so nothing is triggered twice. On other platforms the UI draws its own menus and there is no native one.
 */
export function setMenu(command: (name: MenuCommand) => void): void {
  if (process.platform !== 'darwin') {
    Menu.setApplicationMenu(null);
    return;
  }
  const item = (label: string, name: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => command(name),
  });
  drawInLanguage(() =>
    Menu.setApplicationMenu(
      Menu.buildFromTemplate([
        {
          label: app.name,
          submenu: [
            item(t('About Framegauge'), 'about'),
            { type: 'separator' },
            item(t('Preferences…'), 'preferences', 'Command+,'),
            { type: 'separator' },
            { role: 'services' },
            { type: 'separator' },
            { role: 'hide' },
            { role: 'hideOthers' },
            { role: 'unhide' },
            { type: 'separator' },
            { role: 'quit' },
          ],
        },
        {
          label: t('File'),
          submenu: [
            item(t('Open…'), 'open', 'Command+O'),
            { role: 'recentDocuments', submenu: [{ role: 'clearRecentDocuments' }] },
            { type: 'separator' },
            { role: 'close' },
          ],
        },
        { role: 'editMenu' },
        {
          label: t('Render'),
          submenu: [
            item(t('Render Image'), 'render-image', 'F12'),
            item(t('Render Animation'), 'render-animation', 'Command+F12'),
            { type: 'separator' },
            item(t('Cancel'), 'cancel'),
            { type: 'separator' },
            item(t('Play Rendered Animation'), 'play', 'Command+F11'),
            { type: 'separator' },
            item(t('Pause Queue'), 'pause-queue'),
            item(t('Resume Queue'), 'resume-queue'),
            item(t('Clear Finished…'), 'clear-finished'),
          ],
        },
        {
          label: t('View'),
          submenu: [
            item(t('Render'), 'show-render'),
            item(t('Statistics'), 'show-statistics'),
            { type: 'separator' },
            item(t('Search Queue'), 'search-jobs', 'Command+F'),
            item(t('Go to What Is Rendering'), 'go-to-rendering', 'Command+G'),
          ],
        },
        { role: 'windowMenu' },
      ]),
    ),
  );
}
