import type { ImageFormat } from '../../shared/image-format';
import { exrStatistics } from './exr-tasks';
import { type ImageStatistics, createPixelTally } from './pixel-statistics';
import { decodePixels } from './pixels';

/** Deviations of a flat image after lossy compression: up to four steps of 8 bits. */
const LOSSY_NOISE = 4 / 255;
/** Pixels processed before checking whether more could change the result. */
const PIXELS_A_STEP = 1 << 18;

/**
 * Statistics of an image's pixels: black, of one colour, fully transparent. Stops as soon as nothing is suspicious,
 * which for most images is within the first rows.
 *
 * @returns null where unknown: the file can't be decoded
 */
export async function readStatistics(path: string, format: ImageFormat): Promise<ImageStatistics | null> {
  try {
    if (format === 'exr' || format === 'exr-multilayer') return await exrStatistics(path);
    const { channels, samples, white, width, height } = await decodePixels(path);
    const tally = createPixelTally(channels, white, format === 'jpeg' || format === 'webp' ? LOSSY_NOISE : undefined);
    for (let from = 0; from < width * height; from += PIXELS_A_STEP)
      if (!tally.add(samples, from, Math.min(from + PIXELS_A_STEP, width * height))) break;
    return tally.result();
  } catch {
    return null;
  }
}
