import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../../src/main/images/image-source';
import { inspectJpeg } from '../../../src/main/images/jpeg';
import { makeJpeg, slope } from '../../helpers/image-files';

const inspect = (bytes: Buffer): ReturnType<typeof inspectJpeg> => inspectJpeg(sourceOf(bytes));
/** Where a marker's two bytes lie. */
const markerAt = (file: Buffer, marker: number): number => file.indexOf(Buffer.from([0xff, marker]));

describe('inspectJpeg', () => {
  const whole = makeJpeg(40, 30, slope(40, 30));
  const changed = async (change: (file: Buffer) => Buffer | void): Promise<Buffer> => {
    const file = Buffer.from(await whole);
    return change(file) ?? file;
  };

  it.each([
    ['filling', Buffer.alloc(100_000, 0xff)],
    ['empty segments', Buffer.alloc(400_000, Buffer.from([0xff, 0xfe, 0, 2]))],
  ])('refuses more %s than any image has', async (_what, much) => {
    await expect(
      inspect(await changed((file) => Buffer.concat([file.subarray(0, 2), much, file.subarray(2)]))),
    ).rejects.toThrow('too many segments');
  });

  it('reads over bytes of filling, restart markers and what follows the end', async () => {
    const size = { width: 40, height: 30 };
    expect(
      await inspect(
        await changed((file) => Buffer.concat([file.subarray(0, 2), Buffer.from([0xff, 0xff]), file.subarray(2)])),
      ),
    ).toEqual(size);
    expect(
      await inspect(
        await changed((file) => Buffer.concat([file.subarray(0, -10), Buffer.from([0xff, 0xd0]), file.subarray(-10)])),
      ),
    ).toEqual(size);
    expect(await inspect(await changed((file) => Buffer.concat([file, Buffer.from('a map of depth')])))).toEqual(size);
  });

  it.each<[string, (file: Buffer) => Buffer | void, string]>([
    ['what is no JPEG', () => Buffer.from('GIF89a'), 'not a JPEG'],
    ['a file without its last marker', (file) => file.subarray(0, -2), 'cut short'],
    [
      'a segment longer than the file',
      (file) => void file.writeUInt16BE(0xffff, markerAt(file, 0xdb) + 2),
      'cut short',
    ],
    [
      'a segment that ends in another',
      (file) => void file.writeUInt16BE(20, markerAt(file, 0xdb) + 2),
      'marker is missing',
    ],
    ['a picture without height', (file) => void file.writeUInt16BE(0, markerAt(file, 0xc0) + 5), 'header is damaged'],
    [
      'a header without pixels',
      (file) => Buffer.concat([file.subarray(0, markerAt(file, 0xda)), Buffer.from([0xff, 0xd9])]),
      'has no pixels',
    ],
    [
      'a scan without data',
      (file) =>
        Buffer.concat([
          file.subarray(0, markerAt(file, 0xda) + 2 + file.readUInt16BE(markerAt(file, 0xda) + 2)),
          Buffer.from([0xff, 0xd9]),
        ]),
      'a scan has no data',
    ],
  ])('refuses %s', async (_name, change, reason) => {
    await expect(inspect(await changed(change))).rejects.toThrow(reason);
  });
});
