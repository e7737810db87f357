import { describe, expect, it } from 'vitest';
import { inspectExr } from '../../../src/main/images/exr';
import { sourceOf } from '../../../src/main/images/image-source';
import { makeExr, slope } from '../../helpers/image-files';

const inspect = (bytes: Buffer): ReturnType<typeof inspectExr> => inspectExr(sourceOf(bytes));
const shade = slope(40, 40);

/** Where the value of an attribute lies. */
function valueOf(file: Buffer, name: string, type: string): number {
  const found = file.indexOf(`${name}\0${type}\0`);
  if (found === -1) throw new Error(`no ${name}`);
  return found + name.length + type.length + 6;
}

/** Where the table of offsets begins: behind the last attribute and its zero. */
const tableOf = (file: Buffer): number => valueOf(file, 'screenWindowWidth', 'float') + 5;

function changed(change: (file: Buffer) => void): Buffer {
  const file = Buffer.from(makeExr(40, 40, shade));
  change(file);
  return file;
}

function moreBlocks(): Buffer {
  const file = makeExr(40, 40, shade, { parts: ['a', 'b'] });
  file.writeInt32LE(4, valueOf(file, 'chunkCount', 'int'));
  return file;
}

describe('inspectExr', () => {
  it('names the layers', async () => {
    const file = makeExr(8, 8, shade, {
      prefix: 'ViewLayer.Combined.',
      others: ['ViewLayer.Depth.Z', 'ViewLayer.Normal.X'],
    });
    expect(await inspect(file)).toMatchObject({
      multilayer: true,
      layers: ['ViewLayer.Combined', 'ViewLayer.Depth', 'ViewLayer.Normal'],
    });
    expect(await inspect(makeExr(8, 8, shade, { parts: ['left', 'right'] }))).toMatchObject({
      multilayer: false,
      layers: ['left', 'right'],
    });
  });

  it.each<[string, Buffer, string]>([
    ['another version', changed((file) => file.writeUInt8(3, 4)), 'header is damaged, or newer'],
    ['an unknown flag', changed((file) => file.writeUInt8(0x80, 5)), 'header is damaged, or newer'],
    [
      'an unknown compression',
      changed((file) => file.writeUInt8(77, valueOf(file, 'compression', 'compression'))),
      'unknown way (77)',
    ],
    [
      'a window without pixels',
      changed((file) => file.writeInt32LE(-5, valueOf(file, 'dataWindow', 'box2i') + 8)),
      'header is damaged',
    ],
    [
      'a window of billions of lines',
      changed((file) => file.writeInt32LE(0x7ffffffe, valueOf(file, 'dataWindow', 'box2i') + 12)),
      'header is damaged',
    ],
    [
      'an attribute longer than the file',
      changed((file) => file.writeInt32LE(1 << 20, valueOf(file, 'dataWindow', 'box2i') - 4)),
      'cut short',
    ],
    [
      'a channel of unknown type',
      changed((file) => file.writeInt32LE(9, valueOf(file, 'channels', 'chlist') + 2)),
      'header is damaged',
    ],
    [
      'a hole in the table of offsets',
      changed((file) => file.fill(0, tableOf(file) + 8, tableOf(file) + 16)),
      'cut short',
    ],
    ['an offset into the header', changed((file) => file.writeBigUInt64LE(20n, tableOf(file))), 'header is damaged'],
    ['an offset behind the end', changed((file) => file.writeBigUInt64LE(1n << 40n, tableOf(file))), 'cut short'],
    [
      'two blocks that changed places',
      changed((file) => file.copyWithin(tableOf(file), tableOf(file) + 8, tableOf(file) + 16)),
      'not where it should be',
    ],
    [
      'a block of no length',
      changed((file) => file.writeInt32LE(0, Number(file.readBigUInt64LE(tableOf(file))) + 4)),
      'wrong length',
    ],
    [
      'a block longer than the file',
      changed((file) => file.writeInt32LE(1 << 30, Number(file.readBigUInt64LE(tableOf(file))) + 4)),
      'cut short',
    ],
    ['a flipped bit in the pixels', changed((file) => (file[file.length - 20]! ^= 1)), 'cannot be decompressed'],
    ['more blocks than its size asks for', moreBlocks(), 'header is damaged'],
  ])('refuses %s', async (_name, file, reason) => {
    await expect(inspect(file)).rejects.toThrow(reason);
  });
});
