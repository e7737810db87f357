import { existsSync } from 'node:fs';
import { imageFormats } from '../../../shared/image-format';
import type { JobSettings } from '../../../shared/jobs';
import { messageOf } from '../../../shared/user-error';
import type { ImageSize } from '../../images/image-size';
import { type ImageVerifier, formatOfContent, imageSize } from '../../images/verify-image';

/** State of an output path before its image is rendered. */
export type Existing = 'none' | 'broken' | 'same' | { readonly other: string };

/**
 * Inspects the file at an output path with the same checks as a rendered image. The size comes from the header, so
 * pixels of images with another size are never decoded.
 *
 * @returns `broken` for an incomplete image (left by a crashed program); `same` for a complete one of this format and
 * size; `other` with a description, without a full stop, of one that differs or could not be checked
 */
export async function existingImage(
  images: ImageVerifier,
  file: string,
  { format, width, height }: Pick<JobSettings, 'format' | 'width' | 'height'>,
): Promise<Existing> {
  if (!existsSync(file)) return 'none';
  const size = await sizeInHeader(file);
  if (size === null) return 'broken';
  if (size.width !== width || size.height !== height) {
    return {
      other: `${file} is there already with ${size.width}×${size.height} pixels, and this job renders ${width}×${height}`,
    };
  }
  let found;
  try {
    found = await images.inspect(file);
  } catch (error) {
    return { other: `${file} is there already, and nobody knows whether it is whole: ${withoutEnd(messageOf(error))}` };
  }
  if (found === null) return 'broken';
  if (found.format !== format) {
    return {
      other: `${file} is there already as ${imageFormats[found.format].name}, and this job writes ${imageFormats[format].name}`,
    };
  }
  return 'same';
}

async function sizeInHeader(file: string): Promise<ImageSize | null> {
  try {
    const format = await formatOfContent(file);
    return format && (await imageSize(file, format));
  } catch {
    return null;
  }
}

/** A sentence without its full stop, for use within another. */
function withoutEnd(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
