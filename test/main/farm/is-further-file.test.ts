import { expect, it } from 'vitest';
import { isFurtherFile } from '../../../src/main/farm/is-further-file';

const TOLD = ['/shots/passes/b##/colour_##.png', '/shots/layered/all_####.exr', '/tmp/plus+(1)####.png'];

it.each([
  [2, '/shots/passes/b02/colour_02.png', true],
  [-12, '/shots/passes/b-12/colour_-12.png', true],
  [-3, '/shots/layered/all_-0003.exr', true],
  [-3, '/shots/passes/b-03/colour_-03.png', true],
  [-3, '/shots/layered/all_-003.exr', false],
  [12_345, '/shots/layered/all_12345.exr', true],
  [2, '/shots/passes/b##/colour_02.png', true],
  // With the suffix of a view.
  [2, '/shots/layered/all_0002_L.exr', true],
  [1, '/tmp/plus+(1)0001.png', true],
  [2, '/shots/layered/all_0002_X.exr', false],
  [2, '/shots/layered/all_0003.exr', false],
  [2, '/shots/layered/all_2.exr', false],
  [2, '/shots/layered/all_0002.png', false],
  [2, '/shots/layered/all_.exr', false],
  [2, '/shots/layered/all_0002/x.exr', false],
  [2, '/shots/layered/../all_0002.exr', false],
  [2, '/shots/passes/bad/colour_02.png', false],
  [2, '/other/shots/layered/all_0002.exr', false],
  [1, '/tmp/plussss10001.png', false],
])('in frame %d, %s: %s', (frame, file, expected) => {
  expect(isFurtherFile(file, { told: TOLD, frame, views: ['', '_L', '_R'] })).toBe(expected);
});
