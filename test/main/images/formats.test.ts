import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imageVerifier } from '../../helpers/image-verifier';
import type { ImageFormat } from '../../../src/shared/image-format';
import {
  makeBmp,
  makeExr,
  makeHdr,
  makeJpeg,
  makeJpeg2000,
  makeRgbaPng,
  makeTarga,
  makeTiff,
  makeWebp,
  slope,
} from '../../helpers/image-files';
import { temporaryFolder } from '../../helpers/temporary-folder';

const WIDTH = 61;
const HEIGHT = 37;
const shade = slope(WIDTH, HEIGHT);
/** Noise, so that nothing is so small that a tenth of it is nothing. */
const noise = (x: number, y: number): [number, number, number, number] => [
  ((x * 7919 + y * 104729) % 251) / 251,
  ((x * 31 + y * 17) % 83) / 83,
  0.3,
  1,
];

const samples: [string, ImageFormat, () => Buffer | Promise<Buffer>][] = [
  ['PNG', 'png', () => makeRgbaPng(WIDTH, HEIGHT, noise)],
  ['JPEG', 'jpeg', () => makeJpeg(WIDTH, HEIGHT, noise)],
  ['lossy WebP', 'webp', () => makeWebp(WIDTH, HEIGHT, noise)],
  ['lossless WebP', 'webp', () => makeWebp(WIDTH, HEIGHT, noise, true)],
  ['WebP with alpha', 'webp', () => makeWebp(WIDTH, HEIGHT, (x, y) => [x / WIDTH, y / HEIGHT, 0, x / WIDTH])],
  ['TIFF', 'tiff', () => makeTiff(WIDTH, HEIGHT, noise)],
  ['TIFF, big-endian', 'tiff', () => makeTiff(WIDTH, HEIGHT, noise, { order: 'MM', bits: 16 })],
  ['TIFF, grey, in one strip', 'tiff', () => makeTiff(WIDTH, HEIGHT, noise, { channels: 1, rowsPerStrip: HEIGHT })],
  ['TIFF, Deflate, with alpha', 'tiff', () => makeTiff(WIDTH, HEIGHT, noise, { channels: 4, deflate: true })],
  ['TIFF of floats', 'tiff', () => makeTiff(WIDTH, HEIGHT, noise, { bits: 32 })],
  ['TIFF with tiles', 'tiff', () => makeTiff(WIDTH, HEIGHT, noise, { tile: 16 })],
  ['BigTIFF', 'tiff', () => makeTiff(WIDTH, HEIGHT, noise, { big: true })],
  ['BigTIFF, big-endian', 'tiff', () => makeTiff(WIDTH, HEIGHT, noise, { big: true, order: 'MM' })],
  ['BMP', 'bmp', () => makeBmp(WIDTH, HEIGHT, noise)],
  ['Targa', 'targa', () => makeTarga(WIDTH, HEIGHT, noise)],
  [
    'Targa, not compressed, of version 1',
    'targa',
    () => makeTarga(WIDTH, HEIGHT, noise, { runs: false, footer: false }),
  ],
  ['Radiance HDR', 'hdr', () => makeHdr(WIDTH, HEIGHT, noise)],
  ['JPEG 2000', 'jpeg2000', () => makeJpeg2000(WIDTH, HEIGHT)],
  ['OpenEXR', 'exr', () => makeExr(WIDTH, HEIGHT, shade)],
  [
    'OpenEXR of floats, line by line',
    'exr',
    () => makeExr(WIDTH, HEIGHT, noise, { compression: 'ZIPS', type: 'float' }),
  ],
  ['OpenEXR, not compressed', 'exr', () => makeExr(WIDTH, HEIGHT, noise, { compression: 'NONE' })],
  ['OpenEXR with tiles', 'exr', () => makeExr(WIDTH, HEIGHT, noise, { tile: 16, compression: 'ZIP' })],
  [
    'OpenEXR with layers',
    'exr-multilayer',
    () => makeExr(WIDTH, HEIGHT, noise, { prefix: 'ViewLayer.Combined.', others: ['ViewLayer.Depth.Z'] }),
  ],
  ['OpenEXR of two parts', 'exr', () => makeExr(WIDTH, HEIGHT, noise, { parts: ['left', 'right'] })],
];

describe.each(samples)('%s', (_name, format, make) => {
  async function file(bytes: Uint8Array): Promise<string> {
    const path = join(temporaryFolder(), 'image');
    await writeFile(path, bytes);
    return path;
  }

  it('passes whole, with its own format and size only', async () => {
    const path = await file(await make());
    await imageVerifier.verify(path, format, WIDTH, HEIGHT);
    expect(await imageVerifier.inspect(path)).toEqual({ format, width: WIDTH, height: HEIGHT });
    await expect(imageVerifier.verify(path, format, HEIGHT, WIDTH)).rejects.toThrow(
      '61 × 37 pixels instead of 37 × 61',
    );
    await expect(imageVerifier.verify(path, format === 'png' ? 'jpeg' : 'png', WIDTH, HEIGHT)).rejects.toThrow(
      'is not a ',
    );
  });

  it('is found to be cut short, wherever it is', async () => {
    const whole = await make();
    for (let cut = 0; cut < 40; cut++) {
      const path = await file(whole.subarray(0, Math.floor((whole.length * cut) / 40)));
      await expect(imageVerifier.verify(path, format, WIDTH, HEIGHT), `${cut} fortieths`).rejects.toThrow(
        /^The image.*\.$/,
      );
    }
    await expect(
      imageVerifier.verify(await file(whole.subarray(0, -1)), format, WIDTH, HEIGHT),
      'all but a byte',
    ).rejects.toThrow();
    expect(await imageVerifier.inspect(await file(whole.subarray(0, whole.length >> 1)))).toBe(null);
  });
});

// Zeros are pixels like any others to lossy WebP, uncompressed pixels and BigTIFF, which nothing here decodes.
describe.each(samples.filter(([name]) => /PNG|JPEG|lossless|Deflate|OpenEXR$|line by line/.test(name)))(
  '%s',
  (_name, format, make) => {
    it('is not taken for whole when its end was never written', async () => {
      const path = join(temporaryFolder(), 'image');
      const whole = Buffer.from(await make());
      await writeFile(path, whole.fill(0, whole.length >> 1));
      await expect(imageVerifier.verify(path, format, WIDTH, HEIGHT)).rejects.toThrow();
    });
  },
);

it('takes OpenEXR with layers where OpenEXR is asked for, and not the other way round', async () => {
  const folder = temporaryFolder();
  const [flat, layered] = [join(folder, 'flat.exr'), join(folder, 'layered.exr')];
  await writeFile(flat, makeExr(8, 8, shade));
  await writeFile(layered, makeExr(8, 8, shade, { prefix: 'ViewLayer.Combined.' }));
  await imageVerifier.verify(layered, 'exr', 8, 8);
  await expect(imageVerifier.verify(flat, 'exr-multilayer', 8, 8)).rejects.toThrow('without layers');
});

it('names a file that is not there', async () => {
  await expect(imageVerifier.verify(join(temporaryFolder(), 'no.png'), 'png', 1, 1)).rejects.toThrow('ENOENT');
  expect(await imageVerifier.inspect(join(temporaryFolder(), 'no.png'))).toBe(null);
});
