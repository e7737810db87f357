import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { verifyPng } from '../../../src/main/images/verify-image';
import { makePng } from '../../helpers/png';

/** Gives a chunk other contents, with a fitting length and checksum. */
function replaceChunk(png: Buffer, type: string, change: (body: Buffer) => Buffer): Buffer {
  const parts = [png.subarray(0, 8)];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    let body = png.subarray(at + 8, at + 8 + length);
    const name = png.toString('latin1', at + 4, at + 8);
    if (name === type) body = change(Buffer.from(body));
    const head = Buffer.alloc(4);
    head.writeUInt32BE(body.length);
    const typed = Buffer.concat([Buffer.from(name, 'latin1'), body]);
    const tail = Buffer.alloc(4);
    tail.writeUInt32BE(crc32(typed));
    parts.push(head, typed, tail);
    at += 12 + length;
  }
  return Buffer.concat(parts);
}

const rows = (width: number, height: number, filter = 0): Buffer =>
  Buffer.concat(Array.from({ length: height }, () => Buffer.concat([Buffer.from([filter]), Buffer.alloc(width * 3)])));

describe('verifyPng', () => {
  it('accepts a whole image', async () => {
    await expect(verifyPng(makePng(33, 17), 33, 17)).resolves.toBeUndefined();
  });

  it('accepts an interlaced image', async () => {
    // Seven reduced images follow each other; in an image of 5 × 5 pixels they have these numbers of columns and rows.
    const passes = [
      [1, 1],
      [1, 1],
      [2, 1],
      [1, 2],
      [3, 1],
      [2, 3],
      [5, 2],
    ] as const;
    const data = deflateSync(Buffer.concat(passes.map(([columns, lines]) => rows(columns, lines))));
    const png = replaceChunk(
      replaceChunk(makePng(5, 5), 'IHDR', (body) => {
        body[12] = 1;
        return body;
      }),
      'IDAT',
      () => data,
    );
    await expect(verifyPng(png, 5, 5)).resolves.toBeUndefined();
  });

  it('accepts an image whose data are split over several chunks', async () => {
    const data = deflateSync(rows(33, 17));
    const png = replaceChunk(makePng(33, 17), 'IDAT', () => data.subarray(0, 5));
    const chunk = Buffer.concat([Buffer.alloc(4), Buffer.from('IDAT', 'latin1'), data.subarray(5), Buffer.alloc(4)]);
    chunk.writeUInt32BE(data.length - 5);
    chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
    await expect(
      verifyPng(Buffer.concat([png.subarray(0, -12), chunk, png.subarray(-12)]), 33, 17),
    ).resolves.toBeUndefined();
  });

  it.each<[string, (png: Buffer) => Buffer, string]>([
    ['nothing', () => Buffer.alloc(0), 'not a PNG'],
    ['another kind of file', () => Buffer.from('GIF89a and more'), 'not a PNG'],
    ['an image without its last byte', (png) => png.subarray(0, -1), 'cut short'],
    ['an image without its end chunk', (png) => png.subarray(0, -12), 'cut short'],
    ['an image with something behind it', (png) => Buffer.concat([png, Buffer.from('more')]), 'after its end'],
    [
      'an image with one flipped bit in its data',
      (png) => {
        const copy = Buffer.from(png);
        copy[45]! ^= 1;
        return copy;
      },
      'checksum of its IDAT chunk',
    ],
    [
      'an image with one flipped bit in its header',
      (png) => {
        const copy = Buffer.from(png);
        copy[20]! ^= 1;
        return copy;
      },
      'checksum of its IHDR chunk',
    ],
    [
      'data that are no zlib stream',
      (png) => replaceChunk(png, 'IDAT', () => Buffer.from('nonsense')),
      'cannot be decompressed',
    ],
    [
      'a zlib stream that breaks off',
      (png) => replaceChunk(png, 'IDAT', (body) => body.subarray(0, -6)),
      'cannot be decompressed',
    ],
    [
      'a zlib stream with a wrong checksum',
      (png) =>
        replaceChunk(png, 'IDAT', (body) => {
          body[body.length - 1]! ^= 1;
          return body;
        }),
      'cannot be decompressed',
    ],
    ['too few rows', (png) => replaceChunk(png, 'IDAT', () => deflateSync(rows(33, 16))), 'fewer rows'],
    ['too many rows', (png) => replaceChunk(png, 'IDAT', () => deflateSync(rows(33, 18))), 'more rows'],
    [
      'a row with an unknown filter',
      (png) => replaceChunk(png, 'IDAT', () => deflateSync(Buffer.concat([rows(33, 16), rows(33, 1, 5)]))),
      'unknown filter',
    ],
    [
      'an interlaced image with the rows of one that is not',
      (png) =>
        replaceChunk(png, 'IHDR', (body) => {
          body[12] = 1;
          return body;
        }),
      'a row has',
    ],
    [
      'a colour type that does not exist',
      (png) =>
        replaceChunk(png, 'IHDR', (body) => {
          body[9] = 5;
          return body;
        }),
      'header is damaged',
    ],
    [
      'a palette image without palette',
      (png) =>
        replaceChunk(
          replaceChunk(png, 'IHDR', (body) => {
            body[9] = 3;
            return body;
          }),
          'IDAT',
          () => deflateSync(Buffer.alloc(34 * 17)),
        ),
      'no palette',
    ],
  ])('refuses %s', async (_name, change, reason) => {
    await expect(verifyPng(change(makePng(33, 17)), 33, 17)).rejects.toThrow(reason);
  });

  /** Too large to be decompressed in one step. */
  it.each<[string, Buffer, string]>([
    ['fewer rows', deflateSync(rows(200, 199)), 'fewer rows'],
    ['more rows', deflateSync(rows(200, 201)), 'more rows'],
    ['a row of an unknown filter', deflateSync(Buffer.concat([rows(200, 199), rows(200, 1, 5)])), 'unknown filter'],
    ['no zlib stream', Buffer.from('nonsense'), 'cannot be decompressed'],
  ])('refuses %s in a large image, too', async (_name, body, reason) => {
    const png = makePng(200, 200);
    await verifyPng(png, 200, 200);
    await expect(
      verifyPng(
        replaceChunk(png, 'IDAT', () => body),
        200,
        200,
      ),
    ).rejects.toThrow(reason);
  });

  it('refuses another size than was asked for', async () => {
    await expect(verifyPng(makePng(33, 17), 17, 33)).rejects.toThrow('33 × 17 pixels instead of 17 × 33');
  });

  it('does not decompress more than the image may have', async () => {
    const bomb = replaceChunk(makePng(4, 4), 'IDAT', () => deflateSync(Buffer.alloc(200_000_000)));
    const before = process.memoryUsage.rss();
    await expect(verifyPng(bomb, 4, 4)).rejects.toThrow('more rows');
    expect(process.memoryUsage.rss() - before).toBeLessThan(50_000_000);
  });

  it('lets the event loop go on while it checks a large image', async () => {
    const noise = Buffer.alloc((3 * 2000 + 1) * 2000);
    for (let i = 0, x = 1; i < noise.length; i++)
      noise[i] = i % 6001 === 0 ? 1 : (x = (x * 1103515245 + 12345) & 0x7fffffff) >> 16;
    const png = replaceChunk(makePng(2000, 2000), 'IDAT', () => deflateSync(noise, { level: 1 }));
    let turns = 0;
    let checking = true;
    const count = (): void => {
      turns++;
      if (checking) setImmediate(count);
    };
    setImmediate(count);
    await verifyPng(png, 2000, 2000);
    checking = false;
    // A turn for every slice of a megabyte at the least; done in one go there would be a handful.
    expect(turns).toBeGreaterThan(12);
  });
});
