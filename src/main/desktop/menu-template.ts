import type { MenuItemConstructorOptions } from 'electron';
import type { NativeMenus } from '../../shared/native-menus';

type Item = NativeMenus[number]['items'][number];
type Template = MenuItemConstructorOptions[];

const LINE: MenuItemConstructorOptions = { type: 'separator' };
/** What macOS has in the program's own menu. */
const OWN_MENU = ['about', 'preferences', 'quit'];
const TEXT_ROLES: Template = [
  { role: 'redo' },
  LINE,
  { role: 'cut' },
  { role: 'copy' },
  { role: 'paste' },
  { role: 'selectAll' },
];
const WINDOW_ROLES: Template = [{ role: 'minimize' }, { role: 'zoom' }, LINE, { role: 'front' }];

/**
 * The menu bar of macOS: the menus of the window, with what that system has in its own places.
 *
 * @param menus none before the window has told them
 * @param choose is told the id of the item that was chosen
 */
export function macMenu(appName: string, menus: NativeMenus, choose: (id: string) => void): Template {
  const drawn = (item: Item): MenuItemConstructorOptions =>
    item === null
      ? LINE
      : 'heading' in item
        ? { label: item.heading, enabled: false }
        : {
            label: item.label,
            // In a text it takes back what was typed, which the window knows.
            enabled: item.enabled || item.id === 'undo',
            ...(item.checked === undefined ? {} : { type: 'checkbox', checked: item.checked }),
            ...acceleratorOf(item.keys),
            click: () => choose(item.id),
          };
  const own = (id: string): Template =>
    menus.flatMap(({ items }) => items.filter((item) => isItem(item, [id]))).map(drawn);
  const about = own('about');
  const bar: Template = [
    {
      label: appName,
      submenu: tidied([
        ...(about.length > 0 ? about : [{ role: 'about' } as const]),
        LINE,
        ...own('preferences'),
        LINE,
        { role: 'services' },
        LINE,
        { role: 'hide' },
        { role: 'hideOthers' },
        { role: 'unhide' },
        LINE,
        { role: 'quit' },
      ]),
    },
  ];
  for (const { id, label, items } of menus) {
    const submenu = items
      .filter((item) => !isItem(item, OWN_MENU))
      .flatMap((item) => {
        const one = drawn(item);
        return isItem(item, ['undo']) ? [one, ...TEXT_ROLES] : [one];
      });
    if (id === 'File') bar.push({ label, submenu: tidied([...submenu, LINE, { role: 'close' }]) });
    else if (id === 'Window') bar.push({ label, role: 'window', submenu: tidied([...submenu, LINE, ...WINDOW_ROLES]) });
    else if (id === 'Help') bar.push(...windowMenu(menus), { label, role: 'help', submenu: tidied(submenu) });
    else bar.push({ label, submenu: tidied(submenu) });
  }
  // Texts are copied and pasted before the window is there, too.
  return menus.length > 0 ? bar : [...bar, { role: 'editMenu' }, { role: 'windowMenu' }];
}

/** The system's own, where no add-on has anything in it. */
function windowMenu(menus: NativeMenus): Template {
  return menus.some(({ id }) => id === 'Window') ? [] : [{ role: 'windowMenu' }];
}

function isItem(item: Item, ids: readonly string[]): boolean {
  return item !== null && 'id' in item && ids.includes(item.id);
}

/** Without lines at its ends, and two that follow each other. */
function tidied(items: Template): Template {
  const single = items.filter((item, at) => item !== LINE || items[at - 1] !== LINE);
  return single.filter((item, at) => item !== LINE || (at > 0 && at < single.length - 1));
}

/**
 * What types something stays the window's own, which knows whether there is a text to type into; so does Esc.
 *
 * @param keys such as `Ctrl+Shift+O` or `F12`
 */
function acceleratorOf(keys: string | undefined): { accelerator?: string } {
  if (keys === undefined || !/^(Ctrl|Alt)\+|^(Shift\+)?F\d/.test(keys)) return {};
  // Cmd+Space is the system's search.
  const modifier = keys === 'Ctrl+Space' ? 'Control' : 'Command';
  return { accelerator: keys.replace('Ctrl', modifier).replace('Page ', 'Page') };
}
