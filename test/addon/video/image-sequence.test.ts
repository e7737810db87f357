import { expect, test } from 'vitest';
import { concatScript, imageSequence } from '../../../src/addon/video/image-sequence';

const frames = (images: Record<number, string | null>) =>
  Object.entries(images).map(([frame, file]) => ({ frame: Number(frame), file }));

test('is in the order of frame numbers, below 0 too', () => {
  expect(imageSequence(frames({ 10: 'ten', 2: 'two', '-3': 'minus three', 0: 'zero' }), 'hold')).toEqual({
    files: ['minus three', 'zero', 'two', 'ten'],
    missing: 0,
  });
});

test('a missing frame is held or skipped', () => {
  const given = frames({ 1: null, 2: 'a', 3: null, 4: null, 5: 'b', 6: null });
  expect(imageSequence(given, 'hold')).toEqual({ files: ['a', 'a', 'a', 'a', 'b', 'b'], missing: 4 });
  expect(imageSequence(given, 'skip')).toEqual({ files: ['a', 'b'], missing: 4 });
});

test('without an image there is none', () => {
  expect(imageSequence(frames({ 1: null }), 'hold')).toEqual({ files: [], missing: 1 });
  expect(imageSequence([], 'hold')).toEqual({ files: [], missing: 0 });
});

test('a script quotes what needs it and refuses what cannot be written', () => {
  expect(concatScript(["/a/it's #1.png"])).toBe("ffconcat version 1.0\nfile '/a/it'\\''s #1.png'\n");
  expect(() => concatScript(["/a\nfile '/etc/passwd'"])).toThrow('a path with a line break');
});
