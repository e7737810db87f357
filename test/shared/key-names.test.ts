import { describe, expect, it } from 'vitest';
import {
  formatKeymap,
  isKeyName,
  keyNameOf,
  parseKeymap,
  problemOfKeymap,
  RESERVED_KEYS,
} from '../../src/shared/key-names';

const NONE = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };

describe('names of keys', () => {
  it.each(['Ctrl+E', 'Ctrl+Shift+E', 'Alt+3', 'Ctrl+Alt+Shift+9', 'F7', 'Shift+F12'])('%s is one', (name) => {
    expect(isKeyName(name)).toBe(true);
  });
  it.each(['', 'E', 'Shift+E', 'Shift+Ctrl+E', 'ctrl+e', 'Ctrl+', 'F13', 'Ctrl+Esc', 'Ctrl+E\n', 'Ctrl+Ä'])(
    '%j is none',
    (name) => expect(isKeyName(name)).toBe(false),
  );
  it('are read of what is pressed; Cmd counts as Ctrl', () => {
    expect(keyNameOf({ ...NONE, key: 'E', code: 'KeyE', ctrlKey: true, shiftKey: true })).toBe('Ctrl+Shift+E');
    expect(keyNameOf({ ...NONE, key: 'e', code: 'KeyE', metaKey: true })).toBe('Ctrl+E');
    expect(keyNameOf({ ...NONE, key: '!', code: 'Digit1', ctrlKey: true, shiftKey: true })).toBe('Ctrl+Shift+1');
    expect(keyNameOf({ ...NONE, key: 'F7', code: 'F7' })).toBe('F7');
    expect(keyNameOf({ ...NONE, key: 'e', code: 'KeyE' })).toBeNull();
    expect(keyNameOf({ ...NONE, key: 'Control', code: 'ControlLeft', ctrlKey: true })).toBeNull();
  });
  it('that are reserved could be an operator’s otherwise', () => {
    expect(Object.keys(RESERVED_KEYS).filter((name) => !isKeyName(name))).toEqual([]);
  });
});

describe('a keymap', () => {
  it('is read and written, without what is no part of one', () => {
    const keymap = { 'video.encode': 'Ctrl+Shift+E', 'tidy.up': '' };
    expect(parseKeymap(formatKeymap(keymap))).toEqual(keymap);
    expect(parseKeymap(' a.b=F7  x  c.d=Ctrl __proto__.x=F8')).toEqual({ 'a.b': 'F7' });
    expect(parseKeymap('')).toEqual({});
  });

  it.each([
    ['video.encode=Ctrl+Shift+E tidy.up=', null],
    ['', null],
    ['a.b= c.d=', null],
    ['video', '“video” gives no operator a key'],
    ['a.b=E', '“a.b=E” gives no operator a key'],
    ['a.b=F12', 'F12 is the program’s own key for “Render Image”'],
    ['a.b=F7 c.d=F7', 'F7 is given to both a.b and c.d'],
  ])('%j', (text, problem) => {
    if (problem === null) expect(problemOfKeymap(text)).toBeNull();
    else expect(problemOfKeymap(text)).toContain(problem);
  });
});
