import { expect, it } from 'vitest';
import { macMenu } from '../../../src/main/desktop/menu-template';
import { COMMAND_LIST } from '../../../src/renderer/command-list';
import { menusOf, type WindowMenu } from '../../../src/renderer/panels/use-command-menus';
import { nativeMenus } from '../../../src/renderer/panels/use-native-menus';
import { nativeMenusSchema } from '../../../src/shared/native-menus';

type Item = ReturnType<typeof macMenu>[number];
const operators: WindowMenu = {
  id: 'Window',
  label: 'Window',
  items: [{ heading: 'Video' }, { id: 'operator:video.encode', label: 'Encode…', run: () => {} }],
};
const all = menusOf(
  COMMAND_LIST,
  COMMAND_LIST.map(({ command }) => (command === 'render-image' ? 'dim' : command === 'maximize-area' ? 'on' : 'off')),
  () => {},
);
const barOf = (menus: readonly WindowMenu[], choose: (id: string) => void = () => {}) =>
  macMenu('Framegauge', nativeMenusSchema.parse(nativeMenus(menus)), choose);
const itemsOf = (bar: Item[], label: string): Item[] => bar.find((menu) => menu.label === label)!.submenu as Item[];
const every = (bar: Item[]): Item[] => bar.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
const item = (bar: Item[], label: string) => every(bar).find((one) => one.label === label)!;

it('has every command of the window’s menus, once', () => {
  const labels = every(barOf(all)).map(({ label }) => label);
  for (const { command, label, group } of COMMAND_LIST)
    if (group !== null && command !== 'quit') expect(labels.filter((one) => one === label)).toEqual([label]);
  // The system ends programs with a word of its own.
  expect(every(barOf(all)).filter(({ role }) => role === 'quit')).toHaveLength(1);
});

it('has what macOS has in its own places', () => {
  const bar = barOf(all);
  expect(bar.map(({ label, role }) => label ?? role)).toEqual([
    'Framegauge',
    'File',
    'Edit',
    'Render',
    'View',
    'windowMenu',
    'Help',
  ]);
  expect(itemsOf(bar, 'Framegauge').slice(0, 3)).toMatchObject([
    { label: 'About Framegauge' },
    { type: 'separator' },
    { label: 'Preferences…', accelerator: 'Command+,' },
  ]);
  expect(itemsOf(bar, 'File').at(-1)).toEqual({ role: 'close' });
  expect(itemsOf(bar, 'Edit')[0]).toMatchObject({ label: 'Undo', accelerator: 'Command+Z', enabled: true });
  expect(itemsOf(bar, 'Edit').map(({ role }) => role)).toContain('paste');
  for (const { submenu } of bar)
    if (Array.isArray(submenu)) {
      const lines = submenu.map(({ type }) => type === 'separator');
      expect([lines[0], lines.at(-1)]).toEqual([false, false]);
      expect(lines.some((line, at) => line && lines[at + 1])).toBe(false);
    }
  // Before the window has told its own.
  expect(barOf([]).map(({ label, role }) => label ?? role)).toEqual(['Framegauge', 'editMenu', 'windowMenu']);
});

it('shows how commands stand, with keys that type nothing, and tells which was chosen', () => {
  const chosen: string[] = [];
  const bar = barOf(all, (id) => chosen.push(id));
  expect(item(bar, 'Render Image')).toMatchObject({ enabled: false, accelerator: 'F12' });
  expect(item(bar, 'Maximize Area')).toMatchObject({
    type: 'checkbox',
    checked: true,
    enabled: true,
    accelerator: 'Control+Space',
  });
  for (const label of ['Properties', 'Keyboard Shortcuts', 'Cancel'])
    expect(item(bar, label)).not.toHaveProperty('accelerator');
  item(bar, 'Reload Scene').click!(undefined as never, undefined as never, undefined as never);
  expect(chosen).toEqual(['reload-scene']);
});

it('has the operators of add-ons', () => {
  const bar = barOf([...all.slice(0, -1), operators, all.at(-1)!]);
  expect(bar.map(({ label }) => label).slice(-2)).toEqual(['Window', 'Help']);
  expect(itemsOf(bar, 'Window').slice(0, 2)).toMatchObject([{ label: 'Video', enabled: false }, { label: 'Encode…' }]);
  expect(itemsOf(bar, 'Window').map(({ role }) => role)).toContain('minimize');
});
