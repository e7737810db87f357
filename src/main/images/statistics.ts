import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImageFormat } from '../../shared/image-format';
import type { ImageThread } from './image-thread';
import { type ImageStatistics, PIXELS_A_TURN, createPixelTally } from './pixel-statistics';
import { decodePixels } from './pixels';

/** What a lossy format makes of a flat picture: up to four steps of 8 bits. */
const LOSSY_NOISE = 4 / 255;

/**
 * Tells what is suspicious about an image's pixels: black, of one colour, fully transparent. Decoding is done in other threads, and looking at the pixels ends as soon as nothing is
 * suspicious any more, which for most images is in the first rows.
 *
 * @returns null where it can't be told: the file can't be decoded
 */
export async function readStatistics(
  path: string,
  format: ImageFormat,
  thread: ImageThread,
): Promise<ImageStatistics | null> {
  try {
    if (format === 'exr' || format === 'exr-multilayer') return await thread.statistics(path);
    const { channels, samples, white, width, height } = await decodePixels(path);
    const tally = createPixelTally(channels, white, format === 'jpeg' || format === 'webp' ? LOSSY_NOISE : undefined);
    for (let from = 0; from < width * height; from += PIXELS_A_TURN) {
      if (!tally.add(samples, from, Math.min(from + PIXELS_A_TURN, width * height))) break;
      await nextTurn();
    }
    return tally.result();
  } catch {
    return null;
  }
}
