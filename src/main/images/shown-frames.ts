import { messageOf } from '../../shared/user-error';
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

/** @param fileOf path of the file that was written for a frame; null for none */
export function createShownFrames(
  images: FrameImages,
  fileOf: (jobId: number, frame: number) => string | null | undefined,
): ShownFrames {
  async function read<T>(file: string | null | undefined, reader: (file: string) => Promise<T>): Promise<T | null> {
    if (!file) return null;
    try {
      return await reader(file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      throw new NotShownError(sentenceOf(error, file), error instanceof BusyError || error instanceof UndecidedError);
    }
  }

  return {
    image: (jobId, frame, size) => read(fileOf(jobId, frame), (file) => images.previewImage(file, { maxSide: size })),
    pixels: (jobId, frame, layer) => read(fileOf(jobId, frame), (file) => images.linearImage(file, layer)),
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
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return `The host may not read ${file}: give it the right to.`;
  return syscall === undefined
    ? messageOf(error)
    : `${file} cannot be read (${code}): see whether its disk is in order.`;
}
