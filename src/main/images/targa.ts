import type { ImageSize, SizeCheck } from './image-size';
import { CUT_SHORT, type ImageSource } from './image-source';
import { createWindow } from './image-window';

const HEADER = 18;
/** End of a file of version 2. */
const FOOTER = 'TRUEVISION-XFILE.\0';

/** Whether a file's first bytes could be a Targa's: it has no signature, but few values are valid. */
export function mayBeTarga(head: Buffer): boolean {
  if (head.length < HEADER || head[1] !== 0 || ![2, 3, 10, 11].includes(head[2]!)) return false;
  return (
    [8, 16, 24, 32].includes(head[16]!) &&
    head.readUInt16LE(12) > 0 &&
    head.readUInt16LE(14) > 0 &&
    head.readUInt32LE(3) === 0 &&
    head[7] === 0
  );
}

/**
 * Validates a Targa with colour or greyscale pixels (Truevision TGA, version 2.0): its header, that the pixels of every
 * run are present, and the footer of version 2 if anything follows them.
 *
 * @throws Error, one sentence about what is wrong
 */
export async function inspectTarga(source: ImageSource, check?: SizeCheck): Promise<ImageSize> {
  const head = await source.read(0, Math.min(HEADER, source.size));
  if (!mayBeTarga(head))
    throw new Error(head.length < HEADER ? CUT_SHORT : 'The image is not a Targa of true or grey colours.');
  const size = { width: head.readUInt16LE(12), height: head.readUInt16LE(14) };
  check?.(size);
  const bytes = head[16]! >> 3;
  const pixels = size.width * size.height;
  const start = HEADER + head[0]!;
  const end = head[2]! >= 10 ? await endOfRuns(source, start, pixels, bytes) : start + pixels * bytes;
  if (end > source.size) throw new Error(CUT_SHORT);
  if (end < source.size) {
    const footer =
      source.size - end < FOOTER.length
        ? ''
        : (await source.read(source.size - FOOTER.length, FOOTER.length)).toString('latin1');
    if (footer !== FOOTER) throw new Error('The image has data after its end, or its footer is cut short.');
  }
  return size;
}

/** A run is the number of pixels minus one, plus 128 if a single pixel is repeated, followed by the pixels. */
async function endOfRuns(source: ImageSource, start: number, pixels: number, bytes: number): Promise<number> {
  const window = createWindow(source);
  let at = start;
  for (let left = pixels; left > 0;) {
    const run = window.has(at) ? window.byte(at) : await window.load(at);
    const count = (run & 127) + 1;
    if (count > left) throw new Error('The image is damaged: it has more pixels than its size.');
    left -= count;
    at += 1 + (run & 128 ? 1 : count) * bytes;
  }
  return at;
}
