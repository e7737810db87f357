import { app, Menu } from 'electron';
import type { NativeMenus } from '../../shared/native-menus';
import { drawInLanguage } from './shell-language';
import { macMenu } from './menu-template';

/**
 * The macOS menu bar, with the window's own menus and shortcuts. A key reaches the page first and the menu only if the
 * page ignores it, so nothing is triggered twice. On other platforms the UI draws its own menus and there is no native
 * one.
 *
 * @param choose is told the id of the item that was chosen
 * @returns shows the menus that the window has told
 */
export function openMenu(choose: (id: string) => void): (menus: NativeMenus) => void {
  let shown: NativeMenus = [];
  const draw = (): void => {
    const template = macMenu(app.name, shown, (id) => {
      choose(id);
      // The system has ticked what was chosen; the window says whether it is turned on.
      draw();
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };
  if (process.platform !== 'darwin') {
    Menu.setApplicationMenu(null);
    return () => {};
  }
  drawInLanguage(draw);
  return (menus) => {
    shown = menus;
    draw();
  };
}
