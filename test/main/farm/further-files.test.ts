import { expect, it } from 'vitest';
import { isFurtherFile } from '../../../src/main/farm/further-files';

const TOLD = ['/shots/passes/b##/colour_##.png', '/shots/layered/all_####.exr', '/tmp/plus+(1)####.png'];

it.each([
  ['/shots/passes/b02/colour_02.png', true],
  ['/shots/passes/b-12/colour_-12.png', true],
  ['/shots/passes/b##/colour_02.png', true],
  // With the suffix of a view.
  ['/shots/layered/all_0002_L.exr', true],
  ['/tmp/plus+(1)0001.png', true],
  ['/shots/layered/all_0002.png', false],
  ['/shots/layered/all_.exr', false],
  ['/shots/layered/all_0002/x.exr', false],
  ['/shots/layered/../all_0002.exr', false],
  ['/shots/passes/bad/colour_02.png', false],
  ['/other/shots/layered/all_0002.exr', false],
  ['/tmp/plussss10001.png', false],
])('%s: %s', (file, expected) => {
  expect(isFurtherFile(file, TOLD)).toBe(expected);
});
