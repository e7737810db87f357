import { expect, it } from 'vitest';
import { COMMAND_LIST, isTyping, pressedKeys, type PressedKeys } from '../../src/renderer/command-list';
import { isKeyName, RESERVED_KEYS } from '../../src/shared/key-names';

const press = (key: string, change: Partial<PressedKeys> = {}): string =>
  pressedKeys({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...change });

it('names pressed keys as the list has them', () => {
  expect(press('o', { ctrlKey: true })).toBe('Ctrl+O');
  expect(press('o', { metaKey: true })).toBe('Ctrl+O');
  expect(press(',', { ctrlKey: true })).toBe('Ctrl+,');
  expect(press('F6', { shiftKey: true })).toBe('Shift+F6');
  expect(press('PageDown', { ctrlKey: true })).toBe('Ctrl+Page Down');
  expect(press(' ', { ctrlKey: true })).toBe('Ctrl+Space');
  // Shift is how it is typed.
  expect(press('?', { shiftKey: true })).toBe('?');
  expect(press('N', { shiftKey: true })).toBe('Shift+N');
});

it('leaves to a text what types something into it', () => {
  expect(['N', '?', 'Space', 'Shift+N', 'Home'].filter((keys) => !isTyping(keys))).toEqual([]);
  expect(['F12', 'Shift+F6', 'Ctrl+O', 'Esc', 'Ctrl+Page Up'].filter(isTyping)).toEqual([]);
});

it('gives no keys twice, and keeps its own from operators', () => {
  const keys = COMMAND_LIST.flatMap((command) => command.keys ?? []);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.filter((key) => isKeyName(key) && !Object.hasOwn(RESERVED_KEYS, key))).toEqual([]);
  expect(new Set(COMMAND_LIST.map(({ command }) => command)).size).toBe(COMMAND_LIST.length);
});
