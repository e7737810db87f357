import type { ImageSize, SizeCheck } from './image-size';
import { CUT_SHORT, type ImageSource } from './image-source';

/**
 * Validates a WebP's container (RFC 9649): the length of RIFF and of every chunk, the canvas, the headers of the image
 * data.
 *
 * @throws Error, one sentence about what is wrong
 */
export async function inspectWebp(source: ImageSource, check?: SizeCheck): Promise<ImageSize> {
  if (source.size < 12) throw new Error('The image is not a WebP.');
  const riff = await source.read(0, 12);
  if (riff.toString('latin1', 0, 4) !== 'RIFF' || riff.toString('latin1', 8, 12) !== 'WEBP')
    throw new Error('The image is not a WebP.');
  const end = 8 + riff.readUInt32LE(4);
  if (end > source.size) throw new Error(CUT_SHORT);
  if (end < source.size) throw new Error('The image has data after its end.');
  let canvas: ImageSize | null = null;
  let image: ImageSize | null = null;
  let animated = false;
  for (let at = 12; at < end;) {
    const head = await source.read(at, 8);
    const type = head.toString('latin1', 0, 4);
    const length = head.readUInt32LE(4);
    if (at + 8 + length > end) throw new Error(CUT_SHORT);
    const body = await source.read(at + 8, Math.min(length, 16));
    if (type === 'VP8X') {
      if (body.length < 10) throw new Error('The image’s header is damaged.');
      canvas = { width: body.readUIntLE(4, 3) + 1, height: body.readUIntLE(7, 3) + 1 };
      check?.(canvas);
    } else if (type === 'VP8 ' || type === 'VP8L') {
      image = type === 'VP8 ' ? lossySize(body, length) : losslessSize(body);
      if (!canvas) check?.(image);
      else if (canvas.width !== image.width || canvas.height !== image.height)
        throw new Error('The image is damaged: its size is not its canvas’s.');
    } else if (type === 'ANMF') animated = true;
    // Chunks start at even offsets.
    at += 8 + length + (length % 2);
  }
  const size = canvas ?? image;
  if (!size || (!image && !animated)) throw new Error('The image has no pixels.');
  return size;
}

/** RFC 6386, 9.1: frame tag of a key frame, start code, and 14-bit dimensions. */
function lossySize(body: Buffer, length: number): ImageSize {
  if (body.length < 10 || (body[0]! & 1) !== 0 || body.readUIntBE(3, 3) !== 0x9d012a)
    throw new Error('The image’s header is damaged.');
  const firstPartition = body.readUIntLE(0, 3) >> 5;
  if (10 + firstPartition > length) throw new Error(CUT_SHORT);
  return nonEmpty({ width: body.readUInt16LE(6) & 0x3fff, height: body.readUInt16LE(8) & 0x3fff });
}

/** RFC 9649, 3.4: signature, then dimensions minus one with 14 bits each, then alpha and a version of 0. */
function losslessSize(body: Buffer): ImageSize {
  if (body.length < 5 || body[0] !== 0x2f || body[4]! >> 5 !== 0) throw new Error('The image’s header is damaged.');
  const bits = body.readUInt32LE(1);
  return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
}

function nonEmpty(size: ImageSize): ImageSize {
  if (size.width === 0 || size.height === 0) throw new Error('The image’s header is damaged.');
  return size;
}
