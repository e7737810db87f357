import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';

/** How a .blend is packed: Blender up to 2.93 compresses with gzip, from 3.0 with zstd; some programs compress whole files themselves. */
export type Packing = 'none' | 'gzip' | 'zstd';

/** Compressed bytes that are taken at once: they unpack to a few hundred kilobytes in a few milliseconds, on the event loop. */
const ZSTD_SLICE = 8 * 1024;

/** The packing that a file's first bytes tell of. */
export function packingOf(head: Uint8Array): Packing {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  const magic = head.length >= 4 ? Buffer.from(head.buffer, head.byteOffset, 4).readUInt32LE(0) : 0;
  return magic === ZSTD_MAGIC || isSkippable(magic) ? 'zstd' : 'none';
}

/**
 * The unpacked bytes of a file from its start, as far as they are asked for.
 *
 * @throws Error when the packed data is damaged or breaks off
 */
export async function* unpacked(path: string, packing: Packing): AsyncGenerator<Uint8Array> {
  if (packing === 'none') yield* createReadStream(path);
  else if (packing === 'gzip') yield* gunzipped(path);
  else yield* unzstd(path);
}

async function* gunzipped(path: string): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path);
  const gunzip = createGunzip();
  file.once('error', (error) => gunzip.destroy(error));
  try {
    yield* file.pipe(gunzip) as AsyncIterable<Uint8Array>;
  } finally {
    file.destroy();
    gunzip.destroy();
  }
}

async function* unzstd(path: string): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const decompress = new Decompress((chunk) => {
    // It lends its own buffer, which it writes into again.
    if (chunk.length > 0) ready.push(chunk.slice());
  });
  for await (const packed of createReadStream(path, { highWaterMark: ZSTD_SLICE })) {
    decompress.push(packed as Uint8Array);
    yield* ready;
    ready = [];
    await nextTurn();
  }
}

/** RFC 8878, section 3.1.1 and 3.1.2. */
const ZSTD_MAGIC = 0xfd2fb528;
const isSkippable = (magic: number): boolean => magic >>> 4 === 0x184d2a5;

/**
 * Whether a zstd file has all its frames to their ends. Blocks tell their length, so nothing is unpacked (RFC 8878, section 3.1.1).
 *
 * @param size of the file in bytes
 */
export async function isWholeZstd(file: FileHandle, size: number): Promise<boolean> {
  const at = async (offset: number, length: number): Promise<Buffer | null> => {
    if (offset + length > size) return null;
    const bytes = Buffer.alloc(length);
    return (await file.read(bytes, 0, length, offset)).bytesRead === length ? bytes : null;
  };
  let offset = 0;
  while (offset < size) {
    const head = await at(offset, 8);
    if (!head) return false;
    const magic = head.readUInt32LE(0);
    if (isSkippable(magic)) {
      offset += 8 + head.readUInt32LE(4);
      continue;
    }
    // Something else may follow the last frame; Blender does not mind.
    if (magic !== ZSTD_MAGIC) return offset > 0;
    const descriptor = head[4]!;
    const singleSegment = (descriptor & 0x20) !== 0;
    offset +=
      5 + (singleSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]! + [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
    for (let last = false; !last;) {
      const block = await at(offset, 3);
      if (!block) return false;
      const value = block.readUIntLE(0, 3);
      last = (value & 1) !== 0;
      // A block of type 1 is one byte that is repeated.
      offset += 3 + (((value >> 1) & 3) === 1 ? 1 : value >> 3);
    }
    if ((descriptor & 4) !== 0) offset += 4;
  }
  return offset === size;
}
