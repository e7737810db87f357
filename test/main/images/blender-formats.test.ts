import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Transformer } from '@napi-rs/image';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FrameImages, bytesOf, createFrameImages } from '../../../src/main/images/frame-images';
import { imageVerifier } from '../../helpers/image-verifier';
import { type ImageFormat, formatOfPath } from '../../../src/shared/image-format';
import { decodePng, difference } from '../../helpers/decode-png';
import { needs, pathOf } from '../../helpers/needs';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../../..');
/** Sides that the script renders with, in pixels. */
const [WIDTH, HEIGHT] = [96, 54];

needs.blender('what Blender writes', () => {
  let folder: string;
  let images: FrameImages;
  let names: string[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'framegauge-test-'));
    images = createFrameImages({ thread: join(ROOT, 'out/worker/image-worker.mjs'), cache: join(folder, 'cache') });
    const script = join(ROOT, 'test/helpers/blender-formats.py');
    await run(
      pathOf('blender'),
      ['-b', '--factory-startup', '--python-exit-code', '9', '--python', script, '--', folder],
      { maxBuffer: 1 << 26 },
    );
    names = (await readdir(folder)).filter((name) => formatOfPath(name) !== null).sort();
  });
  afterAll(async () => {
    await images?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const formatOf = (name: string): ImageFormat =>
    name.startsWith('exr-multilayer') ? 'exr-multilayer' : formatOfPath(name)!;

  it('is whole in every format and compression', async () => {
    expect(names.length).toBe(6 * 5 + 2 + 4 + (2 + 3 + 3 + 2 + 3) + 2 * 18 + 1);
    for (const name of names) {
      await imageVerifier.verify(join(folder, name), formatOf(name), WIDTH, HEIGHT);
      expect(await imageVerifier.inspect(join(folder, name)), name).toEqual({
        format: formatOf(name),
        width: WIDTH,
        height: HEIGHT,
      });
    }
  });

  it('is found to be cut short at any tenth, and when its last byte is missing', async () => {
    const cut = join(folder, 'cut');
    for (const name of names) {
      const whole = await readFile(join(folder, name));
      for (const length of [
        ...Array.from({ length: 10 }, (_, tenth) => Math.floor((whole.length * tenth) / 10)),
        whole.length - 1,
      ]) {
        await writeFile(cut, whole.subarray(0, length));
        await expect(
          imageVerifier.verify(cut, formatOf(name), WIDTH, HEIGHT),
          `${name}, ${length} of ${whole.length} bytes`,
        ).rejects.toThrow();
      }
    }
  });

  it('looks alike in every preview', async () => {
    const look = async (name: string): Promise<ReturnType<typeof decodePng>> =>
      decodePng(await new Transformer((await bytesOf(await images.previewImage(join(folder, name)))).bytes).png());
    // The same scene with the same view transform of Blender's own, which is sRGB's curve only in “Standard”: OpenEXR
    // is compared with OpenEXR.
    for (const [kind, reference, tolerance] of [
      [/^(tiff-RGB|jpeg-RGB|webp-RGB|png-RGBA?-8|bmp-RGB)/, 'tiff-RGB-8-NONE.tif', 4],
      [/^exr/, 'exr-32-NONE.exr', 3],
    ] as const) {
      const expected = await look(reference);
      for (const name of names.filter((each) => kind.test(each)))
        expect(difference(expected, await look(name)), name).toBeLessThan(tolerance);
    }
  });

  it('is not suspicious', async () => {
    for (const name of names) {
      // Of these nobody here makes pixels.
      const told = ['targa', 'jpeg2000'].includes(formatOf(name))
        ? null
        : { uniform: false, black: false, transparent: false };
      expect(await images.imageStatistics(join(folder, name), formatOf(name)), name).toEqual(told);
    }
  });

  it('has no preview in three formats, and says so', async () => {
    for (const [name, what] of [
      ['targa-RGB.tga', 'Targa'],
      ['hdr-RGB.hdr', 'Radiance HDR'],
      ['jpeg2000-RGB.jp2', 'JPEG 2000'],
    ] as const) {
      await expect(images.previewImage(join(folder, name))).rejects.toThrow(`Of ${what} images there is no preview`);
    }
  });
});
