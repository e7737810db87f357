import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32, createInflate, inflateSync, type Inflate } from 'node:zlib';
import type { ImageSize, SizeCheck } from './image-size';
import { CUT_SHORT, type ImageSource } from './image-source';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Channels of each colour type, and the bit depths it may have (PNG 3rd edition, table 12). */
const COLOR_TYPES: Record<number, { channels: number; depths: readonly number[] }> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};
/** The reduced images of interlace method 1 (table 8): first column and row, steps between columns and rows. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
/** Bytes checked per turn of the event loop: about a millisecond of work. */
const SLICE = 1 << 20;
/** Maximum size of a file, and of its pixels, that is decompressed in one step, in bytes: that takes 0.2 ms. */
const SMALL = 1 << 16;

interface Header extends ImageSize {
  readonly palette: boolean;
  /**
   * Groups of consecutive rows of equal length in the data; strides are in bytes and include the filter type. One entry
   * where the image is not interlaced.
   */
  readonly passes: readonly { readonly stride: number; readonly rows: number }[];
}

/**
 * Validates that a PNG is complete and decodable: signature, length and CRC of every chunk, header, compressed data,
 * filter type of every row. Works in slices and in zlib's threads to keep the event loop responsive; holds no more than
 * a slice.
 *
 * @throws Error, one sentence about what is wrong
 */
export async function inspectPng(source: ImageSource, check?: SizeCheck): Promise<ImageSize> {
  if (source.size < 8 || !SIGNATURE.equals(await source.read(0, 8))) throw new Error('The image is not a PNG.');
  let header: Header | null = null;
  let rows: RowCheck | null = null;
  let paletteMissing = false;
  let ended = false;
  try {
    for (let at = 8; at < source.size;) {
      if (ended) throw new Error('The image has data after its end.');
      const head = await source.read(at, 8);
      const length = head.readUInt32BE(0);
      const type = head.toString('latin1', 4, 8);
      let crc = crc32(head.subarray(4));
      const end = at + 8 + length;
      if (end + 4 > source.size) throw new Error(CUT_SHORT);
      if (header === null && (type !== 'IHDR' || length > SLICE)) throw new Error('The image has no header.');
      let first: Buffer | null = null;
      for (let from = at + 8; from < end; from += SLICE) {
        const slice = await source.read(from, Math.min(SLICE, end - from));
        crc = crc32(slice, crc);
        first ??= slice;
        if (type === 'IDAT') await rows?.feed(slice);
        // Reads from memory don't yield to the event loop.
        if (slice.length === SLICE) await nextTurn();
      }
      if (crc !== (await source.read(end, 4)).readUInt32BE(0))
        throw new Error(`The image is damaged: the checksum of its ${type} chunk is wrong.`);
      if (header === null) {
        header = readHeader(first ?? Buffer.alloc(0));
        check?.(header);
        paletteMissing = header.palette;
        rows = Math.max(source.size, bytesOf(header)) <= SMALL ? checkFewRows(header) : checkRows(header);
      } else if (type === 'PLTE') paletteMissing = false;
      else if (type === 'IEND') ended = true;
      at = end + 4;
    }
    if (header === null || rows === null) throw new Error('The image has no header.');
    if (!ended) throw new Error(CUT_SHORT);
    if (paletteMissing) throw new Error('The image has no palette.');
    await rows.end();
    return { width: header.width, height: header.height };
  } finally {
    rows?.close();
  }
}

function readHeader(body: Buffer): Header {
  if (body.length !== 13) throw new Error('The image’s header is damaged.');
  const [width, height, depth, color, compression, filter, interlace] = [
    body.readUInt32BE(0),
    body.readUInt32BE(4),
    body[8]!,
    body[9]!,
    body[10],
    body[11],
    body[12]!,
  ];
  const type = COLOR_TYPES[color];
  if (
    width === 0 ||
    height === 0 ||
    !type?.depths.includes(depth) ||
    compression !== 0 ||
    filter !== 0 ||
    interlace > 1
  )
    throw new Error('The image’s header is damaged.');
  const stride = (pixels: number): number => Math.ceil((pixels * type.channels * depth) / 8) + 1;
  const passes =
    interlace === 0
      ? [{ stride: stride(width), rows: height }]
      : ADAM7.map(([x, y, dx, dy]) => ({ columns: Math.ceil((width - x) / dx), rows: Math.ceil((height - y) / dy) }))
          .filter(({ columns, rows }) => columns > 0 && rows > 0)
          .map(({ columns, rows }) => ({ stride: stride(columns), rows }));
  return { width, height, palette: color === 3, passes };
}

interface RowCheck {
  /** Applies backpressure while zlib is busy. */
  feed(part: Buffer): Promise<void>;
  /** @throws Error about invalid rows, after all data were fed */
  end(): Promise<void>;
  close(): void;
}

/** Size of the decompressed rows, in bytes. */
function bytesOf({ passes }: Header): number {
  return passes.reduce((sum, { stride, rows }) => sum + stride * rows, 0);
}

const TOO_MANY_ROWS = 'The image has more rows than it says.';
const NOT_DECOMPRESSED = 'The image is damaged: its pixels cannot be decompressed.';

/** Checks decompressed rows, however they are cut. Both return what is wrong, as a sentence; null for nothing. */
function createRowCounter({ passes }: Header): { take(chunk: Buffer): string | null; end(): string | null } {
  let pass = 0;
  let row = 0;
  /** Start of the next row, relative to the next chunk. */
  let next = 0;
  return {
    take(chunk) {
      while (next < chunk.length) {
        const current = passes[pass];
        if (!current) return TOO_MANY_ROWS;
        if (chunk[next]! > 4) return 'The image is damaged: a row has an unknown filter.';
        next += current.stride;
        row += 1;
        if (row === current.rows) {
          pass += 1;
          row = 0;
        }
      }
      next -= chunk.length;
      return null;
    },
    end: () => (pass < passes.length || next > 0 ? 'The image has fewer rows than it says.' : null),
  };
}

/** As {@link checkRows}: for a small image the way to zlib's threads takes longer than its pixels. */
function checkFewRows(header: Header): RowCheck {
  const rows = createRowCounter(header);
  const parts: Buffer[] = [];
  return {
    async feed(part) {
      parts.push(part);
    },
    async end() {
      const failure = rows.take(inflated(Buffer.concat(parts), bytesOf(header))) ?? rows.end();
      if (failure !== null) throw new Error(failure);
    },
    close: () => undefined,
  };
}

/** @throws Error, one sentence, also where there are more than `most` bytes */
function inflated(bytes: Buffer, most: number): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: most });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(code === 'ERR_BUFFER_TOO_LARGE' ? TOO_MANY_ROWS : NOT_DECOMPRESSED, { cause: error });
  }
}

/**
 * Decompresses the rows without keeping them. Errors are reported at the end: a checksum mismatch is the better message
 * for the same fault.
 */
function checkRows(header: Header): RowCheck {
  const rows = createRowCounter(header);
  const inflate = createInflate({ chunkSize: 1 << 18 });
  let failure: string | null = null;
  const finished = new Promise<void>((resolve) => {
    const fail = (message: string): void => {
      failure ??= message;
      inflate.destroy();
    };
    inflate.on('data', (chunk: Buffer) => {
      const wrong = rows.take(chunk);
      if (wrong !== null) fail(wrong);
    });
    inflate.on('end', () => {
      failure ??= rows.end();
    });
    inflate.on('error', () => fail(NOT_DECOMPRESSED));
    inflate.on('close', () => resolve());
  });
  return {
    async feed(part) {
      if (inflate.destroyed || inflate.write(part)) return;
      await drained(inflate);
    },
    async end() {
      if (!inflate.destroyed) inflate.end();
      await finished;
      if (failure !== null) throw new Error(failure);
    },
    close: () => void inflate.destroy(),
  };
}

function drained(inflate: Inflate): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      inflate.off('drain', done).off('close', done);
      resolve();
    };
    inflate.on('drain', done).on('close', done);
  });
}
