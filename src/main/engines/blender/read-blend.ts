import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '../../../shared/user-error';
import { openRegularFile } from '../../data/open-regular-file';
import { unreadableScene } from '../../scenes/unreadable-scene';
import { isWholeZstd, type Packing, packingOf, unpacked } from './blend-content';

/** What the front of a .blend contains: readable without Blender. */
export interface BlendFile {
  /** Size of the file in bytes. */
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Of the Blender that wrote it, as `3.4`. */
  readonly version: string;
  readonly packing: Packing;
  /** The active scene and its frame range; null if the file lacks them. */
  readonly render: { readonly scene: string; readonly frameStart: number; readonly frameEnd: number } | null;
  /** RGBA with four bytes per pixel, bottom row first; null if the file has none. */
  readonly thumbnail: { readonly width: number; readonly height: number; readonly pixels: Uint8Array } | null;
}

/** Larger images are not thumbnails: Blender writes 128 or 256 pixels. */
const MAX_THUMBNAIL_SIDE = 1_024;
/** Bytes to search: the data of interest comes first. */
const MAX_FRONT = 8 * 1024 * 1024;
const WINDOW = 256 * 1024;

/** Encoding of numbers and blocks in a file. */
interface Form {
  readonly version: string;
  readonly headerBytes: number;
  readonly littleEndian: boolean;
  /** `small4` and `small8` up to Blender 4.5, by the size of pointers; `large8` from 5.0. */
  readonly blocks: 'small4' | 'small8' | 'large8';
}

/** Length of a block header. */
const BLOCK_HEAD = { small4: 20, small8: 24, large8: 32 } as const;

/**
 * Reads the front of a .blend, and checks that the file is not truncated. May take seconds of CPU time: the host calls
 * it through blend-reader.ts, in a thread.
 *
 * @param path absolute
 * @throws UserError, one sentence that names the file and what is wrong with it
 */
export async function readBlend(path: string): Promise<BlendFile> {
  const name = basename(path);
  let handle: FileHandle | undefined;
  try {
    handle = await openRegularFile(path);
    const info = await handle.stat();
    if (info.size === 0) throw new UserError(`“${name}” is empty: save or copy it again.`);
    const head = Buffer.alloc(Math.min(32, info.size));
    await handle.read(head, 0, head.length, 0);
    const packing = packingOf(head);
    const front = await readFront(handle, packing, name);
    if (!(await isWhole(handle, info.size, packing, front.form)))
      throw new UserError(`“${name}” breaks off after ${info.size} bytes: save or copy it again.`);
    return {
      bytes: info.size,
      modifiedMs: info.mtimeMs,
      version: front.form.version,
      packing,
      render: front.render,
      thumbnail: front.thumbnail,
    };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw (
      unreadableScene(error, path, 'a .blend file') ??
      new UserError(`“${path}” cannot be read: ${(error as Error).message}.`)
    );
  } finally {
    await handle?.close();
  }
}

async function readFront(
  file: FileHandle,
  packing: Packing,
  name: string,
): Promise<{ form: Form } & Pick<BlendFile, 'render' | 'thumbnail'>> {
  const content = new Front(unpacked(file, packing));
  let render: BlendFile['render'] = null;
  let thumbnail: BlendFile['thumbnail'] = null;
  try {
    const form = formOf((await content.peek(17)) ?? new Uint8Array(), name);
    await content.take(form.headerBytes);
    while (content.taken < MAX_FRONT) {
      const block = blockHead(await content.take(BLOCK_HEAD[form.blocks]), form);
      if (block.length < 0) throw new Damaged('a block in it has no sensible length');
      if (block.code === 'REND') render ??= readRender(await content.take(Math.min(block.length, MAX_FRONT)), form);
      else if (block.code === 'TEST')
        thumbnail ??= readThumbnail(await content.take(Math.min(block.length, MAX_FRONT)), form);
      else break;
    }
    // A gzip file has its checksum at the end; zlib decompresses in a thread of its own.
    if (packing === 'gzip') await content.skipAll();
    return { form, render, thumbnail };
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof Damaged) throw new UserError(`“${name}” is damaged: ${error.message}. Save or copy it again.`);
    if (packing === 'none') throw error;
    throw new UserError(`“${name}” is damaged: its compressed data cannot be unpacked. Save or copy it again.`);
  } finally {
    await content.close();
  }
}

/** The file is not a valid .blend; the message becomes part of a sentence. */
class Damaged extends Error {}

/** Reads the front of a file incrementally. */
class Front {
  #pieces: AsyncGenerator<Uint8Array>;
  #buffer: Buffer = Buffer.alloc(0);
  /** Bytes consumed so far. */
  taken = 0;

  constructor(pieces: AsyncGenerator<Uint8Array>) {
    this.#pieces = pieces;
  }

  /** The next bytes without consuming them; fewer at the end of the file. */
  async peek(length: number): Promise<Buffer> {
    const pieces = [this.#buffer];
    let have = this.#buffer.length;
    while (have < length) {
      const next = await this.#pieces.next();
      if (next.done) break;
      pieces.push(Buffer.from(next.value.buffer, next.value.byteOffset, next.value.length));
      have += next.value.length;
    }
    if (pieces.length > 1) this.#buffer = Buffer.concat(pieces);
    return this.#buffer.subarray(0, length);
  }

  async take(length: number): Promise<Buffer> {
    const bytes = await this.peek(length);
    if (bytes.length < length) throw new Damaged(`it breaks off after ${this.taken + bytes.length} bytes`);
    this.#buffer = this.#buffer.subarray(length);
    this.taken += length;
    return bytes;
  }

  /** Consumes the file to its end. */
  async skipAll(): Promise<void> {
    while (!(await this.#pieces.next()).done);
  }

  async close(): Promise<void> {
    await this.#pieces.return(undefined);
  }
}

/**
 * Up to Blender 4.5 twelve bytes, as `BLENDER-v405`: pointer size (`_` 4, `-` 8), byte order (`v` little, `V` big),
 * version. From 5.0 seventeen, as `BLENDER17-01v0500`: header length, pointer size, format version, byte order, Blender
 * version.
 */
function formOf(head: Uint8Array, name: string): Form {
  const text = Buffer.from(head).toString('latin1');
  if (!text.startsWith('BLENDER'))
    throw new UserError(
      `“${name}” is not a .blend file: it does not start with “BLENDER”. Open one that Blender has saved.`,
    );
  const classic = /^BLENDER([-_])([vV])(\d)(\d\d)/.exec(text);
  if (classic) {
    const [, pointers, order, major, minor] = classic;
    return {
      version: `${major}.${Number(minor)}`,
      headerBytes: 12,
      littleEndian: order === 'v',
      blocks: pointers === '-' ? 'small8' : 'small4',
    };
  }
  const long = /^BLENDER(\d\d)-(\d\d)v(\d\d)(\d\d)/.exec(text);
  if (long?.[2] === '01')
    return {
      version: `${Number(long[3])}.${Number(long[4])}`,
      headerBytes: Number(long[1]),
      littleEndian: true,
      blocks: 'large8',
    };
  if (long)
    throw new UserError(
      `“${name}” was saved by Blender ${Number(long[3])}.${Number(long[4])} in a form that is too new for this version of Framegauge: save it with an older Blender, or get a newer Framegauge.`,
    );
  throw new UserError(
    text.length < 12
      ? `“${name}” breaks off after ${text.length} bytes: save or copy it again.`
      : `“${name}” is damaged: its header cannot be read. Save or copy it again.`,
  );
}

/** @param bytes of the length in {@link BLOCK_HEAD} */
function blockHead(bytes: Buffer, form: Form): { code: string; length: number } {
  const code = bytes.toString('latin1', 0, 4);
  if (form.blocks === 'large8') return { code, length: Number(bytes.readBigInt64LE(16)) };
  return { code, length: int32(bytes, 4, form) };
}

function int32(bytes: Buffer, at: number, form: Form): number {
  return form.littleEndian ? bytes.readInt32LE(at) : bytes.readInt32BE(at);
}

/** Two frame numbers and the scene's name, 24 to 256 bytes padded with zeros. */
function readRender(bytes: Buffer, form: Form): BlendFile['render'] {
  if (bytes.length < 9) return null;
  const end = bytes.indexOf(0, 8);
  return {
    frameStart: int32(bytes, 0, form),
    frameEnd: int32(bytes, 4, form),
    scene: bytes.toString('utf8', 8, end < 0 ? bytes.length : end),
  };
}

/** Width, height, pixels. An invalid one is ignored: the scene may be fine all the same. */
function readThumbnail(bytes: Buffer, form: Form): BlendFile['thumbnail'] {
  if (bytes.length < 8) return null;
  const [width, height] = [int32(bytes, 0, form), int32(bytes, 4, form)];
  if (
    width < 1 ||
    height < 1 ||
    width > MAX_THUMBNAIL_SIDE ||
    height > MAX_THUMBNAIL_SIDE ||
    bytes.length < 8 + width * height * 4
  )
    return null;
  return { width, height, pixels: new Uint8Array(bytes.subarray(8, 8 + width * height * 4)) };
}

async function isWhole(handle: FileHandle, size: number, packing: Packing, form: Form): Promise<boolean> {
  if (packing === 'gzip') return true;
  if (packing === 'zstd') return isWholeZstd(handle, size);
  const headBytes = BLOCK_HEAD[form.blocks];
  // Blocks are small and numerous: one read serves several.
  const window = Buffer.alloc(WINDOW);
  let from = 0;
  let to = 0;
  const blockAt = async (offset: number): Promise<ReturnType<typeof blockHead> | null> => {
    if (offset < from || offset + headBytes > to) {
      const { bytesRead } = await handle.read(window, 0, WINDOW, offset);
      from = offset;
      to = offset + bytesRead;
    }
    const bytes = window.subarray(offset - from, Math.min(offset + headBytes, to) - from);
    // As in Blender, the code of the last block alone is compared.
    if (bytes.toString('latin1', 0, 4) === 'ENDB') return { code: 'ENDB', length: 0 };
    return bytes.length === headBytes ? blockHead(bytes, form) : null;
  };
  // Nearly all files end with it. Otherwise data was appended or the file is truncated: follow its blocks from the
  // start.
  if (size > headBytes && (await blockAt(size - headBytes))?.code === 'ENDB') return true;
  for (let at = form.headerBytes; at < size;) {
    const block = await blockAt(at);
    if (!block || block.length < 0) return false;
    if (block.code === 'ENDB') return true;
    at += headBytes + block.length;
  }
  return false;
}
