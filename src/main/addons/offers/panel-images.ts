import type { PanelElement, ShownElement } from '../../../shared/panels';
import { messageOf } from '../../../shared/user-error';
import type { ImageSize, SizeCheck } from '../../images/image-size';
import { type ImageSource, sourceOf } from '../../images/image-source';
import { inspectJpeg } from '../../images/jpeg';
import { inspectPng } from '../../images/png';
import { formatOfStart, START_LENGTH } from '../../images/verify-image';
import { inspectWebp } from '../../images/webp';

/** Maximum width and height in pixels: a few bytes can stand for far more than a window can hold. */
const MAX_SIDE = 2_048;

/** Formats that every browser shows, and that run nothing. */
const INSPECTORS: Readonly<Record<string, (source: ImageSource, check: SizeCheck) => Promise<ImageSize>>> = {
  png: inspectPng,
  jpeg: inspectJpeg,
  webp: inspectWebp,
};

/**
 * Checks the images that are bytes of the add-on's own, and turns them into what clients show. In place of one that
 * cannot be shown stands a sentence that says why.
 */
export function showImages(elements: readonly PanelElement[]): Promise<ShownElement[]> {
  return Promise.all(
    elements.map(async (element): Promise<ShownElement> => {
      if (element.type !== 'image') return element;
      const { bytes, ...image } = element;
      if (bytes === undefined) return image;
      try {
        return { ...image, source: await sourceOfImage(bytes) };
      } catch (error) {
        return {
          type: 'label',
          text: `“${image.label}” is not shown: ${messageOf(error)}`,
          level: 'error',
        };
      }
    }),
  );
}

/** @returns a `data:` address @throws Error, a sentence about what is wrong */
async function sourceOfImage(bytes: Uint8Array): Promise<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const format = formatOfStart(buffer.subarray(0, START_LENGTH));
  const inspect = format === null ? undefined : INSPECTORS[format];
  if (!inspect) throw new Error('It is no PNG, JPEG or WebP.');
  await inspect(sourceOf(buffer), ({ width, height }) => {
    if (width > MAX_SIDE || height > MAX_SIDE)
      throw new Error(`It has ${width} × ${height} pixels; ${MAX_SIDE} × ${MAX_SIDE} are the most.`);
  });
  return `data:image/${format};base64,${buffer.toString('base64')}`;
}
