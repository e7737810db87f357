import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { typedOutput, typedPath } from '../../../src/main/scenes/typed-path';

const home = resolve('/home/ada');
const scene = resolve('/scenes/my robot.glb');

describe('a path that was typed or pasted', () => {
  it.each([
    [scene, scene],
    [`  ${scene}\n`, scene],
    [`"${scene}"`, scene],
    [`'${scene}'`, scene],
    [pathToFileURL(scene).href, scene],
    [`'${pathToFileURL(scene).href}'`, scene],
    ['~/robot.glb', join(home, 'robot.glb')],
    [`${pathToFileURL(resolve('/scenes')).href}/take #2?.glb`, resolve('/scenes/take #2?.glb')],
    ['"~/my robot.glb"', join(home, 'my robot.glb')],
    ['~', home],
  ])('is taken as it is meant: %s', (text, path) => expect(typedPath(text, { home })).toBe(path));

  it('starts from the folder that is given, and only from one', () => {
    expect(typedPath('shots/a.glb', { from: resolve('/work') })).toBe(resolve('/work/shots/a.glb'));
    expect(() => typedPath('shots/a.glb')).toThrow('“shots/a.glb” is not a full path');
  });

  it.each(['', '  ', '""', 'file://elsewhere/x.glb', 'file:///%zz', 'file:///a%00.glb', '/a\0b.glb'])(
    'is refused with a sentence where it can be none: %j',
    (text) => {
      expect(() => typedPath(text, { home })).toThrow(
        expect.objectContaining({ name: 'UserError', kind: 'arguments', message: expect.stringMatching(/: write/) }),
      );
    },
  );

  it('keeps quotation marks that belong to a name', () =>
    expect(typedPath(resolve('/it"s.glb'))).toBe(resolve('/it"s.glb')));
});

describe('an output that was typed or pasted', () => {
  const images = resolve('/renders/my shot/####.png');
  it.each([
    [images, images],
    [`"${images}"`, images],
    [`${pathToFileURL(resolve('/renders/my shot')).href}/####.png`, images],
    ['~/shots/####', `${home}/shots/####`],
    ['“no quotes of a shell”', '“no quotes of a shell”'],
    ['"//frames/####"', '//frames/####'],
    ['  ~/shots/ ', `${home}/shots/`],
    ['shots/####', 'shots/####'],
    ['', ''],
  ])('is taken as it is meant: %s', (text, path) => expect(typedOutput(text, { home })).toBe(path));

  it('starts from the folder that is given, and stays a folder', () => {
    expect(typedOutput('shots/a', { from: resolve('/work') })).toBe(resolve('/work/shots/a'));
    expect(typedOutput('shots/', { from: resolve('/work') })).toBe(`${resolve('/work/shots')}/`);
  });

  it.each(['file://elsewhere/renders/####.png', 'file:///%zz', '~/a\0b'])(
    'is refused with a sentence where it can be none: %j',
    (text) =>
      expect(() => typedOutput(text, { home })).toThrow(
        expect.objectContaining({ name: 'UserError', kind: 'arguments', message: expect.stringMatching(/: write/) }),
      ),
  );
});
