import { describe, expect, it } from 'vitest';
import { expandOutputPattern, frameOfName, outputNames, typedOutputPattern } from '../../src/shared/output-pattern';

describe('expandOutputPattern', () => {
  it.each([
    ['/tmp/####.png', 7, '/tmp/0007.png'],
    ['/tmp/shot_##', 7, '/tmp/shot_07.png'],
    ['/tmp/shot_##', 1234, '/tmp/shot_1234.png'],
    ['/tmp/shot', 7, '/tmp/shot0007.png'],
    ['/tmp/shot.png', 7, '/tmp/shot0007.png'],
    ['/tmp/shot.PNG', 7, '/tmp/shot0007.PNG'],
    ['/tmp/a#b#c.png', 7, '/tmp/a#b7c.png'],
    ['/tmp/##/x.png', 7, '/tmp/##/x0007.png'],
    ['C:\\out\\####.png', 7, 'C:\\out\\0007.png'],
    ['/tmp/shot.v2', 7, '/tmp/shot.v20007.png'],
    ['/tmp/.png', 7, '/tmp/0007.png'],
    ['/tmp/a_####.png', -3, '/tmp/a_-0003.png'],
    ['/tmp/a_####.png', -12345, '/tmp/a_-12345.png'],
    ['/tmp/#.png', -3, '/tmp/-3.png'],
  ])('%s, frame %d is %s', (pattern, frame, path) => expect(expandOutputPattern(pattern, frame)).toBe(path));

  it.each([
    ['/tmp/####', 'jpeg', '', '/tmp/0007.jpg'],
    ['/tmp/####.jpg', 'jpeg', '', '/tmp/0007.jpg'],
    ['/tmp/####.JPEG', 'jpeg', '', '/tmp/0007.JPEG'],
    ['/tmp/####.png', 'jpeg', '', '/tmp/0007.jpg'],
    ['/tmp/####.tiff', 'tiff', '', '/tmp/0007.tiff'],
    ['/tmp/####.jpeg', 'tiff', '', '/tmp/0007.tif'],
    ['/tmp/####.exr', 'exr-multilayer', '', '/tmp/0007.exr'],
    ['/tmp/####.png', 'exr', '', '/tmp/0007.exr'],
    ['/tmp/shot', 'webp', '', '/tmp/shot0007.webp'],
    ['/tmp/v1.2/shot', 'webp', '', '/tmp/v1.2/shot0007.webp'],
    ['/tmp/####.tiff', '.tif', '', '/tmp/0007.tiff'],
    ['/tmp/####.bmp', '.bmp', '', '/tmp/0007.bmp'],
    ['/tmp/shot_####', 'png', '_L', '/tmp/shot_0007_L.png'],
    ['/tmp/shot_####.png', 'jpeg', '_R', '/tmp/shot_0007_R.jpg'],
    ['/tmp/####_beauty.exr', 'exr', '.left', '/tmp/0007_beauty.left.exr'],
  ] as const)('%s as %s with the view “%s” is %s', (pattern, format, view, path) =>
    expect(expandOutputPattern(pattern, 7, format, view)).toBe(path),
  );
});

it.each([
  ['shot_####.png', 'shot_0007.png', 7],
  ['shot_####.png', 'shot_-0007.png', -7],
  ['shot_####.png', 'shot_12345.png', 12_345],
  ['shot_####.png', 'shot_007.png', null],
  ['shot_####.png', 'shot_00007.png', null],
  ['shot_####.png', 'shot_0007.png.bak', null],
  ['shot_####.png', 'shot_.png', null],
  ['#', '7.png', 7],
  ['############.png', '000000000007.png', 7],
])('%s: the name %s is frame %s', (pattern, name, frame) =>
  expect(frameOfName(name, outputNames(pattern))).toBe(frame),
);

it.each([
  ['/x/shot_v001.png', '/x/shot_v001_####.png'],
  ['shot_v001', 'shot_v001_####'],
  ['C:\\x\\2.exr', 'C:\\x\\2_####.exr'],
  ['shot.v2', 'shot.v2_####'],
  ['/x/shot.png', '/x/shot.png'],
  ['/x/shot_v001_.png', '/x/shot_v001_.png'],
  ['/x/v001_##_2.png', '/x/v001_##_2.png'],
  ['/x/v001/', '/x/v001/'],
  ['//v001/####', '//v001/####'],
  ['', ''],
  ['/tmp/shot.mp4', '/tmp/shot.mp4'],
])('%s is meant as %s', (typed, pattern) => expect(typedOutputPattern(typed)).toBe(pattern));
