import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../../src/main/images/image-source';
import { inspectWebp } from '../../../src/main/images/webp';
import { makeWebp, slope } from '../../helpers/image-files';

const inspect = (bytes: Buffer): ReturnType<typeof inspectWebp> => inspectWebp(sourceOf(bytes));
const chunk = (type: string, body: Buffer): Buffer => {
  const head = Buffer.from(`${type}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
};
const riff = (...chunks: Buffer[]): Buffer => chunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...chunks]));
const canvas = (width: number, height: number): Buffer => {
  const body = Buffer.alloc(10);
  body.writeUIntLE(width - 1, 4, 3);
  body.writeUIntLE(height - 1, 7, 3);
  return chunk('VP8X', body);
};

describe('inspectWebp', () => {
  const image = async (lossless: boolean): Promise<Buffer> =>
    (await makeWebp(40, 30, slope(40, 30), lossless)).subarray(12);

  it('reads the extended form, with chunks that it does not know', async () => {
    for (const lossless of [true, false])
      expect(await inspect(riff(canvas(40, 30), chunk('EXIF', Buffer.alloc(5)), await image(lossless)))).toEqual({
        width: 40,
        height: 30,
      });
  });

  it.each<[string, () => Buffer | Promise<Buffer>, string]>([
    ['another RIFF', () => chunk('RIFF', Buffer.from('WAVEfmt ')), 'not a WebP'],
    [
      'a picture of another size than its canvas',
      async () => riff(canvas(41, 30), await image(true)),
      'not its canvas’s',
    ],
    ['a canvas without a picture', () => riff(canvas(40, 30)), 'has no pixels'],
    [
      'a file with something behind it',
      async () => Buffer.concat([riff(await image(true)), Buffer.from('more')]),
      'data after its end',
    ],
    [
      'a frame that depends on others',
      async () => riff(Buffer.from((await image(false)).fill(1, 8, 9))),
      'header is damaged',
    ],
    ['a chunk longer than the file', async () => riff(chunk('VP8L', Buffer.alloc(6)).fill(0xff, 4, 6)), 'cut short'],
  ])('refuses %s', async (_name, make, reason) => {
    await expect(inspect(await make())).rejects.toThrow(reason);
  });
});
