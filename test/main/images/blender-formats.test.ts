import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Transformer } from '@napi-rs/image';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FrameImages, createFrameImages } from '../../../src/main/images/frame-images';
import { inspectImage, verifyImage } from '../../../src/main/images/verify-image';
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
    expect(names.length).toBe(6 * 5 + 2 + 4 + 2 * 18 + 1);
    for (const name of names) {
      await verifyImage(join(folder, name), formatOf(name), WIDTH, HEIGHT);
      expect(await inspectImage(join(folder, name)), name).toEqual({
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
          verifyImage(cut, formatOf(name), WIDTH, HEIGHT),
          `${name}, ${length} of ${whole.length} bytes`,
        ).rejects.toThrow();
      }
    }
  });

  it('looks alike in every preview', async () => {
    const look = async (name: string): Promise<ReturnType<typeof decodePng>> =>
      decodePng(await new Transformer((await images.previewImage(join(folder, name))).bytes).png());
    // The same scene with the same view transform of Blender's own, which is sRGB's curve only in “Standard”: OpenEXR is compared with OpenEXR.
    for (const [kind, reference, tolerance] of [
      [/^(tiff-RGB|jpeg-RGB|webp-RGB|png-RGBA?-8)/, 'tiff-RGB-8-NONE.tif', 4],
      [/^exr/, 'exr-32-NONE.exr', 3],
    ] as const) {
      const expected = await look(reference);
      for (const name of names.filter((each) => kind.test(each)))
        expect(difference(expected, await look(name)), name).toBeLessThan(tolerance);
    }
  });

  it('is not suspicious', async () => {
    for (const name of names)
      expect(await images.imageStatistics(join(folder, name), formatOf(name)), name).toEqual({
        uniform: false,
        black: false,
        transparent: false,
      });
  });
});
