import type { ImageSize, SizeCheck } from './image-size';
import { CUT_SHORT, type ImageSource } from './image-source';
import { createWindow } from './image-window';

/** Longer than any header written here. */
const LONGEST_HEADER = 4_096;
const RESOLUTION = /\n\n([-+]Y) (\d{1,6}) ([-+]X) (\d{1,6})\n/;

/**
 * Validates a Radiance picture (.hdr; “Radiance File Formats”, Greg Ward): its header, and that the pixels of every row
 * are present.
 *
 * @throws Error, one sentence about what is wrong
 */
export async function inspectRadiance(source: ImageSource, check?: SizeCheck): Promise<ImageSize> {
  const head = (await source.read(0, Math.min(LONGEST_HEADER, source.size))).toString('latin1');
  if (!/^#\?(RADIANCE|RGBE)\n/.test(head)) throw new Error('The image is not a Radiance HDR.');
  const resolution = RESOLUTION.exec(head);
  if (!resolution) throw new Error(head.length === source.size ? CUT_SHORT : 'The image’s header is damaged.');
  const size = { width: Number(resolution[4]), height: Number(resolution[2]) };
  if (size.width === 0 || size.height === 0) throw new Error('The image’s header is damaged.');
  check?.(size);
  const end = await endOfRows(source, resolution.index + resolution[0].length, size);
  if (end > source.size) throw new Error(CUT_SHORT);
  if (end < source.size) throw new Error('The image has data after its end.');
  return size;
}

/**
 * A row starts with 2, 2 and its length, followed by each channel run-length encoded; or it has four bytes per pixel.
 */
async function endOfRows(source: ImageSource, start: number, { width, height }: ImageSize): Promise<number> {
  const window = createWindow(source);
  const byteAt = (at: number): number | Promise<number> => (window.has(at) ? window.byte(at) : window.load(at));
  let at = start;
  for (let row = 0; row < height; row++) {
    const first = await byteAt(at);
    const second = await byteAt(at + 1);
    const inRuns = width >= 8 && width < 32_768 && first === 2 && second === 2;
    if (!inRuns) {
      at += width * 4;
      continue;
    }
    if ((await byteAt(at + 2)) * 256 + (await byteAt(at + 3)) !== width)
      throw new Error('The image is damaged: a row has another length.');
    at += 4;
    for (let left = width * 4; left > 0;) {
      const run = window.has(at) ? window.byte(at) : await window.load(at);
      const count = run > 128 ? run - 128 : run;
      if (count === 0 || count > left) throw new Error('The image is damaged: a row has more pixels than its length.');
      left -= count;
      at += run > 128 ? 2 : 1 + count;
    }
  }
  return at;
}
