import { stat } from 'node:fs/promises';
import { type ImageFormat, imageFormats } from '../../../shared/image-format';
import type { JobSettings } from '../../../shared/jobs';
import { messageOf } from '../../../shared/user-error';
import { describe } from '../../data/system-error';
import { type ImageVerifier, formatOfContent, imageSize } from '../../images/verify-image';

/** State of an output path before its image is rendered. */
export type Existing = 'none' | 'broken' | 'same' | { readonly other: string };

/**
 * Inspects the file at an output path with the same checks as a rendered image. The size comes from the header, so
 * pixels of images with another size are never decoded.
 *
 * @returns `broken` for an empty file and an incomplete image of this format, as crashed programs leave them; `same` for
 * a complete one of this format and size; `other` with a description, without a full stop, of anything else, and of what
 * could not be checked
 */
export async function existingImage(
  images: ImageVerifier,
  file: string,
  settings: Pick<JobSettings, 'format' | 'width' | 'height' | 'imageSize'>,
): Promise<Existing> {
  const there = `${file} is there already`;
  let begun: ImageFormat | null;
  try {
    const now = await stat(file).catch(() => null);
    if (now === null) return 'none';
    if (!now.isFile()) return { other: `${there} and is no file` };
    if (now.size === 0) return 'broken';
    begun = await formatOfContent(file);
  } catch (error) {
    return { other: `${there}, and can’t be read (${describe(error)})` };
  }
  if (begun === null) return { other: `${there} and is no image` };
  const wanted = settings.imageSize ?? settings;
  const size = await imageSize(file, begun).catch(() => null);
  if (size !== null && (size.width !== wanted.width || size.height !== wanted.height)) {
    return {
      other: `${there} with ${size.width}×${size.height} pixels, and this job renders ${wanted.width}×${wanted.height}`,
    };
  }
  const otherFormat = (found: ImageFormat): Existing => ({
    other: `${there} as ${imageFormats[found].name}, and this job writes ${imageFormats[settings.format].name}`,
  });
  if (imageFormats[begun].extension !== imageFormats[settings.format].extension) return otherFormat(begun);
  if (size === null) return 'broken';
  let found;
  try {
    found = await images.inspect(file);
  } catch (error) {
    return { other: `${there}, and nobody knows whether it is whole: ${withoutEnd(messageOf(error))}` };
  }
  if (found === null) return 'broken';
  return found.format === settings.format ? 'same' : otherFormat(found.format);
}

/** A sentence without its full stop, for use within another. */
function withoutEnd(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
