import { readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { Transformer } from '@napi-rs/image';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Preview } from '../../../src/main/images/image-thread';
import { type FrameImages, bytesOf, createFrameImages } from '../../../src/main/images/frame-images';
import { decodePng } from '../../helpers/decode-png';
import { makeExr, makeJpeg, makeRgbaPng, makeTiff, makeWebp, slope } from '../../helpers/image-files';
import { temporaryFolder } from '../../helpers/temporary-folder';

const THREAD = resolve(import.meta.dirname, '../../../out/worker/image-worker.mjs');

interface Place {
  readonly folder: string;
  readonly cache: string;
  readonly images: Omit<FrameImages, 'previewImage'> & {
    previewImage(...asked: Parameters<FrameImages['previewImage']>): Promise<Preview>;
  };
  write(name: string, bytes: Uint8Array | Promise<Uint8Array>): Promise<string>;
}

function makePlace(cacheLimit?: number): Place {
  const folder = temporaryFolder();
  const cache = join(folder, 'cache');
  const images = createFrameImages({ thread: THREAD, cache, cacheLimit });
  onTestFinished(() => images.close());
  const previewImage: Place['images']['previewImage'] = async (...asked) =>
    bytesOf(await images.previewImage(...asked));
  return {
    folder,
    cache,
    images: { ...images, previewImage },
    async write(name, bytes) {
      const path = join(folder, name);
      await writeFile(path, await bytes);
      return path;
    },
  };
}

/** Colours of an image of any kind that browsers show, as a function of place. */
async function look(bytes: Uint8Array): Promise<ReturnType<typeof decodePng>> {
  return decodePng(await new Transformer(bytes).png());
}

/** What a linear value is on sRGB's curve, 0 to 255. */
const srgb = (linear: number): number =>
  255 * (linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055);

describe('previews', () => {
  it('are the file itself where browsers know its format', async () => {
    const { images, write, cache } = makePlace();
    const files = {
      'image/png': makeRgbaPng(9, 5, slope(9, 5)),
      'image/jpeg': makeJpeg(9, 5, slope(9, 5)),
      'image/webp': makeWebp(9, 5, slope(9, 5)),
    };
    for (const [type, bytes] of Object.entries(files)) {
      // The name says nothing; the content does.
      const preview = await images.previewImage(await write('frame.img', bytes));
      expect(preview.type).toBe(type);
      expect(Buffer.from(preview.bytes)).toEqual(await bytes);
    }
    await expect(readdir(cache)).rejects.toThrow('ENOENT');
  });

  it.each([
    ['scan lines', {}],
    ['floats, not compressed', { type: 'float', compression: 'NONE' }],
    [
      'passes of a view layer, of which Combined is shown',
      {
        prefix: 'ViewLayer.Combined.',
        others: ['ViewLayer.AO.R', 'ViewLayer.AO.G', 'ViewLayer.AO.B', 'ViewLayer.Depth.Z'],
      },
    ],
    ['several parts', { parts: ['left', 'right'] }],
  ] as const)('show an OpenEXR of %s on sRGB’s curve', async (_name, options) => {
    const { images, write } = makePlace();
    const preview = await images.previewImage(await write('a.exr', makeExr(64, 48, slope(64, 48), options)));
    expect(preview.type).toBe('image/jpeg');
    const picture = await look(preview.bytes);
    expect([picture.width, picture.height]).toEqual([64, 48]);
    for (const [x, y] of [
      [8, 8],
      [50, 8],
      [8, 40],
      [50, 40],
    ] as const) {
      for (const [channel, linear] of [x / 64, y / 48, 0.5].entries())
        expect(Math.abs(picture.at(x, y)[channel]! - srgb(linear)), `channel ${channel} at ${x}, ${y}`).toBeLessThan(8);
    }
  });

  it.each([
    ['opaque', 1, 'image/jpeg'],
    ['transparent in one place', 0.5, 'image/png'],
  ] as const)(
    'made smaller from a PNG with alpha that is %s decode as fast as they can',
    async (_what, alpha, type) => {
      const { images, write } = makePlace();
      const png = await makeRgbaPng(300, 200, (x, y) => [x / 300, y / 200, 0.5, x < 30 && y < 30 ? alpha : 1]);
      const preview = await images.previewImage(await write('a.png', png), { maxSide: 128 });
      expect(preview.type).toBe(type);
      const picture = await look(preview.bytes);
      expect([picture.width, picture.height]).toEqual([128, 85]);
      expect(Math.abs(picture.at(64, 42)[0] - 128)).toBeLessThan(8);
      expect(Math.abs(picture.at(4, 4)[3] - alpha * 255)).toBeLessThan(3);
    },
  );

  it('keep what is transparent in an OpenEXR, with colours that are not multiplied by it', async () => {
    const { images, write } = makePlace();
    const preview = await images.previewImage(
      await write(
        'a.exr',
        makeExr(16, 16, (x) => (x < 8 ? [0.25, 0, 0, 0.5] : [0, 0, 0, 0]), { type: 'float' }),
      ),
    );
    expect(preview.type).toBe('image/png');
    const picture = await look(preview.bytes);
    expect(picture.at(3, 3)).toEqual([Math.round(srgb(0.5)), 0, 0, 128]);
    expect(picture.at(12, 3)).toEqual([0, 0, 0, 0]);
  });

  it.each([
    ['8 bits', {}],
    ['16 bits, big-endian', { bits: 16, order: 'MM' }],
    ['floats', { bits: 32 }],
    ['tiles, Deflate', { tile: 16, deflate: true }],
  ] as const)('show a TIFF of %s', async (_name, options) => {
    const { images, write } = makePlace();
    const preview = await images.previewImage(await write('a.tif', makeTiff(64, 48, slope(64, 48), options)));
    expect(preview.type).toBe('image/jpeg');
    const picture = await look(preview.bytes);
    expect(Math.abs(picture.at(32, 36)[0] - 128)).toBeLessThan(6);
    expect(Math.abs(picture.at(32, 36)[1] - 191)).toBeLessThan(6);
  });

  it('show grey, and colours that are multiplied by their alpha', async () => {
    const { images, write } = makePlace();
    const grey = await look(
      (
        await images.previewImage(
          await write(
            'grey.tif',
            makeTiff(16, 16, () => [0.5, 0, 0, 1], { channels: 1, bits: 16 }),
          ),
        )
      ).bytes,
    );
    expect(grey.at(5, 5)).toEqual([128, 128, 128, 255]);
    const multiplied = makeTiff(16, 16, () => [0.25, 0.5, 0, 0.5], { channels: 4, bits: 16, premultiplied: true });
    const preview = await images.previewImage(await write('alpha.tif', multiplied));
    expect(preview.type).toBe('image/png');
    const [red, green, blue, alpha] = (await look(preview.bytes)).at(5, 5);
    expect([red, green, blue].map((value, index) => Math.abs(value - [127, 255, 0][index]!))).toEqual([
      expect.toSatisfy((d: number) => d <= 1),
      expect.toSatisfy((d: number) => d <= 1),
      0,
    ]);
    expect(Math.abs(alpha - 128)).toBeLessThanOrEqual(1);
  });

  it('say why there is none', async () => {
    const { images, write, folder } = makePlace();
    await expect(images.previewImage(await write('a.txt', Buffer.from('words')))).rejects.toThrow('is no image');
    await expect(
      images.previewImage(await write('a.exr', makeExr(16, 16, slope(16, 16), { tile: 8 }))),
    ).rejects.toThrow('it has tiles');
    await expect(
      images.previewImage(await write('b.exr', makeExr(16, 16, slope(16, 16)).subarray(0, -5))),
    ).rejects.toThrow('cut short');
    await expect(images.previewImage(join(folder, 'none.png'))).rejects.toThrow('ENOENT');
    // A failure takes nothing else with it.
    await images.previewImage(await write('c.exr', makeExr(16, 16, slope(16, 16))));
  });
});

describe('thumbnails', () => {
  it.each([
    ['PNG', () => makeRgbaPng(600, 300, slope(600, 300))],
    ['JPEG', () => makeJpeg(600, 300, slope(600, 300))],
    ['WebP', () => makeWebp(600, 300, slope(600, 300))],
    ['TIFF', () => makeTiff(600, 300, slope(600, 300), { bits: 16 })],
    ['OpenEXR', () => makeExr(600, 300, slope(600, 300))],
  ])('of %s are made once, and anew when the image has changed', async (_name, make) => {
    const { images, write, cache } = makePlace();
    const path = await write('image', await make());
    const [first, second] = await Promise.all([
      images.previewImage(path, { maxSide: 100 }),
      images.previewImage(path, { maxSide: 120 }),
    ]);
    const picture = await look(first.bytes);
    expect([picture.width, picture.height]).toEqual([128, 64]);
    expect(second).toBe(first);
    const [name] = await readdir(cache);
    expect(await readdir(cache)).toEqual([name]);
    // What is kept is what is given.
    await writeFile(join(cache, name!), 'kept');
    expect(Buffer.from((await images.previewImage(path, { maxSide: 100 })).bytes).toString()).toBe('kept');
    await utimes(path, new Date(), new Date(Date.now() + 5_000));
    expect((await look((await images.previewImage(path, { maxSide: 100 })).bytes)).width).toBe(128);
  });

  it('are not larger than the image', async () => {
    const { images, write } = makePlace();
    const picture = await look(
      (await images.previewImage(await write('a.png', makeRgbaPng(20, 10, slope(20, 10))), { maxSide: 200 })).bytes,
    );
    expect([picture.width, picture.height]).toEqual([20, 10]);
  });

  it('of a large image come of one decoding', async () => {
    const { images, write, cache } = makePlace();
    const path = await write('a.png', makeRgbaPng(4_100, 40, slope(4_100, 40)));
    expect((await look((await images.previewImage(path, { maxSide: 2_000 })).bytes)).width).toBe(2_048);
    const [largest] = await readdir(cache);
    const red = Buffer.from(await makeJpeg(2_048, 20, () => [1, 0, 0, 1]));
    await writeFile(join(cache, largest!), largest!.endsWith('.png') ? await new Transformer(red).png() : red);
    for (const [maxSide, width] of [
      [64, 64],
      [100, 128],
      [1_000, 1_024],
    ] as const) {
      const picture = await look((await images.previewImage(path, { maxSide })).bytes);
      expect(picture.width).toBe(width);
      expect(picture.at(30, 0)[1]).toBeLessThan(20);
    }
  });

  it('are refused by the size in the header, before anything is decoded', async () => {
    const { images, write } = makePlace();
    const png = Buffer.from(await makeRgbaPng(20, 10, slope(20, 10)));
    png.writeUInt32BE(60_000, 16);
    png.writeUInt32BE(50_000, 20);
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
    await expect(images.previewImage(await write('a.png', png), { maxSide: 200 })).rejects.toThrow(
      /has 60000 × 50000 pixels: too many to be shown in the memory there is\.$/,
    );
  });

  it('leave the cache when there is no room, those that were not asked for longest first', async () => {
    const { images, write, cache } = makePlace(20_000);
    const noise = (seed: number) =>
      makeJpeg(64, 64, (x, y) => [((x * 7919 + y * 104729 * seed) % 251) / 251, ((x * 31 + y * 17) % 83) / 83, 0.3, 1]);
    const sizes: number[] = [];
    for (let seed = 1; seed <= 6; seed++) {
      const path = await write(`${seed}.jpg`, noise(seed));
      const { bytes } = await images.previewImage(path, { maxSide: 64 });
      sizes.push(bytes.length);
      const held = await Promise.all(
        (await readdir(cache)).map(async (name) => (await readFile(join(cache, name))).length),
      );
      expect(held.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(20_000);
      expect(held).toContain(bytes.length);
      // Times of files are compared; older ones must be older.
      for (const name of await readdir(cache))
        await utimes(join(cache, name), new Date(), new Date(Date.now() - 60_000 + seed));
    }
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(20_000);
  });
});

describe('statistics', () => {
  const formats = {
    png: (shade: Parameters<typeof makeRgbaPng>[2]) => makeRgbaPng(80, 60, shade),
    jpeg: (shade: Parameters<typeof makeRgbaPng>[2]) => makeJpeg(80, 60, shade),
    webp: (shade: Parameters<typeof makeRgbaPng>[2]) => makeWebp(80, 60, shade),
    tiff: (shade: Parameters<typeof makeRgbaPng>[2]) => makeTiff(80, 60, shade, { bits: 16, channels: 4 }),
    exr: (shade: Parameters<typeof makeRgbaPng>[2]) => makeExr(80, 60, shade),
    'exr-multilayer': (shade: Parameters<typeof makeRgbaPng>[2]) =>
      makeExr(80, 60, shade, { prefix: 'ViewLayer.Combined.', others: ['ViewLayer.Depth.Z'] }),
  } as const;

  describe.each(Object.entries(formats) as [keyof typeof formats, (typeof formats)[keyof typeof formats]][])(
    'of %s',
    (format, make) => {
      const of = async (shade: Parameters<typeof makeRgbaPng>[2]) => {
        const { images, write } = makePlace();
        return images.imageStatistics(await write('image', make(shade)), format);
      };

      it('find nothing in a picture, even one that is black but for a dot', async () => {
        expect(await of(slope(80, 60))).toEqual({ uniform: false, black: false, transparent: false });
        expect(await of((x, y) => (x >= 70 && y >= 50 && x < 76 && y < 56 ? [1, 1, 1, 1] : [0, 0, 0, 1]))).toEqual({
          uniform: false,
          black: false,
          transparent: false,
        });
      });

      it('find black and one colour', async () => {
        expect(await of(() => [0, 0, 0, 1])).toEqual({ uniform: true, black: true, transparent: false });
        expect(await of(() => [0.25, 0.5, 0.125, 1])).toEqual({ uniform: true, black: false, transparent: false });
      });

      if (format === 'jpeg') return;
      it('find what is transparent', async () => {
        expect(await of(() => [0, 0, 0, 0])).toMatchObject({ transparent: true });
        expect(await of((x) => [0, 0, 0, x < 79 ? 0 : 1])).toMatchObject({ black: true, transparent: false });
      });
    },
  );

  it('take dithering for what it is', async () => {
    const { images, write } = makePlace();
    const dithered = makeRgbaPng(80, 60, (x, y) => [((x * 7 + y * 3) % 2) / 255, 0, ((x + y) % 2) / 255, 1]);
    expect(await images.imageStatistics(await write('a.png', dithered), 'png')).toEqual({
      uniform: true,
      black: true,
      transparent: false,
    });
  });

  it('are unknown for what cannot be decoded', async () => {
    const { images, write } = makePlace();
    expect(await images.imageStatistics(await write('a.png', Buffer.from('words')), 'png')).toBe(null);
    expect(await images.imageStatistics(await write('a.exr', makeExr(16, 16, slope(16, 16), { tile: 8 })), 'exr')).toBe(
      null,
    );
  });
});
