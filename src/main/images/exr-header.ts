import { CUT_SHORT, type ImageSource } from './image-source';

/** All of this follows https://openexr.com/en/latest/OpenEXRFileLayout.html. */
const MAGIC = 20_000_630;
const TILED = 0x200;
const DEEP = 0x800;
const MULTIPART = 0x1000;
const KNOWN_FLAGS = TILED | 0x400 | DEEP | MULTIPART;

/**
 * Compression names from the documentation, with the number of scan lines per chunk; the file stores the index in this
 * list.
 */
const COMPRESSIONS = [
  ['NONE', 1],
  ['RLE', 1],
  ['ZIPS', 1],
  ['ZIP', 16],
  ['PIZ', 32],
  ['PXR24', 16],
  ['B44', 32],
  ['B44A', 32],
  ['DWAA', 32],
  ['DWAB', 256],
] as const;
export type ExrCompression = (typeof COMPRESSIONS)[number][0];

/** Limits far above those of real images; anything beyond them is damage. */
const LONGEST_NAME = 256;
const LARGEST_ATTRIBUTE = 1 << 26;
/** Of an attribute that is looked at: some ten thousand channels, which are searched on the event loop. */
const LARGEST_VALUE = 1 << 19;
const LARGEST_SIDE = 1 << 24;
const MOST_PARTS = 4_096;
/** Of all parts together. */
const MOST_ATTRIBUTES = 65_536;
/** Attributes whose value is read; others, such as previews and metadata, may be large. */
const READ: ReadonlySet<string> = new Set([
  'channels',
  'chunkCount',
  'compression',
  'dataWindow',
  'displayWindow',
  'name',
  'tiles',
  'type',
]);

const NOT_READ = Buffer.alloc(0);

export interface ExrChannel {
  readonly name: string;
  readonly type: 'uint' | 'half' | 'float';
  readonly linear: boolean;
  readonly xSampling: number;
  readonly ySampling: number;
}

export interface ExrBox {
  readonly xMin: number;
  readonly yMin: number;
  readonly xMax: number;
  readonly yMax: number;
}

export interface ExrTiles {
  readonly width: number;
  readonly height: number;
  /** One level, mipmaps, ripmaps. */
  readonly levels: 'one' | 'mipmap' | 'ripmap';
  readonly roundUp: boolean;
}

/** One part of a file; most files have one. */
export interface ExrPart {
  /** Its name in a file of several parts. */
  readonly name: string | null;
  /** In file order. */
  readonly channels: readonly ExrChannel[];
  readonly compression: ExrCompression;
  /** Scan lines per chunk. */
  readonly lines: number;
  readonly dataWindow: ExrBox;
  readonly displayWindow: ExrBox;
  readonly tiles: ExrTiles | null;
  readonly deep: boolean;
  /** Number of chunks in the part's header; null where it has none. */
  readonly chunkCount: number | null;
}

export interface ExrFile {
  readonly parts: readonly ExrPart[];
  readonly multipart: boolean;
  /** Whether Blender's metadata or the channel names indicate layers and passes. */
  readonly multilayer: boolean;
  /** Layer names, such as `ViewLayer.Combined`; '' for channels without one. */
  readonly layers: readonly string[];
  /** Where the offset tables begin. */
  readonly end: number;
}

export const BYTES_OF = { uint: 4, half: 2, float: 4 } as const;

/** Width and height of a window, whose bounds are inclusive. */
export function boxSize({ xMin, yMin, xMax, yMax }: ExrBox): { width: number; height: number } {
  return { width: xMax - xMin + 1, height: yMax - yMin + 1 };
}

/** The part of a channel name before its last dot. */
export function layerOf(channel: string): string {
  return channel.slice(0, Math.max(0, channel.lastIndexOf('.')));
}

/** Reads the headers of all parts. @throws Error, one sentence about what is wrong */
export async function readExr(source: ImageSource): Promise<ExrFile> {
  if (source.size < 8) throw new Error('The image is not an OpenEXR.');
  const start = await source.read(0, 8);
  const version = start.readUInt32LE(4);
  if (start.readUInt32LE(0) !== MAGIC) throw new Error('The image is not an OpenEXR.');
  if ((version & 0xff) !== 2 || (version & ~0xff & ~KNOWN_FLAGS) !== 0)
    throw new Error('The image’s header is damaged, or newer than OpenEXR 2.');
  const multipart = (version & MULTIPART) !== 0;
  const parts: ExrPart[] = [];
  let multilayer = false;
  let at = 8;
  let left = MOST_ATTRIBUTES;
  for (;;) {
    const { attributes, count, end } = await readAttributes(source, at, left);
    at = end;
    left -= count;
    // In a file of several parts an empty header follows the last one.
    if (multipart && attributes.size === 0) break;
    parts.push(partOf(attributes, version));
    multilayer ||= attributes.has('BlenderMultiChannel');
    if (!multipart) break;
    if (parts.length > MOST_PARTS) throw damaged();
  }
  if (parts.length === 0) throw damaged();
  const layers = [
    ...new Set(
      parts.flatMap((part) => part.channels.map(({ name }) => [part.name, layerOf(name)].filter(Boolean).join('.'))),
    ),
  ];
  multilayer ||= layers.some((layer) => layer.includes('.'));
  return { parts, multipart, multilayer, layers, end: at };
}

type Attributes = ReadonlyMap<string, { readonly type: string; readonly value: Buffer }>;

/** @param most attributes that there may be, those of one name counted each */
async function readAttributes(
  source: ImageSource,
  from: number,
  most: number,
): Promise<{ attributes: Attributes; count: number; end: number }> {
  const attributes = new Map<string, { type: string; value: Buffer }>();
  let at = from;
  for (let count = 0; ; count++) {
    const name = await readName(source, at);
    at += name.length + 1;
    if (name === '') return { attributes, count, end: at };
    const type = await readName(source, at);
    at += type.length + 1;
    const size = (await source.read(at, 4)).readInt32LE(0);
    at += 4;
    const isRead = READ.has(name);
    if (size < 0 || size > LARGEST_ATTRIBUTE || count >= most) throw damaged();
    if (at + size > source.size) throw new Error(CUT_SHORT);
    if (isRead && size > LARGEST_VALUE) throw damaged();
    attributes.set(name, { type, value: isRead ? await source.read(at, size) : NOT_READ });
    at += size;
  }
}

/** A null-terminated string, one byte per character. */
async function readName(source: ImageSource, at: number): Promise<string> {
  const bytes = await source.read(at, Math.min(LONGEST_NAME, Math.max(1, source.size - at)));
  const end = bytes.indexOf(0);
  if (end === -1) throw bytes.length < LONGEST_NAME ? new Error(CUT_SHORT) : damaged();
  return bytes.toString('latin1', 0, end);
}

function partOf(attributes: Attributes, version: number): ExrPart {
  const get = (name: string, bytes: number): Buffer => {
    const value = attributes.get(name)?.value;
    if (!value || value.length < bytes) throw damaged();
    return value;
  };
  const [compression, lines] = COMPRESSIONS[get('compression', 1)[0]!] ?? [];
  if (!compression || !lines)
    throw new Error(`The image is compressed in an unknown way (${get('compression', 1)[0]}).`);
  const kind = attributes.get('type')?.value.toString('latin1') ?? '';
  const tiled = (version & TILED) !== 0 || kind.includes('tile');
  const chunkCount = attributes.get('chunkCount')?.value;
  return {
    name: attributes.get('name')?.value.toString('utf8') ?? null,
    channels: channelsOf(get('channels', 1)),
    compression,
    lines,
    dataWindow: boxOf(get('dataWindow', 16)),
    displayWindow: boxOf(get('displayWindow', 16)),
    tiles: tiled ? tilesOf(get('tiles', 9)) : null,
    deep: (version & DEEP) !== 0 || kind.startsWith('deep'),
    chunkCount: chunkCount && chunkCount.length >= 4 ? chunkCount.readInt32LE(0) : null,
  };
}

function channelsOf(list: Buffer): ExrChannel[] {
  const channels: ExrChannel[] = [];
  for (let at = 0; ;) {
    const end = list.indexOf(0, at);
    if (end === -1) throw damaged();
    if (end === at) break;
    if (end + 17 > list.length) throw damaged();
    const type = (['uint', 'half', 'float'] as const)[list.readInt32LE(end + 1)];
    const [xSampling, ySampling] = [list.readInt32LE(end + 9), list.readInt32LE(end + 13)];
    if (!type || xSampling < 1 || ySampling < 1) throw damaged();
    channels.push({ name: list.toString('utf8', at, end), type, linear: list[end + 5] === 1, xSampling, ySampling });
    at = end + 17;
  }
  if (channels.length === 0) throw new Error('The image has no channels.');
  return channels;
}

function boxOf(value: Buffer): ExrBox {
  const box = {
    xMin: value.readInt32LE(0),
    yMin: value.readInt32LE(4),
    xMax: value.readInt32LE(8),
    yMax: value.readInt32LE(12),
  };
  const { width, height } = boxSize(box);
  if (width < 1 || height < 1 || width > LARGEST_SIDE || height > LARGEST_SIDE) throw damaged();
  return box;
}

function tilesOf(value: Buffer): ExrTiles {
  const [width, height, mode] = [value.readUInt32LE(0), value.readUInt32LE(4), value[8]!];
  const levels = (['one', 'mipmap', 'ripmap'] as const)[mode & 15];
  if (width < 1 || height < 1 || width > LARGEST_SIDE || height > LARGEST_SIDE || !levels) throw damaged();
  return { width, height, levels, roundUp: mode >> 4 === 1 };
}

export function damaged(): Error {
  return new Error('The image’s header is damaged.');
}
