import { expect, it } from 'vitest';
import { formatOfPath, imageEndingOf, namesOtherFormat } from '../../src/shared/image-format';

it.each([
  ['/tmp/a.png', 'png', '.png'],
  ['/tmp/a.JPG', 'jpeg', '.JPG'],
  ['a.jpeg', 'jpeg', '.jpeg'],
  ['C:\\a.tif', 'tiff', '.tif'],
  ['/tmp/a.b.tiff', 'tiff', '.tiff'],
  ['/tmp/a.exr', 'exr', '.exr'],
  ['/tmp/a.webp', 'webp', '.webp'],
  ['/tmp/a.mp4', null, ''],
  ['/tmp/a', null, ''],
  ['/tmp/x.png/a', null, ''],
  ['C:\\x.png\\a', null, ''],
])('%s is %s, ending %s', (path, format, ending) => {
  expect(formatOfPath(path)).toBe(format);
  expect(imageEndingOf(path)).toBe(ending);
});

it.each(['avif', 'heic', 'heif', 'psd', 'cin', 'rgb', 'sgi', 'svg', 'm2ts', 'mxf', 'MOV', 'gif', 'dpx', 'jxl'])(
  '%s is a format in which nothing is written',
  (ending) => expect(namesOtherFormat(`/out/f_####.${ending}`)).toBe(true),
);

it.each(['/out/f_####.png', '/out/f.TGA', '/out/v1.2', '/out/shot.final', '/out/x.mov/f_####', '/out/svg'])(
  '%s names no other format',
  (path) => expect(namesOtherFormat(path)).toBe(false),
);
