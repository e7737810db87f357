import { messageOf } from '../../shared/user-error';
import { type AllowedFolders, OutsideError } from '../data/allowed-folders';
import { NotAFileError } from '../data/open-regular-file';
import { BusyError, type FrameImages, type ShownFile, bytesOf } from './frame-images';
import type { Preview } from './image-thread';
import { UndecidedError } from './verify-image';

/** An image that is there but can't be shown. Its message is one sentence. */
export class NotShownError extends Error {
  override readonly name = 'NotShownError';

  /** @param again whether asking again may help */
  constructor(
    message: string,
    readonly again: boolean,
  ) {
    super(message);
  }
}

/** The images of written frames, for those who look at them. */
export interface ShownFrames {
  /**
   * The image of a written frame, in a format that browsers can display; null where none was written, or it is gone.
   *
   * @param size display size of a thumbnail in pixels; undefined for the whole image
   * @throws NotShownError
   */
  image(jobId: number, frame: number, size?: number): Promise<Preview | ShownFile | null>;
  /**
   * A layer of a written OpenEXR, as `linearImage` of FrameImages; null where there is none.
   *
   * @throws NotShownError
   */
  pixels(jobId: number, frame: number, layer?: string): Promise<Uint8Array<ArrayBuffer> | null>;
}

/** @param placeOf the file that was written for a frame, and the folders where it must lie; null for none */
export function createShownFrames(
  images: FrameImages,
  placeOf: (jobId: number, frame: number) => Promise<{ readonly file: string; readonly within: AllowedFolders } | null>,
): ShownFrames {
  async function read<T>(
    jobId: number,
    frame: number,
    reader: (file: string, within: AllowedFolders) => Promise<T>,
  ): Promise<T | null> {
    const place = await placeOf(jobId, frame);
    if (!place) return null;
    const { file, within } = place;
    try {
      return await reader(file, within);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      throw new NotShownError(sentenceOf(error, file), error instanceof BusyError || error instanceof UndecidedError);
    }
  }

  return {
    image: (jobId, frame, size) =>
      read(jobId, frame, (file, within) => images.previewImage(file, { maxSide: size, within })),
    pixels: (jobId, frame, layer) => read(jobId, frame, (file, within) => images.linearImage(file, layer, within)),
  };
}

/** The bytes of a written frame's image; null where there is none, or it can't be shown. */
export async function bytesOfFrame(
  shown: ShownFrames,
  ...frame: Parameters<ShownFrames['image']>
): Promise<Preview | null> {
  const image = await shown.image(...frame).catch(() => null);
  return image && bytesOf(image);
}

function sentenceOf(error: unknown, file: string): string {
  if (error instanceof NotAFileError) return messageOf(error);
  if (error instanceof OutsideError)
    return `${file} is not shown, since a link leads out of the folder that its job was given, or it lies in Framegauge’s data folder.`;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return `The host may not read ${file}: give it the right to.`;
  return syscall === undefined
    ? messageOf(error)
    : `${file} cannot be read (${code}): see whether its disk is in order.`;
}
