import { msg, t } from '../shared/texts/translate';
import { isPlayable } from './playback/play-source';
import { shownWorkspace, workspacesOf, type AppState } from './app-store';

/** The menus of the window, in their order. */
export const MENU_NAMES = [msg('File'), msg('Edit'), msg('Render'), msg('View'), msg('Help')] as const;
export type MenuName = (typeof MENU_NAMES)[number];

/** What can be run by menu, key or search. */
export type MenuCommand =
  | 'open'
  | 'reload-scene'
  | 'render-image'
  | 'render-animation'
  | 'cancel'
  | 'pause-queue'
  | 'resume-queue'
  | 'preferences'
  | 'about'
  | 'search'
  | 'search-jobs'
  | 'go-to-rendering'
  | 'clear-finished'
  | 'undo'
  | 'play'
  | 'show-render'
  | 'show-statistics'
  | 'show-machines'
  | 'next-workspace'
  | 'previous-workspace'
  | 'toggle-properties'
  | 'maximize-area'
  | 'next-area'
  | 'previous-area'
  | 'shortcuts'
  | 'quit';

/** One of them: menus, keys and search are made from the list below. */
export interface Command {
  readonly command: MenuCommand;
  /** As in its menu; with “…” where a question follows. */
  readonly label: string;
  readonly menu: MenuName;
  /** Groups of one menu have a line between them; null: not in the menu, only in the search and by its keys. */
  readonly group: number | null;
  /** Such as `Ctrl+O`, as {@link pressedKeys} names them; on macOS, Cmd counts as Ctrl. */
  readonly keys?: string;
  /** It asks the host to change something, which the read token does not allow. */
  readonly changes?: boolean;
  /** Whether there is such a thing here at all. */
  readonly offered?: (state: AppState) => boolean;
  /** Whether it would do something now. */
  readonly possible?: (state: AppState) => boolean;
  /** Where it is not possible, it says why to who presses its keys. */
  readonly explains?: boolean;
  /** Whether it is turned on; without this it is nothing to turn on or off. */
  readonly on?: (state: AppState) => boolean;
}

const hasScene = ({ model }: AppState): boolean => model.host?.scene != null;
const isRendering = ({ model }: AppState): boolean => model.jobs.rendering.length > 0;
const queueState = ({ model }: AppState): string | undefined => model.host?.queue.state;
const inRender = (state: AppState): boolean => shownWorkspace(state) === 'render';

export const COMMAND_LIST: readonly Command[] = [
  { command: 'open', label: msg('Open…'), menu: msg('File'), group: 0, keys: 'Ctrl+O', changes: true },
  {
    command: 'reload-scene',
    label: msg('Reload Scene'),
    menu: msg('File'),
    group: 1,
    changes: true,
    possible: hasScene,
  },
  { command: 'quit', label: msg('Quit'), menu: msg('File'), group: 9, keys: 'Ctrl+Q' },
  {
    command: 'undo',
    label: msg('Undo'),
    menu: msg('Edit'),
    group: 0,
    keys: 'Ctrl+Z',
    changes: true,
    possible: ({ messages }) => messages.some(({ action }) => action?.label === t('Undo')),
  },
  { command: 'search', label: msg('Search…'), menu: msg('Edit'), group: 1, keys: 'F3' },
  { command: 'search-jobs', label: msg('Search Queue…'), menu: msg('Edit'), group: 1, keys: 'Ctrl+F' },
  { command: 'preferences', label: msg('Preferences…'), menu: msg('Edit'), group: 2, keys: 'Ctrl+,' },
  {
    command: 'render-image',
    label: msg('Render Image'),
    menu: msg('Render'),
    group: 0,
    keys: 'F12',
    changes: true,
    explains: true,
    possible: hasScene,
  },
  {
    command: 'render-animation',
    label: msg('Render Animation'),
    menu: msg('Render'),
    group: 0,
    keys: 'Ctrl+F12',
    changes: true,
    explains: true,
    possible: hasScene,
  },
  {
    command: 'cancel',
    label: msg('Cancel'),
    menu: msg('Render'),
    group: 0,
    keys: 'Esc',
    changes: true,
    possible: isRendering,
  },
  {
    command: 'play',
    label: msg('Play Rendered Animation'),
    menu: msg('Render'),
    group: 1,
    keys: 'Ctrl+F11',
    explains: true,
    possible: isPlayable,
    on: ({ playback }) => playback !== null,
  },
  {
    command: 'pause-queue',
    label: msg('Pause Queue'),
    menu: msg('Render'),
    group: 2,
    changes: true,
    possible: (state) => queueState(state) !== 'paused',
  },
  {
    command: 'resume-queue',
    label: msg('Resume Queue'),
    menu: msg('Render'),
    group: 2,
    changes: true,
    possible: (state) => queueState(state) !== 'running',
  },
  {
    command: 'clear-finished',
    label: msg('Clear Finished…'),
    menu: msg('Render'),
    group: 2,
    changes: true,
    possible: ({ model }) => model.jobs.finished.length > 0,
  },
  { command: 'show-render', label: msg('Render'), menu: msg('View'), group: 0 },
  { command: 'show-statistics', label: msg('Statistics'), menu: msg('View'), group: 0 },
  {
    command: 'show-machines',
    label: msg('Machines'),
    menu: msg('View'),
    group: 0,
    offered: (state) => workspacesOf(state).includes('machines'),
  },
  { command: 'next-workspace', label: msg('Next Workspace'), menu: msg('View'), group: null, keys: 'Ctrl+Page Down' },
  {
    command: 'previous-workspace',
    label: msg('Previous Workspace'),
    menu: msg('View'),
    group: null,
    keys: 'Ctrl+Page Up',
  },
  {
    command: 'toggle-properties',
    label: msg('Properties'),
    menu: msg('View'),
    group: 1,
    keys: 'N',
    possible: inRender,
    on: ({ view }) => view.properties,
  },
  {
    command: 'maximize-area',
    label: msg('Maximize Area'),
    menu: msg('View'),
    group: 1,
    keys: 'Ctrl+Space',
    possible: inRender,
    on: ({ maximized }) => maximized !== null,
  },
  { command: 'next-area', label: msg('Go to Next Area'), menu: msg('View'), group: null, keys: 'F6' },
  { command: 'previous-area', label: msg('Go to Previous Area'), menu: msg('View'), group: null, keys: 'Shift+F6' },
  {
    command: 'go-to-rendering',
    label: msg('Go to What Is Rendering'),
    menu: msg('View'),
    group: 2,
    keys: 'Ctrl+G',
    explains: true,
    possible: isRendering,
  },
  { command: 'shortcuts', label: msg('Keyboard Shortcuts'), menu: msg('Help'), group: 0, keys: '?' },
  { command: 'about', label: msg('About Framegauge'), menu: msg('Help'), group: 0 },
];

/** What is read of a browser's keyboard event. */
export type PressedKeys = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** The name of pressed keys as the list of commands has it. Shift counts only where it types nothing else. */
export function pressedKeys({ key, ctrlKey, metaKey, altKey, shiftKey }: PressedKeys): string {
  const typed = key.length === 1 && key !== ' ' && key.toUpperCase() === key.toLowerCase();
  const name = NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  return `${ctrlKey || metaKey ? 'Ctrl+' : ''}${altKey ? 'Alt+' : ''}${shiftKey && !typed ? 'Shift+' : ''}${name}`;
}

const NAMES: Readonly<Record<string, string>> = {
  ' ': 'Space',
  Escape: 'Esc',
  PageUp: 'Page Up',
  PageDown: 'Page Down',
};

/** Whether keys type something where there is a text to type into. */
export function isTyping(keys: string): boolean {
  return !/^(Ctrl|Alt)\+|^(Shift\+)?F\d|Esc$|Page/.test(keys);
}

/** What a command is called outside of its menu: without the “…” that stands there for a question. */
export function commandName({ label }: Command): string {
  return t(label).replace(/…$/, '');
}

/** Its keys as the sheet and the status bar write them, such as `Ctrl + O`; '' for none. */
export function commandKeys({ keys = '' }: Command): string {
  return keys.replaceAll('+', ' + ');
}

/** How a command stands, in one word: its menu item is drawn anew when that changes. */
export function commandState({ offered, possible, on }: Command, state: AppState): 'absent' | 'off' | 'on' | 'dim' {
  if (offered && !offered(state)) return 'absent';
  if (possible && !possible(state)) return 'dim';
  return on?.(state) ? 'on' : 'off';
}

/** Whether its keys run it now, be it to say why it is not possible. */
export function runsNow({ possible, explains }: Command, state: AppState): boolean {
  return explains === true || possible === undefined || possible(state);
}
