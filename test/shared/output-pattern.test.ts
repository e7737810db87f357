import { describe, expect, it } from 'vitest';
import { expandOutputPattern } from '../../src/shared/output-pattern';

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
