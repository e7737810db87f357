import { describe, expect, it } from 'vitest';
import { pathBelow, pathOnRoot, readRoot, readRoots } from '../../src/shared/root-paths';

const LINUX = '/mnt/shows';
const MAC = '/Volumes/Shows';
const DRIVE = 'S:\\shows';
const SHARE = '\\\\nas\\shows';

describe('a path below a root', () => {
  it.each([
    [LINUX, '/mnt/shows/a/b.blend', 'a/b.blend'],
    [`${LINUX}/`, '/mnt//shows/a.blend', 'a.blend'],
    [LINUX, LINUX, ''],
    ['/', '/a.blend', 'a.blend'],
    [MAC, '/Volumes/Shows/Zoe\u0308/a.blend', 'Zoe\u0308/a.blend'],
    ['/Volumes/Zo\u00eb', '/Volumes/Zoe\u0308/a.blend', 'a.blend'],
    [DRIVE, 'S:\\shows\\a\\b.blend', 'a/b.blend'],
    [DRIVE, 's:/Shows/a/b.blend', 'a/b.blend'],
    ['S:\\', 'S:\\a.blend', 'a.blend'],
    [SHARE, '\\\\NAS\\shows\\a\\b.blend', 'a/b.blend'],
    [SHARE, '\\\\nas\\shows', ''],
    // A backslash is part of a name elsewhere.
    [LINUX, '/mnt/shows/a\\b.blend', 'a\\b.blend'],
  ])('%s: %s is %s', (root, path, below) => {
    expect(pathBelow(root, path)).toBe(below);
  });

  it.each([
    [LINUX, '/mnt/showsreel/a.blend'],
    [LINUX, '/mnt/Shows/a.blend'],
    [LINUX, '/mnt/shows/../other/a.blend'],
    [LINUX, '/mnt'],
    [LINUX, 'mnt/shows/a.blend'],
    [LINUX, 'S:\\shows\\a.blend'],
    [DRIVE, 'T:\\shows\\a.blend'],
    [DRIVE, 'S:\\shows\\..\\a.blend'],
    [DRIVE, '/mnt/shows/a.blend'],
    [SHARE, '\\\\nas\\other\\a.blend'],
    [SHARE, '\\\\other\\shows\\a.blend'],
    ['shows', 'shows/a.blend'],
  ])('%s: not %s', (root, path) => {
    expect(pathBelow(root, path)).toBeNull();
  });
});

it.each([
  [LINUX, 'a/b.blend', '/mnt/shows/a/b.blend'],
  [`${LINUX}/`, 'a.blend', '/mnt/shows/a.blend'],
  ['/', 'a.blend', '/a.blend'],
  ['/', '', '/'],
  [DRIVE, 'a/b.blend', 'S:\\shows\\a\\b.blend'],
  ['S:/shows', 'a/b.blend', 'S:/shows/a/b.blend'],
  ['S:\\', 'a.blend', 'S:\\a.blend'],
  ['S:\\', '', 'S:\\'],
  [SHARE, 'a/b.blend', '\\\\nas\\shows\\a\\b.blend'],
  [SHARE, '', SHARE],
])('%s with %s is %s', (root, below, path) => {
  expect(pathOnRoot(root, below)).toBe(path);
});

it('leads from any system to any other and back', () => {
  const roots = [LINUX, MAC, DRIVE, SHARE, 'S:/shows', '/'];
  for (const from of roots)
    for (const to of roots) {
      const path = pathOnRoot(from, 'sh 010/räum.blend');
      const there = pathOnRoot(to, pathBelow(from, path)!);
      expect(there, `${from} to ${to}`).toBe(pathOnRoot(to, 'sh 010/räum.blend'));
      expect(pathOnRoot(from, pathBelow(to, there)!)).toBe(path);
    }
  expect(pathBelow(LINUX, '/elsewhere/a.blend')).toBeNull();
});

describe('the text of a root', () => {
  it.each([
    ['shows=/mnt/shows', { name: 'shows', path: '/mnt/shows' }],
    [' Räume-2 = S:\\räume ', { name: 'Räume-2', path: 'S:\\räume' }],
    ['a=/x=y', { name: 'a', path: '/x=y' }],
  ])('%j is read', (text, root) => {
    expect(readRoot(text)).toEqual(root);
  });

  it.each([
    ['/mnt/shows', /“\/mnt\/shows” is no root: write a name and its path/],
    ['=/mnt', /is no root/],
    ['a b=/mnt', /is no root/],
    ['a=mnt', /The root a cannot be at “mnt”: write an absolute path/],
    ['a=C:', /cannot be at/],
    ['a=/mnt/../etc', /without “\.\.”/],
  ])('%j is refused', (text, sentence) => {
    expect(readRoot(text)).toMatch(sentence);
  });

  it('lists several', () => {
    expect(readRoots(' a=/a; b=S:\\b ;')).toEqual([
      { name: 'a', path: '/a' },
      { name: 'b', path: 'S:\\b' },
    ]);
    expect(readRoots('')).toEqual([]);
    expect(readRoots('a=/a;a=/b')).toBe('There are two roots a: give one another name.');
    expect(readRoots('a=/a;b')).toMatch(/no root/);
  });
});
