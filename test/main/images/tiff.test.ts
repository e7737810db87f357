import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../../src/main/images/image-source';
import { hasPremultipliedAlpha, inspectTiff } from '../../../src/main/images/tiff';
import { type TiffOptions, makeTiff, slope } from '../../helpers/image-files';

const inspect = (bytes: Buffer): ReturnType<typeof inspectTiff> => inspectTiff(sourceOf(bytes));

/** Changes the entry of a tag in a little-endian classic file: tag, type, count, value. */
function withEntry(tag: number, change: (file: Buffer, entry: number) => void, options: TiffOptions = {}): Buffer {
  const file = Buffer.from(makeTiff(20, 20, slope(20, 20), options));
  const directory = file.readUInt32LE(4);
  for (let entry = directory + 2; ; entry += 12) {
    if (file.readUInt16LE(entry) !== tag) continue;
    change(file, entry);
    return file;
  }
}

describe('inspectTiff', () => {
  it.each<[string, Buffer, string]>([
    ['what is no TIFF', Buffer.from('PK\x03\x04 and more'), 'not a TIFF'],
    ['another version', Buffer.from('II\x2c\0\x08\0\0\0'), 'not a TIFF'],
    ['a file whose directory was never written', Buffer.from('II*\0\0\0\0\0'), 'cut short'],
    [
      'a strip behind the end',
      withEntry(273, (file, entry) => file.writeUInt32LE(1 << 30, file.readUInt32LE(entry + 8))),
      'cut short',
    ],
    [
      'a strip that is too short for its rows',
      withEntry(279, (file, entry) => file.writeUInt32LE(3, file.readUInt32LE(entry + 8))),
      'strip is too short',
    ],
    [
      'fewer strips than its height asks for',
      withEntry(257, (file, entry) => file.writeUInt32LE(200, entry + 8)),
      'not as many strips',
    ],
    ['billions of strips', withEntry(273, (file, entry) => file.writeUInt32LE(0x3fffffff, entry + 4)), 'cut short'],
    ['a picture without width', withEntry(256, (file, entry) => file.writeUInt32LE(0, entry + 8)), 'header is damaged'],
    ['a width that is a text', withEntry(256, (file, entry) => file.writeUInt16LE(2, entry + 2)), 'header is damaged'],
    [
      'tiles without width',
      withEntry(322, (file, entry) => file.writeUInt32LE(0, entry + 8), { tile: 16 }),
      'header is damaged',
    ],
    [
      'a picture without a colour space',
      withEntry(262, (file, entry) => file.writeUInt16LE(60_000, entry)),
      'header is damaged',
    ],
  ])('refuses %s', async (_name, file, reason) => {
    await expect(inspect(file)).rejects.toThrow(reason);
  });

  it('tells whether colours are multiplied by their alpha', async () => {
    const file = (options: TiffOptions): Buffer => makeTiff(4, 4, slope(4, 4), options);
    expect(await hasPremultipliedAlpha(sourceOf(file({ channels: 4, premultiplied: true })))).toBe(true);
    expect(await hasPremultipliedAlpha(sourceOf(file({ channels: 4 })))).toBe(false);
    expect(await hasPremultipliedAlpha(sourceOf(file({})))).toBe(false);
  });
});
