import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { BYTES_OF, type ExrFile, type ExrPart, boxSize, damaged, readExr } from './exr-header';
import type { ImageSize, SizeCheck } from './image-size';
import { CUT_SHORT, type ImageSource } from './image-source';

const decompress = promisify(inflate);
/** More chunks than any real image has. */
const MOST_CHUNKS = 1 << 24;
/** Compressions whose chunks are a single zlib stream with a checksum. */
const ZLIB: readonly string[] = ['ZIPS', 'ZIP', 'PXR24'];

/** Position of a chunk's compressed pixels in the file, and which pixels they are. */
export interface ExrChunk {
  readonly part: number;
  /**
   * First scan line, in coordinates of the data window; for tiles in those of the level, which do not correspond to
   * lines of the image.
   */
  readonly y: number;
  readonly at: number;
  readonly length: number;
  /** Uncompressed size in bytes; null for deep data, whose size is not in the header. */
  readonly rawLength: number | null;
}

/**
 * Validates an OpenEXR of one or several parts, with scan lines or tiles, flat or deep: headers, offset tables, and
 * that every chunk lies in the file and has the expected coordinates. zlib chunks are decompressed, which verifies
 * their checksums; the other compressions have none.
 *
 * @throws Error, one sentence about what is wrong
 */
export async function inspectExr(
  source: ImageSource,
  check?: SizeCheck,
): Promise<ImageSize & { readonly multilayer: boolean; readonly layers: readonly string[] }> {
  const file = await readExr(source);
  const size = boxSize(file.parts[0]!.displayWindow);
  check?.(size);
  for await (const chunk of exrChunks(source, file)) {
    const part = file.parts[chunk.part]!;
    if (chunk.rawLength === null) continue;
    if (part.compression === 'NONE' ? chunk.length !== chunk.rawLength : chunk.length > chunk.rawLength)
      throw new Error('The image is damaged: a block of pixels has the wrong length.');
    // Chunks that compression would enlarge are stored uncompressed.
    if (ZLIB.includes(part.compression) && chunk.length < chunk.rawLength)
      await checkZlib(await source.read(chunk.at, chunk.length), chunk.rawLength, part.compression === 'PXR24');
  }
  return { ...size, multilayer: file.multilayer, layers: file.layers };
}

/** Yields all chunks of a file in table order. @throws Error if the table or a chunk is damaged */
export async function* exrChunks(source: ImageSource, file: ExrFile): AsyncGenerator<ExrChunk> {
  const tables = file.parts.map((part) => expectedChunks(part));
  const pixels = file.end + tables.reduce((sum, chunks) => sum + chunks.length * 8, 0);
  if (pixels > source.size) throw new Error(CUT_SHORT);
  let table = file.end;
  for (const [number, part] of file.parts.entries()) {
    const chunks = tables[number]!;
    const offsets = await source.read(table, chunks.length * 8);
    table += chunks.length * 8;
    for (const [index, chunk] of chunks.entries()) {
      const offset = Number(offsets.readBigUInt64LE(index * 8));
      // A program that ended while writing leaves zeros in the table.
      if (offset === 0) throw new Error(CUT_SHORT);
      if (offset < pixels) throw damaged();
      yield await chunkAt(source, file.multipart, number, part, chunk, offset);
    }
  }
}

async function chunkAt(
  source: ImageSource,
  multipart: boolean,
  number: number,
  part: ExrPart,
  expected: ExpectedChunk,
  offset: number,
): Promise<ExrChunk> {
  const before = multipart ? 4 : 0;
  const coordinates = part.tiles ? 16 : 4;
  const sizes = part.deep ? 24 : 4;
  const head = await source.read(offset, before + coordinates + sizes);
  const found = Array.from({ length: coordinates / 4 }, (_, index) => head.readInt32LE(before + index * 4));
  const wanted = expected.tile ?? [expected.y];
  if ((multipart && head.readInt32LE(0) !== number) || found.some((value, index) => value !== wanted[index])) {
    throw new Error('The image is damaged: a block of pixels is not where it should be.');
  }
  const at = offset + before + coordinates + sizes;
  const length = part.deep
    ? Number(head.readBigUInt64LE(before + coordinates)) + Number(head.readBigUInt64LE(before + coordinates + 8))
    : head.readInt32LE(before + coordinates);
  if (length <= 0) throw new Error('The image is damaged: a block of pixels has the wrong length.');
  if (at + length > source.size) throw new Error(CUT_SHORT);
  return { part: number, y: expected.y, at, length, rawLength: part.deep ? null : expected.rawLength };
}

interface ExpectedChunk {
  readonly y: number;
  /** Column, row and level of a tile. */
  readonly tile: readonly [number, number, number, number] | null;
  readonly rawLength: number;
}

/** The expected chunks of a part, in the order of its offset table. */
function expectedChunks(part: ExrPart): ExpectedChunk[] {
  const chunks = part.tiles ? tileChunks(part) : scanLineChunks(part);
  if (part.chunkCount !== null && part.chunkCount !== chunks.length) throw damaged();
  return chunks;
}

function scanLineChunks(part: ExrPart): ExpectedChunk[] {
  const { yMin, yMax, xMin, xMax } = part.dataWindow;
  const chunks: ExpectedChunk[] = [];
  for (let y = yMin; y <= yMax; y += part.lines)
    chunks.push({ y, tile: null, rawLength: rawLength(part, xMin, xMax, y, Math.min(y + part.lines - 1, yMax)) });
  return chunks;
}

function tileChunks(part: ExrPart): ExpectedChunk[] {
  const tiles = part.tiles!;
  const { width, height } = boxSize(part.dataWindow);
  const round = tiles.roundUp ? Math.ceil : Math.floor;
  const sizeAt = (side: number, level: number): number => Math.max(1, round(side / 2 ** level));
  const depth = (side: number): number => round(Math.log2(side)) + 1;
  const chunks: ExpectedChunk[] = [];
  const level = (lx: number, ly: number): void => {
    const [levelWidth, levelHeight] = [sizeAt(width, lx), sizeAt(height, ly)];
    const [across, down] = [Math.ceil(levelWidth / tiles.width), Math.ceil(levelHeight / tiles.height)];
    if (chunks.length + across * down > MOST_CHUNKS) throw damaged();
    for (let y = 0; y < down; y++) {
      for (let x = 0; x < across; x++) {
        const [right, bottom] = [
          Math.min((x + 1) * tiles.width, levelWidth) - 1,
          Math.min((y + 1) * tiles.height, levelHeight) - 1,
        ];
        chunks.push({
          y: y * tiles.height,
          tile: [x, y, lx, ly],
          rawLength: rawLength(part, x * tiles.width, right, y * tiles.height, bottom),
        });
      }
    }
  };
  if (tiles.levels === 'ripmap')
    for (let ly = 0; ly < depth(height); ly++) for (let lx = 0; lx < depth(width); lx++) level(lx, ly);
  else
    for (let each = 0; each < (tiles.levels === 'one' ? 1 : depth(Math.max(width, height))); each++) level(each, each);
  return chunks;
}

/** Uncompressed size of a block in bytes: channels may be subsampled in both directions. */
function rawLength(part: ExrPart, xMin: number, xMax: number, yMin: number, yMax: number): number {
  const samples = (from: number, to: number, step: number): number =>
    Math.floor(to / step) - Math.ceil(from / step) + 1;
  return part.channels.reduce(
    (sum, { type, xSampling, ySampling }) =>
      sum + BYTES_OF[type] * samples(xMin, xMax, xSampling) * samples(yMin, yMax, ySampling),
    0,
  );
}

/** @param shortened PXR24 drops one byte of each float before compression */
async function checkZlib(bytes: Buffer, rawLength: number, shortened: boolean): Promise<void> {
  const raw = await decompress(bytes, { maxOutputLength: rawLength }).catch(() => null);
  if (!raw || (shortened ? raw.length === 0 : raw.length !== rawLength))
    throw new Error('The image is damaged: a block of pixels cannot be decompressed.');
}
