import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32, createInflate } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Channels of each colour type, and the bit depths it may have (PNG 3rd edition, table 12). */
const COLOR_TYPES: Record<number, { channels: number; depths: readonly number[] }> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};
/** Bytes that are checked between two turns of the event loop: about a millisecond's work. */
const SLICE = 1 << 20;

interface Header {
  readonly width: number;
  readonly height: number;
  /** Bytes of one row, without its filter byte. */
  readonly rowBytes: number;
}

/**
 * Checks that a PNG is whole and decodable: signature, every chunk's length and CRC, header, compressed data, the filter of every row. The work is done in
 * slices and in zlib's threads, so that the event loop goes on.
 *
 * @param width pixels that it must have
 * @throws Error with one sentence about what is wrong
 */
export async function verifyPng(bytes: Uint8Array, width: number, height: number): Promise<void> {
  if (bytes.length < 8 || !SIGNATURE.equals(bytes.subarray(0, 8))) throw new Error('The image is not a PNG.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: Uint8Array[] = [];
  let header: Header | null = null;
  let palette = false;
  let ended = false;
  let sinceTurn = 0;
  for (let at = 8; at < bytes.length; ) {
    if (ended) throw new Error('The image has data after its end.');
    if (at + 12 > bytes.length) throw new Error('The image is cut short.');
    const length = view.getUint32(at);
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    const end = at + 8 + length;
    if (end + 4 > bytes.length) throw new Error('The image is cut short.');
    let crc = 0;
    for (let from = at + 4; from < end; from += SLICE) {
      const to = Math.min(from + SLICE, end);
      crc = crc32(bytes.subarray(from, to), crc);
      sinceTurn += to - from;
      if (sinceTurn >= SLICE) {
        sinceTurn = 0;
        await nextTurn();
      }
    }
    if (crc !== view.getUint32(end)) throw new Error(`The image is damaged: the checksum of its ${type} chunk is wrong.`);
    const body = bytes.subarray(at + 8, end);
    if (header === null) {
      if (type !== 'IHDR') throw new Error('The image has no header.');
      header = readHeader(body, width, height);
      palette = body[9] === 3;
    } else if (type === 'IDAT') data.push(body);
    else if (type === 'PLTE') palette = false;
    else if (type === 'IEND') ended = true;
    at = end + 4;
  }
  if (header === null) throw new Error('The image has no header.');
  if (!ended) throw new Error('The image is cut short.');
  if (palette) throw new Error('The image has no palette.');
  await checkRows(data, header);
}

function readHeader(body: Uint8Array, width: number, height: number): Header {
  if (body.length !== 13) throw new Error('The image’s header is damaged.');
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const actual = { width: view.getUint32(0), height: view.getUint32(4) };
  if (actual.width !== width || actual.height !== height) {
    throw new Error(`The image has ${actual.width} × ${actual.height} pixels instead of ${width} × ${height}.`);
  }
  const depth = body[8]!;
  const color = COLOR_TYPES[body[9]!];
  if (!color?.depths.includes(depth) || body[10] !== 0 || body[11] !== 0) throw new Error('The image’s header is damaged.');
  if (body[12] !== 0) throw new Error('The image is interlaced, which no engine asked for.');
  return { ...actual, rowBytes: Math.ceil((width * color.channels * depth) / 8) };
}

/** Decompresses the rows without keeping them. */
function checkRows(data: readonly Uint8Array[], { rowBytes, height }: Header): Promise<void> {
  const stride = rowBytes + 1;
  const expected = stride * height;
  return new Promise((resolve, reject) => {
    const inflate = createInflate({ chunkSize: 1 << 18 });
    let position = 0;
    const fail = (message: string): void => {
      inflate.destroy();
      reject(new Error(message));
    };
    inflate.on('data', (chunk: Buffer) => {
      // The next row starts where the position is a multiple of the stride.
      for (let at = (stride - (position % stride)) % stride; at < chunk.length; at += stride) {
        if (chunk[at]! > 4) return fail('The image is damaged: a row has an unknown filter.');
      }
      position += chunk.length;
      if (position > expected) fail('The image has more rows than it says.');
    });
    inflate.on('end', () => {
      if (position < expected) fail('The image has fewer rows than it says.');
      else resolve();
    });
    inflate.on('error', () => fail('The image is damaged: its pixels cannot be decompressed.'));
    void feed(inflate, data);
  });
}

async function feed(inflate: ReturnType<typeof createInflate>, data: readonly Uint8Array[]): Promise<void> {
  for (const part of data) {
    for (let from = 0; from < part.length; from += SLICE) {
      if (inflate.destroyed) return;
      if (!inflate.write(part.subarray(from, from + SLICE))) await new Promise<void>((resolve) => {
        const done = (): void => {
          inflate.off('drain', done).off('close', done);
          resolve();
        };
        inflate.on('drain', done).on('close', done);
      });
    }
  }
  if (!inflate.destroyed) inflate.end();
}
