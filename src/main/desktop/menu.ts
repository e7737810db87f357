import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../../shared/desktop-bridge';

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
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      {
        label: app.name,
        submenu: [
          item('About Framegauge', 'about'),
          { type: 'separator' },
          item('Preferences…', 'preferences', 'Command+,'),
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
        label: 'File',
        submenu: [
          item('Open…', 'open', 'Command+O'),
          { role: 'recentDocuments', submenu: [{ role: 'clearRecentDocuments' }] },
          { type: 'separator' },
          { role: 'close' },
        ],
      },
      { role: 'editMenu' },
      {
        label: 'Render',
        submenu: [
          item('Render Image', 'render-image', 'F12'),
          item('Render Animation', 'render-animation', 'Command+F12'),
          { type: 'separator' },
          item('Cancel', 'cancel'),
          { type: 'separator' },
          item('Play Rendered Animation', 'play', 'Command+F11'),
          { type: 'separator' },
          item('Pause Queue', 'pause-queue'),
          item('Resume Queue', 'resume-queue'),
          item('Clear Finished…', 'clear-finished'),
        ],
      },
      {
        label: 'View',
        submenu: [
          item('Render', 'show-render'),
          item('Statistics', 'show-statistics'),
          { type: 'separator' },
          item('Search Queue', 'search-jobs', 'Command+F'),
          item('Go to What Is Rendering', 'go-to-rendering', 'Command+G'),
        ],
      },
      { role: 'windowMenu' },
    ]),
  );
}
