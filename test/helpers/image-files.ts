import { deflateSync } from 'node:zlib';
import { Transformer } from '@napi-rs/image';

/** Writes valid images with few options, for tests that damage them. Colours range from 0 to 1. */

type Color = readonly [red: number, green: number, blue: number, alpha: number];
type Shade = (x: number, y: number) => Color;

/** A pattern in which no two rows or columns are alike. */
export const slope =
  (width: number, height: number): Shade =>
  (x, y) => [x / width, y / height, 0.5, 1];

function rgba(width: number, height: number, shade: Shade): Uint8Array {
  return Uint8Array.from({ length: width * height * 4 }, (_, at) => {
    const pixel = at >> 2;
    return Math.round(shade(pixel % width, Math.floor(pixel / width))[at & 3]! * 255);
  });
}

export const makeJpeg = (width: number, height: number, shade: Shade): Promise<Buffer> =>
  Transformer.fromRgbaPixels(rgba(width, height, shade), width, height).jpeg(90);
export const makeWebp = (width: number, height: number, shade: Shade, lossless = false): Promise<Buffer> => {
  const image = Transformer.fromRgbaPixels(rgba(width, height, shade), width, height);
  return lossless ? image.webpLossless() : image.webp(90);
};
export const makeRgbaPng = (width: number, height: number, shade: Shade): Promise<Buffer> =>
  Transformer.fromRgbaPixels(rgba(width, height, shade), width, height).png();

export interface TiffOptions {
  readonly order?: 'II' | 'MM';
  readonly big?: boolean;
  readonly bits?: 8 | 16 | 32;
  readonly channels?: 1 | 3 | 4;
  readonly deflate?: boolean;
  readonly rowsPerStrip?: number;
  /** Side of its square tiles, instead of strips. */
  readonly tile?: number;
  /** Whether colours are premultiplied by alpha. */
  readonly premultiplied?: boolean;
}

/** TIFF 6.0 or BigTIFF; 32 bits means floats. The directory comes last, as most programs write it. */
export function makeTiff(width: number, height: number, shade: Shade, options: TiffOptions = {}): Buffer {
  const {
    order = 'II',
    big = false,
    bits = 8,
    channels = 3,
    deflate = false,
    rowsPerStrip = 7,
    tile,
    premultiplied = false,
  } = options;
  const little = order === 'II';
  const number = (value: number, bytes: number): Buffer => {
    const buffer = Buffer.alloc(bytes);
    if (bytes === 8) buffer[little ? 'writeBigUInt64LE' : 'writeBigUInt64BE'](BigInt(value));
    else buffer[little ? 'writeUIntLE' : 'writeUIntBE'](value, 0, bytes);
    return buffer;
  };
  const sample = (value: number): Buffer => {
    if (bits !== 32) return number(Math.round(value * (2 ** bits - 1)), bits / 8);
    const buffer = Buffer.alloc(4);
    buffer[little ? 'writeFloatLE' : 'writeFloatBE'](value);
    return buffer;
  };
  const block = (left: number, top: number, columns: number, rows: number): Buffer => {
    const parts: Buffer[] = [];
    for (let y = top; y < top + rows; y++) {
      for (let x = left; x < left + columns; x++) {
        const color = x < width && y < height ? shade(x, y) : ([0, 0, 0, 0] as const);
        for (let channel = 0; channel < channels; channel++) parts.push(sample(color[channel]!));
      }
    }
    return deflate ? deflateSync(Buffer.concat(parts)) : Buffer.concat(parts);
  };
  const blocks: Buffer[] = [];
  if (tile)
    for (let y = 0; y < height; y += tile) for (let x = 0; x < width; x += tile) blocks.push(block(x, y, tile, tile));
  else
    for (let y = 0; y < height; y += rowsPerStrip) blocks.push(block(0, y, width, Math.min(rowsPerStrip, height - y)));
  const headerLength = big ? 16 : 8;
  let end = headerLength;
  const offsets = blocks.map((bytes) => (end += bytes.length) - bytes.length);
  const extra: Buffer[] = [];
  const inline = big ? 8 : 4;
  const entry = (tag: number, type: 3 | 4, list: readonly number[]): Buffer => {
    const bytes = Buffer.concat(list.map((value) => number(value, type === 3 ? 2 : 4)));
    let value = Buffer.concat([bytes, Buffer.alloc(Math.max(0, inline - bytes.length))]);
    if (bytes.length > inline) {
      value = Buffer.from(number(end, inline));
      extra.push(bytes);
      end += bytes.length;
    }
    return Buffer.concat([number(tag, 2), number(type, 2), number(list.length, inline), value]);
  };
  const entries = [
    entry(256, 4, [width]),
    entry(257, 4, [height]),
    entry(
      258,
      3,
      Array.from({ length: channels }, () => bits),
    ),
    entry(259, 3, [deflate ? 8 : 1]),
    entry(262, 3, [channels === 1 ? 1 : 2]),
    ...(tile ? [] : [entry(273, 4, offsets)]),
    entry(277, 3, [channels]),
    ...(tile
      ? []
      : [
          entry(278, 4, [rowsPerStrip]),
          entry(
            279,
            4,
            blocks.map(({ length }) => length),
          ),
        ]),
    entry(284, 3, [1]),
    ...(tile
      ? [
          entry(322, 3, [tile]),
          entry(323, 3, [tile]),
          entry(324, 4, offsets),
          entry(
            325,
            4,
            blocks.map(({ length }) => length),
          ),
        ]
      : []),
    ...(channels === 4 ? [entry(338, 3, [premultiplied ? 1 : 2])] : []),
    entry(
      339,
      3,
      Array.from({ length: channels }, () => (bits === 32 ? 3 : 1)),
    ),
  ];
  const header = Buffer.concat([
    Buffer.from(order),
    number(big ? 43 : 42, 2),
    ...(big ? [number(8, 2), number(0, 2)] : []),
    number(end, big ? 8 : 4),
  ]);
  return Buffer.concat([
    header,
    ...blocks,
    ...extra,
    number(entries.length, big ? 8 : 2),
    ...entries,
    number(0, big ? 8 : 4),
  ]);
}

export interface ExrOptions {
  /** Prefix of the names of the RGBA channels, such as `ViewLayer.Combined.`. */
  readonly prefix?: string;
  readonly compression?: 'NONE' | 'ZIPS' | 'ZIP';
  readonly type?: 'half' | 'float';
  /** Side of its square tiles. */
  readonly tile?: number;
  /** More than one creates a multi-part file. */
  readonly parts?: readonly string[];
  /** Float channels of other passes, filled with their number. */
  readonly others?: readonly string[];
}

/** OpenEXR 2.0 with scan lines or tiles, single-part or multi-part. */
export function makeExr(width: number, height: number, shade: Shade, options: ExrOptions = {}): Buffer {
  const { prefix = '', compression = 'ZIP', type = 'half', tile, parts = [], others = [] } = options;
  const int = (...values: number[]): Buffer => {
    const buffer = Buffer.alloc(values.length * 4);
    for (const [index, value] of values.entries()) buffer.writeInt32LE(value, index * 4);
    return buffer;
  };
  const attribute = (name: string, kind: string, value: Buffer): Buffer =>
    Buffer.concat([Buffer.from(`${name}\0${kind}\0`), int(value.length), value]);
  const channels = [
    ...['A', 'B', 'G', 'R'].map((name) => ({ name: prefix + name, index: 'RGBA'.indexOf(name), type })),
    ...others.map((name) => ({ name, index: -1, type: 'float' as const })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
  const lines = tile ?? (compression === 'ZIP' ? 16 : 1);
  const columns = tile ?? width;
  const blocks: { at: Buffer; bytes: Buffer }[] = [];
  for (let top = 0; top < height; top += lines) {
    for (let left = 0; left < width; left += columns) {
      const raw: Buffer[] = [];
      for (let y = top; y < Math.min(height, top + lines); y++) {
        for (const channel of channels) {
          for (let x = left; x < Math.min(width, left + columns); x++) {
            const value = channel.index < 0 ? 7 : shade(x, y)[channel.index]!;
            const buffer = Buffer.alloc(channel.type === 'half' ? 2 : 4);
            if (channel.type === 'half') buffer.writeUInt16LE(toHalf(value));
            else buffer.writeFloatLE(value);
            raw.push(buffer);
          }
        }
      }
      const whole = Buffer.concat(raw);
      const packed = compression === 'NONE' ? whole : deflateSync(predicted(whole));
      blocks.push({
        at: tile ? int(left / tile, top / tile, 0, 0) : int(top),
        bytes: packed.length < whole.length ? packed : whole,
      });
    }
  }
  const list = Buffer.concat([
    ...channels.map((channel) =>
      Buffer.concat([Buffer.from(`${channel.name}\0`), int(channel.type === 'half' ? 1 : 2, 0, 1, 1)]),
    ),
    Buffer.alloc(1),
  ]);
  const header = (name?: string): Buffer =>
    Buffer.concat([
      attribute('channels', 'chlist', list),
      attribute('compression', 'compression', Buffer.from([{ NONE: 0, ZIPS: 2, ZIP: 3 }[compression]])),
      attribute('dataWindow', 'box2i', int(0, 0, width - 1, height - 1)),
      attribute('displayWindow', 'box2i', int(0, 0, width - 1, height - 1)),
      attribute('lineOrder', 'lineOrder', Buffer.alloc(1)),
      attribute('pixelAspectRatio', 'float', Buffer.from([0, 0, 0x80, 0x3f])),
      attribute('screenWindowCenter', 'v2f', Buffer.alloc(8)),
      attribute('screenWindowWidth', 'float', Buffer.from([0, 0, 0x80, 0x3f])),
      ...(tile ? [attribute('tiles', 'tiledesc', Buffer.concat([int(tile, tile), Buffer.alloc(1)]))] : []),
      ...(name === undefined
        ? []
        : [
            attribute('name', 'string', Buffer.from(name)),
            attribute('type', 'string', Buffer.from(tile ? 'tiledimage' : 'scanlineimage')),
            attribute('chunkCount', 'int', int(blocks.length)),
          ]),
      Buffer.alloc(1),
    ]);
  const several = parts.length > 0;
  const head = Buffer.concat([
    int(20_000_630, 2 | (several ? 0x1000 : tile ? 0x200 : 0)),
    ...(several ? [...parts.map(header), Buffer.alloc(1)] : [header()]),
  ]);
  const all = (several ? parts : ['']).flatMap((_, part) =>
    blocks.map(({ at, bytes }) => Buffer.concat([...(several ? [int(part)] : []), at, int(bytes.length), bytes])),
  );
  let end = head.length + all.length * 8;
  const table = Buffer.alloc(all.length * 8);
  for (const [index, chunk] of all.entries()) {
    table.writeBigUInt64LE(BigInt(end), index * 8);
    end += chunk.length;
  }
  return Buffer.concat([head, table, ...all]);
}

/** OpenEXR's preprocessing for zlib: bytes at even and odd positions separated, then differences. */
function predicted(raw: Buffer): Buffer {
  const half = Math.ceil(raw.length / 2);
  const apart = Buffer.from(raw.map((_, at) => (at < half ? raw[at * 2]! : raw[(at - half) * 2 + 1]!)));
  return Buffer.from(apart.map((byte, at) => (at === 0 ? byte : byte - apart[at - 1]! + 128)));
}

/** For 0 and normal numbers, truncated. */
function toHalf(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) | Math.floor((value / 2 ** exponent - 1) * 1_024);
}

/** A 24-bit BMP, bottom row first. */
export function makeBmp(width: number, height: number, shade: Shade): Buffer {
  const row = Math.ceil((width * 3) / 4) * 4;
  const bytes = Buffer.alloc(54 + row * height);
  bytes.write('BM');
  bytes.writeUInt32LE(bytes.length, 2);
  for (const [at, value] of [
    [10, 54],
    [14, 40],
    [18, width],
    [22, height],
    [34, row * height],
  ] as const)
    bytes.writeUInt32LE(value, at);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  const pixels = rgba(width, height, shade);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++)
        bytes[54 + (height - 1 - y) * row + x * 3 + channel] = pixels[(y * width + x) * 4 + 2 - channel]!;
  }
  return bytes;
}

/** A 24-bit Targa, in runs of up to 128 pixels, every other one of a single colour. */
export function makeTarga(
  width: number,
  height: number,
  shade: Shade,
  { runs = true, footer = true }: { readonly runs?: boolean; readonly footer?: boolean } = {},
): Buffer {
  const head = Buffer.alloc(18);
  head[2] = runs ? 10 : 2;
  head.writeUInt16LE(width, 12);
  head.writeUInt16LE(height, 14);
  head[16] = 24;
  const pixels = rgba(width, height, shade);
  const pixel = (at: number): number[] => [pixels[at * 4 + 2]!, pixels[at * 4 + 1]!, pixels[at * 4]!];
  const parts: number[] = [];
  for (let at = 0; at < width * height;) {
    const count = runs ? Math.min(128, width * height - at) : width * height;
    const repeated = runs && (at >> 7) % 2 === 1;
    if (runs) parts.push(count - 1 + (repeated ? 128 : 0));
    for (let each = 0; each < (repeated ? 1 : count); each++) parts.push(...pixel(at + each));
    at += count;
  }
  return Buffer.concat([
    head,
    Buffer.from(parts),
    ...(footer ? [Buffer.alloc(8), Buffer.from('TRUEVISION-XFILE.\0', 'latin1')] : []),
  ]);
}

/** A Radiance image, each channel of a row as one run and single values. */
export function makeHdr(width: number, height: number, shade: Shade): Buffer {
  const parts: Buffer[] = [Buffer.from(`#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y ${height} +X ${width}\n`, 'latin1')];
  const pixels = rgba(width, height, shade);
  for (let y = 0; y < height; y++) {
    parts.push(Buffer.from([2, 2, width >> 8, width & 255]));
    for (let channel = 0; channel < 3; channel++) {
      parts.push(
        Buffer.from([
          128 + 5,
          pixels[y * width * 4 + channel]!,
          width - 5,
          ...Array.from({ length: width - 5 }, (_, x) => pixels[(y * width + 5 + x) * 4 + channel]!),
        ]),
      );
    }
    parts.push(Buffer.from([128 + width, 128]));
  }
  return Buffer.concat(parts);
}

/** The structure of a JPEG 2000, with noise for the pixels. */
export function makeJpeg2000(width: number, height: number): Buffer {
  const box = (type: string, body: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(8 + body.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, body]);
  };
  const numbers = (...values: number[]): Buffer =>
    Buffer.concat(
      values.map((value) => Buffer.from([value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255])),
    );
  const siz = Buffer.concat([
    Buffer.from([0xff, 0x4f, 0xff, 0x51, 0, 41, 0, 0]),
    numbers(width, height, 0, 0, width, height, 0, 0),
    Buffer.from([0, 1, 7, 1, 1]),
  ]);
  const data = Buffer.from(Array.from({ length: width * height }, (_, at) => (at * 7919) % 251));
  const tile = Buffer.concat([
    Buffer.from([0xff, 0x90, 0, 10, 0, 0]),
    numbers(14 + data.length),
    Buffer.from([0, 1, 0xff, 0x93]),
    data,
  ]);
  return Buffer.concat([
    Buffer.from('\0\0\0\x0cjP  \r\n\x87\n', 'latin1'),
    box('ftyp', Buffer.from('jp2 \0\0\0\0jp2 ', 'latin1')),
    box('jp2h', box('ihdr', Buffer.concat([numbers(height, width), Buffer.from([0, 1, 7, 7, 0, 0])]))),
    box('jp2c', Buffer.concat([siz, tile, Buffer.from([0xff, 0xd9])])),
  ]);
}
