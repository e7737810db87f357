import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImageSize, SizeCheck } from './image-size';
import { CUT_SHORT, type ImageSource } from './image-source';

/** Bytes of compressed data searched for markers per turn of the event loop. */
const SLICE = 1 << 20;
/** Segments and fill bytes between them; real images have some hundred. */
const MOST_STEPS = 1 << 16;
/**
 * Markers of frame headers (ITU-T T.81, table B.1): C0 to CF except C4 (Huffman tables), C8 (reserved) and CC
 * (arithmetic coding conditions).
 */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

/**
 * Validates a JPEG's structure from SOI to EOI: segments, frame header, at least one scan with data. Data after the end
 * of image (previews, depth maps) is ignored.
 *
 * @throws Error, one sentence about what is wrong
 */
export async function inspectJpeg(source: ImageSource, check?: SizeCheck): Promise<ImageSize> {
  if (source.size < 4 || (await source.read(0, 3)).compare(Buffer.from([0xff, 0xd8, 0xff])) !== 0)
    throw new Error('The image is not a JPEG.');
  let size: ImageSize | null = null;
  let scans = 0;
  for (let at = 2, steps = 0; ; steps++) {
    if (steps > MOST_STEPS) throw new Error('The image is damaged: it has too many segments.');
    const lead = await source.read(at, 2);
    if (lead[0] !== 0xff) throw new Error('The image is damaged: a marker is missing between its segments.');
    // Any number of FF may precede a marker.
    if (lead[1] === 0xff) {
      at += 1;
      continue;
    }
    const marker = lead[1]!;
    at += 2;
    if (marker === 0xd9) break;
    if (marker === 0x00 || marker === 0x01 || marker === 0xd8 || isRestart(marker))
      throw new Error('The image is damaged: a marker is out of place.');
    const length = (await source.read(at, 2)).readUInt16BE(0);
    if (length < 2) throw new Error('The image is damaged: a segment has no length.');
    const segment = await source.read(at, length);
    at += length;
    if (isFrame(marker)) {
      if (size) throw new Error('The image is damaged: it has two frame headers.');
      size = readFrame(segment);
      check?.(size);
    } else if (marker === 0xda) {
      if (!size) throw new Error('The image is damaged: its pixels come before their size.');
      const end = await endOfScan(source, at);
      if (end === at) throw new Error('The image is damaged: a scan has no data.');
      scans += 1;
      at = end;
    }
  }
  if (!size || scans === 0) throw new Error('The image has no pixels.');
  return size;
}

function readFrame(segment: Buffer): ImageSize {
  if (segment.length < 8) throw new Error('The image’s header is damaged.');
  const [height, width, components] = [segment.readUInt16BE(3), segment.readUInt16BE(5), segment[7]!];
  if (width === 0 || height === 0 || components === 0 || segment.length !== 8 + 3 * components)
    throw new Error('The image’s header is damaged.');
  return { width, height };
}

/** @returns position of the marker that ends the scan; FF 00 is a data byte, and restart markers belong to the scan */
async function endOfScan(source: ImageSource, from: number): Promise<number> {
  for (let at = from; ;) {
    const length = Math.min(SLICE, source.size - at);
    if (length < 2) throw new Error(CUT_SHORT);
    const slice = await source.read(at, length);
    for (let found = slice.indexOf(0xff); found !== -1 && found + 1 < length; found = slice.indexOf(0xff, found + 1)) {
      const marker = slice[found + 1]!;
      if (marker !== 0x00 && marker !== 0xff && !isRestart(marker)) return at + found;
    }
    // The last byte may be the first of a marker.
    at += length - 1;
    await nextTurn();
  }
}
