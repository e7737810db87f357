import type { ImageSize, SizeCheck } from './image-size';
import { CUT_SHORT, type ImageSource } from './image-source';

export const JP2_SIGNATURE = '\0\0\0\x0cjP  \r\n\x87\n';
const DAMAGED = 'The image’s header is damaged.';
/** Markers of a codestream (ISO/IEC 15444-1, table A.2). */
const [SOC, SIZ, SOT, EOC] = [0xff4f, 0xff51, 0xff90, 0xffd9];

/**
 * Validates a JPEG 2000 in its container (ISO/IEC 15444-1, annexes A and I): its boxes, and that all tile parts are
 * present up to the end of the codestream.
 *
 * @throws Error, one sentence about what is wrong
 */
export async function inspectJpeg2000(source: ImageSource, check?: SizeCheck): Promise<ImageSize> {
  if (source.size < 12 || (await source.read(0, 12)).toString('latin1') !== JP2_SIGNATURE)
    throw new Error('The image is not a JPEG 2000.');
  for (let at = 12; at < source.size;) {
    const head = await source.read(at, 8);
    let [length, start] = [head.readUInt32BE(0), at + 8];
    if (length === 1) [length, start] = [Number((await source.read(at + 8, 8)).readBigUInt64BE(0)), at + 16];
    // The last box may extend to the end of the file, with length 0.
    const end = length === 0 ? source.size : at + length;
    if (end > source.size) throw new Error(CUT_SHORT);
    if (end < start) throw new Error(DAMAGED);
    if (head.toString('latin1', 4, 8) === 'jp2c') {
      if (end !== source.size) throw new Error('The image has data after its end.');
      return inspectCodestream(source, start, end, check);
    }
    at = end;
  }
  throw new Error(CUT_SHORT);
}

async function inspectCodestream(
  source: ImageSource,
  start: number,
  end: number,
  check?: SizeCheck,
): Promise<ImageSize> {
  const head = await source.read(start, 40);
  if (head.readUInt16BE(0) !== SOC || head.readUInt16BE(2) !== SIZ) throw new Error(DAMAGED);
  const size = {
    width: head.readUInt32BE(8) - head.readUInt32BE(16),
    height: head.readUInt32BE(12) - head.readUInt32BE(20),
  };
  if (size.width <= 0 || size.height <= 0) throw new Error(DAMAGED);
  check?.(size);
  let tiles = 0;
  for (let at = start + 2; ;) {
    const marker = (await source.read(at, 2)).readUInt16BE(0);
    if (marker === EOC) {
      if (tiles === 0 || at + 2 !== end) throw new Error('The image is damaged: its pixels end too early.');
      return size;
    }
    if (marker < 0xff01) throw new Error('The image is damaged: a part of it is not where it should be.');
    const length = (await source.read(at + 2, 2)).readUInt16BE(0);
    if (length < 2) throw new Error(DAMAGED);
    if (marker === SOT) {
      tiles++;
      // Length of the tile part including this marker; 0 means up to the end.
      const part = (await source.read(at + 6, 4)).readUInt32BE(0);
      if (part !== 0 && part < length + 2) throw new Error(DAMAGED);
      at = part === 0 ? end - 2 : at + part;
    } else at += 2 + length;
    if (at + 2 > end) throw new Error(CUT_SHORT);
  }
}
