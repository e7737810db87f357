import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { BYTES_OF, type ExrFile, type ExrPart, boxSize, damaged, readExr } from './exr-header';
import type { ImageSize, SizeCheck } from './image-size';
import { CUT_SHORT, type ImageSource } from './image-source';

const decompress = promisify(inflate);
/** More chunks than any image has. */
const MOST_CHUNKS = 1 << 24;
/** Compressions whose chunks are one zlib stream each, with a checksum at its end. */
const ZLIB: readonly string[] = ['ZIPS', 'ZIP', 'PXR24'];

/** Where a chunk's compressed pixels lie, and what they are the pixels of. */
export interface ExrChunk {
  readonly part: number;
  /** First scan line, in the coordinates of the data window; of tiles the level's, which says nothing about the image's lines. */
  readonly y: number;
  readonly at: number;
  readonly length: number;
  /** Bytes when it is not compressed; null for deep data, whose size the header does not tell. */
  readonly rawLength: number | null;
}

/**
 * Checks an OpenEXR of one or several parts, with scan lines or tiles, flat or deep: headers, the table of offsets, and that every chunk of pixels lies in the file and is
 * the one that it should be. Chunks in zlib's format are decompressed, which proves their checksums; the other compressions have none.
 *
 * @throws Error with one sentence about what is wrong
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
    // What compression would have made longer is stored as it is.
    if (ZLIB.includes(part.compression) && chunk.length < chunk.rawLength)
      await checkZlib(await source.read(chunk.at, chunk.length), chunk.rawLength, part.compression === 'PXR24');
  }
  return { ...size, multilayer: file.multilayer, layers: file.layers };
}

/** All chunks of a file in the order of its table, each looked up. @throws Error about what is wrong with the table or a chunk */
export async function* exrChunks(source: ImageSource, file: ExrFile): AsyncGenerator<ExrChunk> {
  const tables = file.parts.map((part) => chunkPlaces(part));
  const pixels = file.end + tables.reduce((sum, places) => sum + places.length * 8, 0);
  if (pixels > source.size) throw new Error(CUT_SHORT);
  let table = file.end;
  for (const [number, part] of file.parts.entries()) {
    const places = tables[number]!;
    const offsets = await source.read(table, places.length * 8);
    table += places.length * 8;
    for (const [index, place] of places.entries()) {
      const offset = Number(offsets.readBigUInt64LE(index * 8));
      // A program that ended while it wrote leaves zeros in the table.
      if (offset === 0) throw new Error(CUT_SHORT);
      if (offset < pixels) throw damaged();
      yield await chunkAt(source, file.multipart, number, part, place, offset);
    }
  }
}

async function chunkAt(
  source: ImageSource,
  multipart: boolean,
  number: number,
  part: ExrPart,
  place: Place,
  offset: number,
): Promise<ExrChunk> {
  const before = multipart ? 4 : 0;
  const coordinates = part.tiles ? 16 : 4;
  const sizes = part.deep ? 24 : 4;
  const head = await source.read(offset, before + coordinates + sizes);
  const found = Array.from({ length: coordinates / 4 }, (_, index) => head.readInt32LE(before + index * 4));
  const expected = place.tile ?? [place.y];
  if ((multipart && head.readInt32LE(0) !== number) || found.some((value, index) => value !== expected[index])) {
    throw new Error('The image is damaged: a block of pixels is not where it should be.');
  }
  const at = offset + before + coordinates + sizes;
  const length = part.deep
    ? Number(head.readBigUInt64LE(before + coordinates)) + Number(head.readBigUInt64LE(before + coordinates + 8))
    : head.readInt32LE(before + coordinates);
  if (length <= 0) throw new Error('The image is damaged: a block of pixels has the wrong length.');
  if (at + length > source.size) throw new Error(CUT_SHORT);
  return { part: number, y: place.y, at, length, rawLength: part.deep ? null : place.rawLength };
}

interface Place {
  readonly y: number;
  /** Column, row and level of a tile. */
  readonly tile: readonly [number, number, number, number] | null;
  readonly rawLength: number;
}

/** What the chunks of a part must be, in the order of its table of offsets. */
function chunkPlaces(part: ExrPart): Place[] {
  const places = part.tiles ? tilePlaces(part) : linePlaces(part);
  if (part.chunkCount !== null && part.chunkCount !== places.length) throw damaged();
  return places;
}

function linePlaces(part: ExrPart): Place[] {
  const { yMin, yMax, xMin, xMax } = part.dataWindow;
  const places: Place[] = [];
  for (let y = yMin; y <= yMax; y += part.lines)
    places.push({ y, tile: null, rawLength: rawLength(part, xMin, xMax, y, Math.min(y + part.lines - 1, yMax)) });
  return places;
}

function tilePlaces(part: ExrPart): Place[] {
  const tiles = part.tiles!;
  const { width, height } = boxSize(part.dataWindow);
  const round = tiles.roundUp ? Math.ceil : Math.floor;
  const sizeAt = (side: number, level: number): number => Math.max(1, round(side / 2 ** level));
  const depth = (side: number): number => round(Math.log2(side)) + 1;
  const places: Place[] = [];
  const level = (lx: number, ly: number): void => {
    const [levelWidth, levelHeight] = [sizeAt(width, lx), sizeAt(height, ly)];
    const [across, down] = [Math.ceil(levelWidth / tiles.width), Math.ceil(levelHeight / tiles.height)];
    if (places.length + across * down > MOST_CHUNKS) throw damaged();
    for (let y = 0; y < down; y++) {
      for (let x = 0; x < across; x++) {
        const [right, bottom] = [
          Math.min((x + 1) * tiles.width, levelWidth) - 1,
          Math.min((y + 1) * tiles.height, levelHeight) - 1,
        ];
        places.push({
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
  return places;
}

/** Bytes of a block without compression: channels may be there for every n-th pixel and line only. */
function rawLength(part: ExrPart, xMin: number, xMax: number, yMin: number, yMax: number): number {
  const samples = (from: number, to: number, step: number): number =>
    Math.floor(to / step) - Math.ceil(from / step) + 1;
  return part.channels.reduce(
    (sum, { type, xSampling, ySampling }) =>
      sum + BYTES_OF[type] * samples(xMin, xMax, xSampling) * samples(yMin, yMax, ySampling),
    0,
  );
}

/** @param shortened PXR24 drops a byte of each float before it compresses */
async function checkZlib(bytes: Buffer, rawLength: number, shortened: boolean): Promise<void> {
  const raw = await decompress(bytes, { maxOutputLength: rawLength }).catch(() => null);
  if (!raw || (shortened ? raw.length === 0 : raw.length !== rawLength))
    throw new Error('The image is damaged: a block of pixels cannot be decompressed.');
}
