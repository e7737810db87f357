import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isStray, keptWithin, renderedFile } from '../../../../src/main/engines/blender/frame-files';
import { USUAL } from '../../../helpers/render-frame';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const request = {
  ...USUAL,
  scene: '/scenes/a.blend',
  folder: '/out/.frame',
  frame: 1,
  width: 8,
  height: 6,
  samples: 1,
};

it('tells the size of an image only where it is not the one that was asked for', () => {
  const image = { path: '/out/.frame/a.png', view: '_L' };
  expect(renderedFile({ ...image, width: 8, height: 6 }, request)).toEqual({
    path: image.path,
    target: { view: '_L' },
  });
  expect(renderedFile({ ...image, width: 4, height: 6 }, request)).toMatchObject({ size: { width: 4, height: 6 } });
});

it('keeps the preview of an image apart from it', () =>
  expect(renderedFile({ path: '/out/.frame/a.jpg', previewOf: '_L' }, request)).toEqual({
    path: '/out/.frame/a.jpg',
    target: { previewOf: '_L' },
  }));

it.each([
  ['a file of the frame', '/out/.frame/a.png', { view: '' }, false],
  ['a file beside its folder', '/out/.frame-2/a.png', { view: '' }, true],
  ['a file elsewhere', '/etc/passwd', { view: '' }, true],
  ['one that is to go to a whole path', '/out/.frame/a.png', { file: '/out/b.png' }, false],
  ['one that is to go to no whole path', '/out/.frame/a.png', { file: '../b.png' }, true],
])('knows whether %s is astray', (_what, path, target, expected) =>
  expect(isStray({ path, target }, '/out/.frame')).toBe(expected),
);

it('leaves out what the scene may not write, and says so', async () => {
  const root = temporaryFolder();
  const folder = join(root, 'out', '.frame');
  const own = join(root, 'scenes');
  for (const made of [folder, own]) mkdirSync(made, { recursive: true });
  const path = join(folder, 'a.png');
  const to = (file: string) => ({ path, target: { file } });
  const image = { path, target: { view: '' } };
  const beside = to(join(root, 'out', 'depth.png'));
  const withScene = to(join(own, 'depth.png'));
  const elsewhere = to(join(root, 'elsewhere', 'depth.png'));
  const rendered = {
    files: [image, beside, withScene, elsewhere],
    seconds: 1,
    peakBytes: null,
    warnings: ['w'],
    log: [],
  };
  const limits = { within: [own], closed: null, openInClosed: null };
  expect(await keptWithin(rendered, { ...request, folder }, limits)).toMatchObject({
    files: [image, beside, withScene],
    warnings: ['w', `The scene asks for the file “${elsewhere.target.file}”, where it may not write: it was left out.`],
  });
});
