import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';

/**
 * Compression of a .blend: Blender up to 2.93 uses gzip, from 3.0 zstd; some programs compress whole files themselves.
 */
export type Packing = 'none' | 'gzip' | 'zstd';

/**
 * Compressed bytes processed per step: they unpack to a few hundred kilobytes in a few milliseconds, on the event loop.
 */
const ZSTD_SLICE = 8 * 1024;

/**
 * Maximum number of bytes unpacked from a zstd file: only its front is needed, and a kilobyte can expand to a hundred
 * megabytes.
 */
const MAX_UNPACKED = 64 * 1024 ** 2;

/** The compression indicated by a file's first bytes. */
export function packingOf(head: Uint8Array): Packing {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  const magic = head.length >= 4 ? Buffer.from(head.buffer, head.byteOffset, 4).readUInt32LE(0) : 0;
  return magic === ZSTD_MAGIC || isSkippable(magic) ? 'zstd' : 'none';
}

/**
 * Yields the unpacked bytes of a file from its start, on demand.
 *
 * @throws Error when the compressed data is damaged or truncated
 */
export async function* unpacked(file: FileHandle, packing: Packing): AsyncGenerator<Uint8Array> {
  if (packing === 'none') yield* piecesOf(file);
  else if (packing === 'gzip') yield* gunzipped(file);
  else yield* unzstd(file);
}

/** Yields a file from its start, regardless of its read position. A stream would close the file when abandoned. */
async function* piecesOf(file: FileHandle, length = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function* gunzipped(file: FileHandle): AsyncGenerator<Uint8Array> {
  const packed = Readable.from(piecesOf(file));
  const gunzip = createGunzip();
  packed.once('error', (error) => gunzip.destroy(error));
  try {
    yield* packed.pipe(gunzip) as AsyncIterable<Uint8Array>;
  } finally {
    packed.destroy();
    gunzip.destroy();
  }
}

async function* unzstd(file: FileHandle): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  let total = 0;
  const decompress = new Decompress((chunk) => {
    total += chunk.length;
    // The decoder reuses its output buffer.
    if (chunk.length > 0 && total <= MAX_UNPACKED) ready.push(chunk.slice());
  });
  for await (const packed of piecesOf(file, ZSTD_SLICE)) {
    decompress.push(packed as Uint8Array);
    yield* ready;
    ready = [];
    if (total > MAX_UNPACKED) return;
    await nextTurn();
  }
}

/** RFC 8878, section 3.1.1 and 3.1.2. */
const ZSTD_MAGIC = 0xfd2fb528;
const isSkippable = (magic: number): boolean => magic >>> 4 === 0x184d2a5;

/**
 * Whether all frames of a zstd file are complete. Block headers contain their length, so nothing is unpacked (RFC 8878,
 * section 3.1.1).
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
    // Other data may follow the last frame; Blender ignores it.
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
      // A block of type 1 is one repeated byte.
      offset += 3 + (((value >> 1) & 3) === 1 ? 1 : value >> 3);
    }
    if ((descriptor & 4) !== 0) offset += 4;
  }
  return offset === size;
}
