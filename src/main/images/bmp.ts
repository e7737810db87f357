import type { ImageSize, SizeCheck } from './image-size';
import { CUT_SHORT, type ImageSource } from './image-source';

const HEADERS = 54;
/** BI_RGB and BI_BITFIELDS: uncompressed rows. */
const UNCOMPRESSED = new Set([0, 3]);

/**
 * Validates a BMP (BITMAPFILEHEADER and BITMAPINFOHEADER of Windows GDI): its headers, and that all rows are present.
 *
 * @throws Error, one sentence about what is wrong
 */
export async function inspectBmp(source: ImageSource, check?: SizeCheck): Promise<ImageSize> {
  if (source.size < HEADERS) throw new Error(source.size < 2 ? 'The image is not a BMP.' : CUT_SHORT);
  const head = await source.read(0, HEADERS);
  if (head.toString('latin1', 0, 2) !== 'BM') throw new Error('The image is not a BMP.');
  // A negative height means that the top row comes first.
  const size = { width: head.readInt32LE(18), height: Math.abs(head.readInt32LE(22)) };
  const bits = head.readUInt16LE(28);
  if (head.readUInt32LE(14) < 40 || size.width <= 0 || size.height === 0 || ![1, 4, 8, 16, 24, 32].includes(bits))
    throw new Error('The image’s header is damaged.');
  check?.(size);
  if (!UNCOMPRESSED.has(head.readUInt32LE(30)))
    throw new Error('The image is a compressed BMP, which can’t be checked.');
  const end = head.readUInt32LE(10) + Math.ceil((size.width * bits) / 32) * 4 * size.height;
  if (end > source.size) throw new Error(CUT_SHORT);
  return size;
}
