import type { ImageFormat } from '../../shared/image-format';

/** A proxy hardly smaller than an image that decodes quickly is not worth making. */
const SMALLER = 1.25;
/** Pixels of the longer side up to which images of every format decode in time. */
const QUICK = 1_024;
/** Formats that decode three times as fast as PNG, or faster: 20 ms of a processor for 1080p against 70. */
const QUICK_FORMATS: ReadonlySet<ImageFormat> = new Set(['jpeg', 'webp']);

/**
 * The size of the proxies that a job is played from: a JPEG, which the host makes from an image, with no more pixels
 * than are drawn.
 *
 * @param side pixels of the longer side that are enough; null for all
 * @returns pixels of the longer side; undefined where the images themselves are played
 */
export function proxySize(
  { width, height, format }: { readonly width: number; readonly height: number; readonly format: ImageFormat },
  side: number | null,
): number | undefined {
  if (side === null) return undefined;
  const longer = Math.max(width, height);
  const slow = longer > QUICK && !QUICK_FORMATS.has(format);
  return slow || longer > side * SMALLER ? side : undefined;
}
