import { FloatType } from 'three';
import { EXRLoader } from 'three/examples/jsm/loaders/EXRLoader.js';
import { exrChunks } from './exr';
import {
  type ExrChannel,
  type ExrCompression,
  type ExrFile,
  type ExrPart,
  boxSize,
  layerOf,
  readExr,
} from './exr-header';
import type { ImageSize } from './image-size';
import type { ImageSource } from './image-source';

/** Rows of an OpenEXR in scene-linear light, alpha premultiplied. */
export interface ExrRows {
  /** Index of the first row, from the top of the data window. */
  readonly y: number;
  readonly lines: number;
  /** RGBA, top row first. */
  readonly samples: Float32Array;
}

export interface ExrPicture {
  /** Size of the data window. */
  readonly size: ImageSize;
  /** The layer that it is of, as `ViewLayer.Combined`; '' for channels without one. */
  readonly layer: string;
  /** All layers that can be shown. */
  readonly layers: readonly string[];
  rows(): AsyncGenerator<ExrRows>;
}

/** Channel names supported by three.js's decoder. */
type ColorName = 'R' | 'G' | 'B' | 'A' | 'Y';

/**
 * The picture of an OpenEXR: its own red, green and blue, else those of the Combined pass of the first view layer, else
 * those of the first layer that has them.
 *
 * three.js's decoder supports every compression, but only plain channel names and a single number type, and it needs
 * whole files in memory. So it gets a small file for every block of lines: a generated header, in which the wanted
 * channels have plain names, and the block.
 *
 * @param layer one of {@link ExrPicture.layers}, instead of that choice
 * @returns null for what can't be shown: tiles, deep pixels, no colours, or a layer that is not in the file
 */
export async function exrPicture(source: ImageSource, layer?: string): Promise<ExrPicture | null> {
  const file = await readExr(source);
  const all = candidatesOf(file);
  const shown = all.filter(canBeDecoded);
  const wanted = layer === undefined ? preferred(all) : shown.find((candidate) => nameOf(candidate) === layer);
  if (!wanted || !canBeDecoded(wanted)) return null;
  const { part, number, names } = wanted;
  const size = boxSize(part.dataWindow);
  return {
    size,
    layer: nameOf(wanted),
    layers: shown.map(nameOf),
    async *rows() {
      for await (const chunk of exrChunks(source, file)) {
        if (chunk.part !== number) continue;
        const lines = Math.min(part.lines, part.dataWindow.yMax - chunk.y + 1);
        const bytes = await source.read(chunk.at, chunk.length);
        // Blocks that compression would enlarge are stored uncompressed.
        const compression = chunk.length < (chunk.rawLength ?? 0) ? part.compression : 'NONE';
        const block = compression.startsWith('DWA') ? withoutOtherChannels(bytes) : bytes;
        const small = smallFile(
          size.width,
          lines,
          compression,
          declaredChannels(part.channels, compression, names),
          block,
        );
        yield { y: chunk.y - part.dataWindow.yMin, lines, samples: decode(small, size.width, lines) };
      }
    },
  };
}

/** A layer that may be shown. */
interface Candidate {
  readonly part: ExrPart;
  readonly number: number;
  readonly layer: string;
  readonly names: ReadonlyMap<string, ColorName>;
  /** Its channels are no colours, such as depth and normals: shown only where it is asked for. */
  readonly data: boolean;
}

/** As people know it: `ViewLayer.Combined`; '' for the only one of a plain file. */
function nameOf({ part, layer }: Candidate): string {
  return [part.name ?? '', layer].filter((word) => word !== '').join('.');
}

function candidatesOf(file: ExrFile): Candidate[] {
  return file.parts.flatMap((part, number) =>
    [...new Set(part.channels.map(({ name }) => layerOf(name)))].flatMap((layer) => {
      const colors = colorNames(part.channels, layer);
      const names = colors ?? dataNames(part.channels, layer);
      return names ? [{ part, number, layer, names, data: colors === null }] : [];
    }),
  );
}

function preferred(all: readonly Candidate[]): Candidate | undefined {
  const candidates = all.filter(({ data }) => !data);
  return (
    candidates.find(({ layer }) => layer === '') ??
    // Blender names layers by view layer, pass and view.
    candidates.find((candidate) => /(^|\.)Combined($|\.)/.test(nameOf(candidate))) ??
    candidates[0]
  );
}

function canBeDecoded({ part, layer, names, data }: Candidate): boolean {
  if (part.tiles || part.deep) return false;
  if (part.channels.some(({ xSampling, ySampling }) => xSampling !== 1 || ySampling !== 1)) return false;
  // DWA packs the colours of all layers together, ordered by name; the decoder finds only the first ones.
  if (part.compression.startsWith('DWA') && (data || firstColors(part.channels) !== layer)) return false;
  const types = new Set(part.channels.filter(({ name }) => names.has(name)).map(({ type }) => type));
  if (types.size !== 1 || types.has('uint')) return false;
  // With numbers of different lengths, the decoder reads PIZ correctly only if the shorter ones are wanted.
  return !(part.compression === 'PIZ' && !types.has('half') && part.channels.some(({ type }) => type === 'half'));
}

/** How the channels of a pass without colours are shown: one alone as grey, three as red, green and blue. */
function dataNames(channels: readonly ExrChannel[], layer: string): ReadonlyMap<string, ColorName> | null {
  const own = channels.filter(({ name }) => layerOf(name) === layer);
  if (own.length === 1) return new Map([[own[0]!.name, 'Y']]);
  for (const axes of ['XYZ', 'UVA']) {
    const found = [...axes].map((axis) => own.find(({ name }) => name.slice(name.lastIndexOf('.') + 1) === axis));
    if (found.every((channel) => channel !== undefined))
      return new Map(found.map(({ name }, index) => [name, (['R', 'G', 'B'] as const)[index]!]));
  }
  return null;
}

/** Which channels of a layer are its colours: RGB, or Y alone, and A. Null if there are none. */
function colorNames(channels: readonly ExrChannel[], layer: string): ReadonlyMap<string, ColorName> | null {
  const names = new Map<string, ColorName>();
  for (const { name } of channels) {
    const last = layer === '' ? name : name.slice(layer.length + 1);
    if (layerOf(name) === layer && /^[RGBAY]$/.test(last)) names.set(name, last as ColorName);
  }
  const found = new Set(names.values());
  if (found.has('R') && found.has('G') && found.has('B')) {
    for (const [name, color] of names) if (color === 'Y') names.delete(name);
    return names;
  }
  if (!found.has('Y')) return null;
  for (const [name, color] of names) if (color !== 'Y') names.delete(name);
  return names;
}

/** The layer whose colours come first by name. */
function firstColors(channels: readonly ExrChannel[]): string | undefined {
  return channels.map(({ name }) => layerOf(name)).find((layer) => colorNames(channels, layer) !== null);
}

interface DeclaredChannel {
  readonly name: string;
  readonly type: 'half' | 'float';
  readonly linear: boolean;
}

/** Channel list for the small file's header, in which each wanted channel has its actual offset among the others. */
function declaredChannels(
  all: readonly ExrChannel[],
  compression: ExrCompression,
  names: ReadonlyMap<string, ColorName>,
): DeclaredChannel[] {
  const type = all.find(({ name }) => names.has(name))!.type as 'half' | 'float';
  // Channels that DWA does not pack with the colours are removed from the blocks.
  if (compression.startsWith('DWA'))
    return all.flatMap(({ name, linear }) => (names.has(name) ? [{ name: names.get(name)!, type, linear }] : []));
  return all.flatMap((channel, index) => {
    const color = names.get(channel.name);
    const other = `other${index}`;
    if (color) return [{ name: color, type, linear: channel.linear }];
    // These two read every channel by its own type.
    if (compression.startsWith('B44') || compression === 'PXR24')
      return [
        { name: other, type: channel.type === 'half' ? ('half' as const) : ('float' as const), linear: channel.linear },
      ];
    // With any other compression, one channel of four bytes occupies the space of two with two bytes; conversely, two
    // with two bytes can stand for one only if all have four.
    if (type === 'half' && channel.type !== 'half')
      return [
        { name: `${other}a`, type, linear: false },
        { name: `${other}b`, type, linear: false },
      ];
    return [
      { name: other, type: channel.type === 'half' ? ('half' as const) : ('float' as const), linear: channel.linear },
    ];
  });
}

/** One block of lines as a file of its own. */
function smallFile(
  width: number,
  lines: number,
  compression: ExrCompression,
  channels: readonly DeclaredChannel[],
  block: Buffer,
): Buffer {
  const int = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return bytes;
  };
  const attribute = (name: string, type: string, value: Buffer): Buffer[] => [
    Buffer.from(`${name}\0${type}\0`, 'latin1'),
    int(value.length),
    value,
  ];
  const box = Buffer.concat([int(0), int(0), int(width - 1), int(lines - 1)]);
  const list = channels.flatMap(({ name, type, linear }) => [
    Buffer.from(`${name}\0`, 'latin1'),
    int(type === 'half' ? 1 : 2),
    Buffer.from([linear ? 1 : 0, 0, 0, 0]),
    int(1),
    int(1),
  ]);
  const header = Buffer.concat([
    Buffer.from([0x76, 0x2f, 0x31, 0x01, 2, 4, 0, 0]),
    ...attribute('channels', 'chlist', Buffer.concat([...list, Buffer.alloc(1)])),
    ...attribute('compression', 'compression', Buffer.from([COMPRESSION_NUMBERS[compression]])),
    ...attribute('dataWindow', 'box2i', box),
    ...attribute('displayWindow', 'box2i', box),
    ...attribute('lineOrder', 'lineOrder', Buffer.alloc(1)),
    Buffer.alloc(1),
  ]);
  const offset = Buffer.alloc(8);
  offset.writeBigUInt64LE(BigInt(header.length + 8));
  return Buffer.concat([header, offset, int(0), int(block.length), block]);
}

const COMPRESSION_NUMBERS: Record<ExrCompression, number> = {
  NONE: 0,
  RLE: 1,
  ZIPS: 2,
  ZIP: 3,
  PIZ: 4,
  PXR24: 5,
  B44: 6,
  B44A: 7,
  DWAA: 8,
  DWAB: 9,
};

/**
 * Removes the channels from a DWA block that are not colours: they come first, are compressed by zlib, and the decoder
 * does not skip them. The block begins with eleven 64-bit numbers (version, the sizes of the three sections before and
 * after compression, …) and the table of name rules.
 */
function withoutOtherChannels(block: Buffer): Buffer {
  const numbers = 11 * 8;
  const rules = block.readUInt16LE(numbers);
  const other = Number(block.readBigUInt64LE(16));
  const head = Buffer.from(block.subarray(0, numbers + rules));
  head.fill(0, 8, 24);
  return Buffer.concat([head, block.subarray(numbers + rules + other)]);
}

function decode(file: Buffer, width: number, lines: number): Float32Array {
  const loader = new EXRLoader();
  loader.setDataType(FloatType);
  const bytes = new ArrayBuffer(file.length);
  new Uint8Array(bytes).set(file);
  const { data } = loader.parse(bytes) as { data: Float32Array };
  // The decoder flips images vertically, as needed for textures.
  const row = width * 4;
  const samples = new Float32Array(data.length);
  for (let y = 0; y < lines; y++) samples.set(data.subarray((lines - 1 - y) * row, (lines - y) * row), y * row);
  return samples;
}
