import { expect, it } from 'vitest';
import { formatOfPath, imageEndingOf } from '../../src/shared/image-format';

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
