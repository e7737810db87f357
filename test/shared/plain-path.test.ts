import { describe, expect, it } from 'vitest';
import { plainPath } from '../../src/shared/plain-path';

describe('a path that was typed or pasted', () => {
  it.each([
    ['/renders/a.png', '/renders/a.png'],
    ['  "/renders/a b.png" ', '/renders/a b.png'],
    ["'~/a.png'", '/home/ada/a.png'],
    ['~', '/home/ada'],
    ['~ada/a.png', '~ada/a.png'],
    ['/a~/b', '/a~/b'],
    ['"', '"'],
    ['renders/####', 'renders/####'],
    ['//renders/####', '//renders/####'],
    ['file:///renders/a%20b/####.png', '/renders/a b/####.png'],
    ['FILE://localhost/renders/%E5%A4%9C.glb', '/renders/夜.glb'],
    ['file:/renders/a.glb', '/renders/a.glb'],
    ['file:///a%25.glb', '/a%.glb'],
  ])('loses what surrounds it: %s', (text, path) =>
    expect(plainPath(text, { home: '/home/ada', windows: false })).toBe(path),
  );

  it.each([
    ['file:///D:/renders/a%20b/####.png', 'D:\\renders\\a b\\####.png'],
    ['file://nas/shows/a.glb', '\\\\nas\\shows\\a.glb'],
    ['~\\a.glb', 'C:\\Users\\ada\\a.glb'],
    ['"D:\\a.glb"', 'D:\\a.glb'],
  ])('is one of Windows: %s', (text, path) =>
    expect(plainPath(text, { home: 'C:\\Users\\ada', windows: true })).toBe(path),
  );

  it.each(['file://nas/a.glb', 'file:///%zz', 'file:///a%2fb.glb', 'file:///a%00.glb', '/renders/\ud83d_####.png'])(
    'is refused where it is no path of this machine: %s',
    (text) => {
      expect(() => plainPath(text, { home: '/home/ada', windows: false })).toThrow(
        expect.objectContaining({ kind: 'arguments', message: expect.stringMatching(/: write/) }),
      );
    },
  );
});
