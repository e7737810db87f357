import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';
import type { BlendFile } from './read-blend';

/** A .blend's thumbnail as a data URL. */
export async function thumbnailUrl({ width, height, pixels }: NonNullable<BlendFile['thumbnail']>): Promise<string> {
  const stride = width * 4;
  const rows = Buffer.alloc((stride + 1) * height);
  // The .blend starts with the bottom row, PNG with the top one; each PNG row begins with its filter type, none.
  for (let y = 0; y < height; y++)
    rows.set(pixels.subarray((height - 1 - y) * stride, (height - y) * stride), y * (stride + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits per channel, RGBA.
  header.set([8, 6], 8);
  const png = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', await promisify(deflate)(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return `data:image/png;base64,${png.toString('base64')}`;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
