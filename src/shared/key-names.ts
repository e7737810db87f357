import { msg } from './texts/translate';

/**
 * Keys of operators, written as `Ctrl+Shift+E`, `Alt+3` or `F7`: the modifiers Ctrl, Alt and Shift in this order, then a
 * letter, a digit or F1 to F12. A letter or digit needs Ctrl or Alt, for typing needs the others. On macOS, Cmd counts
 * as Ctrl.
 */
const KEY = /^(?:(?:Ctrl\+Alt\+|Ctrl\+|Alt\+)(?:Shift\+)?[A-Z0-9]|(?:Ctrl\+)?(?:Alt\+)?(?:Shift\+)?F(?:[1-9]|1[0-2]))$/;

/** Keys that the program, its text fields and every browser and window manager keep for themselves, with their use. */
export const RESERVED_KEYS: Readonly<Record<string, string>> = {
  F2: msg('Edit Job'),
  F3: msg('Search'),
  F6: msg('Next Area'),
  'Shift+F6': msg('Previous Area'),
  'Shift+F10': msg('Menu of the Job'),
  F12: msg('Render Image'),
  'Ctrl+F12': msg('Render Animation'),
  'Ctrl+F11': msg('Play Rendered Animation'),
  'Ctrl+F': msg('Search Queue'),
  'Ctrl+G': msg('Go to What Is Rendering'),
  'Ctrl+O': msg('Open'),
  'Ctrl+Q': msg('Quit'),
  'Ctrl+A': msg('Select All'),
  'Ctrl+C': msg('Copy'),
  'Ctrl+V': msg('Paste'),
  'Ctrl+X': msg('Cut'),
  'Ctrl+Y': msg('Redo'),
  'Ctrl+Z': msg('Undo'),
  'Ctrl+Shift+Z': msg('Redo'),
  'Alt+F4': msg('Close the Window'),
};

export function isKeyName(text: string): boolean {
  return KEY.test(text);
}

/** What is read of a browser's keyboard event. */
export interface PressedKey {
  readonly key: string;
  /** Of the place on the keyboard: Shift changes what a digit types. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** The name of what was pressed; null for what no operator can have. */
export function keyNameOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }: PressedKey): string | null {
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  const last = digit ?? (key.length === 1 ? key.toUpperCase() : key);
  const name = `${ctrlKey || metaKey ? 'Ctrl+' : ''}${altKey ? 'Alt+' : ''}${shiftKey ? 'Shift+' : ''}${last}`;
  return isKeyName(name) ? name : null;
}

/**
 * Reads the keys that a person has chosen for operators: `video.encode=Ctrl+Shift+E tidy.up=`, with nothing behind `=`
 * where an operator is to have none. What is not of this form is left out.
 */
export function parseKeymap(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split(/\s+/)
      .map((entry) => ENTRY.exec(entry))
      .filter((match) => match !== null)
      .map(([, operator, key]) => [operator!, key!] as const)
      .filter(([, key]) => key === '' || isKeyName(key)),
  );
}

export function formatKeymap(keymap: Readonly<Record<string, string>>): string {
  return Object.entries(keymap)
    .map(([operator, key]) => `${operator}=${key}`)
    .join(' ');
}

const ENTRY = /^([a-z][a-z0-9-]*\.[a-z][a-z0-9-]*)=(.*)$/;

/** What is wrong with the text of a keymap, in a sentence; null where nothing is. */
export function problemOfKeymap(text: string): string | null {
  const taken = new Map<string, string>();
  for (const entry of text.split(/\s+/).filter((word) => word !== '')) {
    const [, operator, key] = ENTRY.exec(entry) ?? [];
    if (operator === undefined || key === undefined || (key !== '' && !isKeyName(key)))
      return `“${entry.slice(0, 80)}” gives no operator a key: write it as video.encode=Ctrl+Shift+E, and several with spaces between them.`;
    if (Object.hasOwn(RESERVED_KEYS, key))
      return `${key} is the program’s own key for “${RESERVED_KEYS[key]}”: choose another for ${operator}.`;
    const other = taken.get(key);
    if (key !== '' && other !== undefined)
      return `${key} is given to both ${other} and ${operator}: choose another for one.`;
    taken.set(key, operator);
  }
  return null;
}
