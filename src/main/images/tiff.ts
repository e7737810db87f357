import type { ImageSize, SizeCheck } from './image-size';
import { CUT_SHORT, type ImageSource } from './image-source';

/** Tags of TIFF 6.0, sections 8 and 15. */
const WIDTH = 256;
const HEIGHT = 257;
const BITS = 258;
const COMPRESSION = 259;
const PHOTOMETRIC = 262;
const STRIP_OFFSETS = 273;
const CHANNELS = 277;
const ROWS_PER_STRIP = 278;
const STRIP_BYTES = 279;
const PLANAR = 284;
const TILE_WIDTH = 322;
const TILE_HEIGHT = 323;
const TILE_OFFSETS = 324;
const TILE_BYTES = 325;
const EXTRA_SAMPLES = 338;

/** Bytes per value of each field type, including BigTIFF's. */
const TYPE_SIZES: Record<number, number> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};
/** More strips, channels or fields than any real image has: a higher count is damage, and would waste memory. */
const MOST_VALUES = 1 << 22;

/** Reads numbers in the file's byte order. */
interface Layout {
  readonly big: boolean;
  u16(buffer: Buffer, at: number): number;
  u32(buffer: Buffer, at: number): number;
  u64(buffer: Buffer, at: number): number;
}

/**
 * Validates a TIFF's structure, classic or BigTIFF, in either byte order: the first directory, and that all its strips
 * or tiles lie in the file and, if uncompressed, have the length that the image's size requires.
 *
 * @throws Error, one sentence about what is wrong
 */
export async function inspectTiff(source: ImageSource, check?: SizeCheck): Promise<ImageSize> {
  const { layout, directory } = await readStart(source);
  const fields = await readDirectory(source, layout, directory);

  const one = async (tag: number, otherwise?: number): Promise<number> => {
    const value = (await values(source, layout, fields.get(tag)))[0] ?? otherwise;
    if (value === undefined) throw new Error('The image’s header is damaged.');
    return value;
  };
  const size: ImageSize = { width: await one(WIDTH), height: await one(HEIGHT) };
  if (size.width === 0 || size.height === 0) throw new Error('The image’s header is damaged.');
  check?.(size);
  if (!fields.has(PHOTOMETRIC)) throw new Error('The image’s header is damaged.');
  const channels = await one(CHANNELS, 1);
  const bits = await values(source, layout, fields.get(BITS));
  const bitsPerPixel = bits.length > 1 ? bits.reduce((sum, each) => sum + each, 0) : (bits[0] ?? 1) * channels;
  const planes = (await one(PLANAR, 1)) === 2 ? channels : 1;
  const tiled = fields.has(TILE_OFFSETS);
  const block = tiled
    ? { width: await one(TILE_WIDTH), height: await one(TILE_HEIGHT) }
    : { width: size.width, height: Math.min(size.height, Math.max(1, await one(ROWS_PER_STRIP, size.height))) };
  if (block.width === 0 || block.height === 0) throw new Error('The image’s header is damaged.');
  const across = Math.ceil(size.width / block.width);
  const down = Math.ceil(size.height / block.height);

  const offsets = await values(source, layout, fields.get(tiled ? TILE_OFFSETS : STRIP_OFFSETS));
  const lengths = await values(source, layout, fields.get(tiled ? TILE_BYTES : STRIP_BYTES));
  if (offsets.length !== across * down * planes || lengths.length !== offsets.length)
    throw new Error('The image is damaged: it has not as many strips as its size asks for.');
  const compressed = (await one(COMPRESSION, 1)) !== 1;
  for (const [index, offset] of offsets.entries()) {
    const length = lengths[index]!;
    const row = (index % (across * down)) * (tiled ? 0 : block.height);
    const rows = tiled ? block.height : Math.min(block.height, size.height - row);
    const whole = Math.ceil((block.width * (bitsPerPixel / planes)) / 8) * rows;
    if (length === 0 || (!compressed && length < whole)) throw new Error('The image is damaged: a strip is too short.');
    if (offset < 8 || offset + length > source.size) throw new Error(CUT_SHORT);
  }
  return size;
}

/**
 * Whether the colours are premultiplied, as in 16-bit images from Blender.
 *
 * @throws Error where the file is no TIFF or damaged
 */
export async function hasPremultipliedAlpha(source: ImageSource): Promise<boolean> {
  const { layout, directory } = await readStart(source);
  const extra = await values(source, layout, (await readDirectory(source, layout, directory)).get(EXTRA_SAMPLES));
  return extra[0] === 1;
}

async function readStart(source: ImageSource): Promise<{ layout: Layout; directory: number }> {
  if (source.size < 8) throw new Error('The image is not a TIFF.');
  const start = await source.read(0, Math.min(16, source.size));
  const layout = layoutOf(start);
  const directory = layout.big ? layout.u64(start, 8) : layout.u32(start, 4);
  if (directory === 0) throw new Error(CUT_SHORT);
  return { layout, directory };
}

function layoutOf(start: Buffer): Layout {
  const order = start.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') throw new Error('The image is not a TIFF.');
  const little = order === 'II';
  const u16 = (buffer: Buffer, at: number): number => (little ? buffer.readUInt16LE(at) : buffer.readUInt16BE(at));
  const u32 = (buffer: Buffer, at: number): number => (little ? buffer.readUInt32LE(at) : buffer.readUInt32BE(at));
  const u64 = (buffer: Buffer, at: number): number =>
    Number(little ? buffer.readBigUInt64LE(at) : buffer.readBigUInt64BE(at));
  const version = u16(start, 2);
  if (version !== 42 && version !== 43) throw new Error('The image is not a TIFF.');
  const big = version === 43;
  if (big && start.length < 16) throw new Error(CUT_SHORT);
  if (big && u16(start, 4) !== 8) throw new Error('The image is not a TIFF.');
  return { big, u16, u32, u64 };
}

interface Field {
  readonly type: number;
  readonly count: number;
  /** Offset of its values. */
  readonly at: number;
}

async function readDirectory(
  source: ImageSource,
  { big, u16, u32, u64 }: Layout,
  at: number,
): Promise<Map<number, Field>> {
  const [countBytes, entryBytes, inlineBytes] = big ? [8, 20, 8] : [2, 12, 4];
  const head = await source.read(at, countBytes);
  const count = big ? u64(head, 0) : u16(head, 0);
  if (count === 0 || count > 65_535) throw new Error('The image’s header is damaged.');
  // The offset of the next directory follows the entries.
  const table = await source.read(at + countBytes, count * entryBytes + inlineBytes);
  const fields = new Map<number, Field>();
  for (let index = 0; index < count; index++) {
    const entry = index * entryBytes;
    const type = u16(table, entry + 2);
    const number = big ? u64(table, entry + 4) : u32(table, entry + 4);
    const bytes = (TYPE_SIZES[type] ?? 1) * number;
    const inline = entry + (big ? 12 : 8);
    const offset = bytes <= inlineBytes ? at + countBytes + inline : big ? u64(table, inline) : u32(table, inline);
    if (offset + bytes > source.size) throw new Error(CUT_SHORT);
    fields.set(u16(table, entry), { type, count: number, at: offset });
  }
  return fields;
}

/** The integers in a field; none where it is missing. */
async function values(source: ImageSource, { u16, u32, u64 }: Layout, field: Field | undefined): Promise<number[]> {
  if (!field) return [];
  const read = { 1: (buffer: Buffer, at: number) => buffer[at]!, 3: u16, 4: u32, 16: u64, 13: u32, 18: u64 }[
    field.type
  ];
  const bytes = TYPE_SIZES[field.type];
  if (!read || !bytes || field.count > MOST_VALUES) throw new Error('The image’s header is damaged.');
  const buffer = await source.read(field.at, field.count * bytes);
  return Array.from({ length: field.count }, (_, index) => read(buffer, index * bytes));
}
