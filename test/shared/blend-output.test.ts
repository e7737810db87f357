import { describe, expect, it } from 'vitest';
import { outputInBlend } from '../../src/shared/blend-output';
import type { ImageFormat } from '../../src/shared/image-format';
import { sampleBlend, sampleBlenderScene } from '../helpers/samples';

function outputOf(path: string, output: string, format: ImageFormat = 'png', uploaded = false): string | null {
  const scene = sampleBlenderScene({ output });
  return outputInBlend(scene, sampleBlend({ path }, [scene]), format, uploaded);
}

describe('the output that a .blend names', () => {
  it.each<[string, string, ImageFormat, string | null]>([
    ['/films/cat.blend', '//render/cat_', 'png', '/films/render/cat_.png'],
    ['/films/cat.blend', '//..\\out\\cat_##.JPG', 'jpeg', '/films/../out/cat_##.JPG'],
    ['/films/cat.blend', '//render/', 'exr-multilayer', '/films/render/####.exr'],
    ['/films/cat.blend', '/mnt/cat.v2', 'webp', '/mnt/cat.v2.webp'],
    ['/films/cat.blend', '/mnt/cat.mkv', 'tiff', '/mnt/cat.tif'],
    ['/films/cat.blend', 'C:\\renders\\cat', 'png', null],
    ['/films/cat.blend', 'renders/cat', 'png', null],
    ['C:\\films\\cat.blend', '//render/cat_', 'png', 'C:\\films\\render/cat_.png'],
    ['C:\\films\\cat.blend', 'D:\\out\\', 'png', 'D:\\out\\####.png'],
    ['C:\\films\\cat.blend', '\\\\nas\\out\\a', 'png', '\\\\nas\\out\\a.png'],
    ['C:\\films\\cat.blend', '/mnt/cat', 'png', null],
  ])('in %s as %j for %s is %s', (path, output, format, expected) =>
    expect(outputOf(path, output, format)).toBe(expected),
  );

  it.each(['', '//', '/tmp', '/tmp/', '/tmp\\', 'C:\\tmp\\', '/temp/'])('is nobody’s choice as %j', (output) => {
    expect(outputOf('/films/cat.blend', output)).toBeNull();
    expect(outputOf('C:\\films\\cat.blend', output)).toBeNull();
  });

  it('leads nowhere beside a copy that a browser sent, unless it is absolute', () => {
    expect(outputOf('/data/cat.blend', '//render/', 'png', true)).toBeNull();
    expect(outputOf('/data/cat.blend', '/mnt/render/', 'png', true)).toBe('/mnt/render/####.png');
  });

  it('is not taken for a copied scene', () => {
    const scenes = [
      sampleBlenderScene({ name: 'First', output: '//a/' }),
      sampleBlenderScene({ name: 'Copy', output: '//a/' }),
      sampleBlenderScene({ name: 'Own', output: '//b/' }),
    ];
    const info = sampleBlend({ path: '/films/cat.blend' }, scenes);
    info.blender!.activeScene = 'First';
    expect(scenes.map((scene) => outputInBlend(scene, info, 'png'))).toEqual([
      '/films/a/####.png',
      null,
      '/films/b/####.png',
    ]);
  });
});
