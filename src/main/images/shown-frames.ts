import { BusyError, type FrameImages, type ShownFile } from './frame-images';
import type { Preview } from './image-thread';

/** The images of written frames, for those who look at them. */
export interface ShownFrames {
  /**
   * The image of a written frame, in a format that browsers can display; null for none.
   *
   * @param size display size of a thumbnail in pixels; undefined for the whole image
   */
  image(jobId: number, frame: number, size?: number): Promise<Preview | ShownFile | null>;
  /** A layer of a written OpenEXR, as `linearImage` of FrameImages; null where there is none. @throws BusyError */
  pixels(jobId: number, frame: number, layer?: string): Promise<Uint8Array<ArrayBuffer> | null>;
}

/** @param fileOf path of the file that was written for a frame; null for none */
export function createShownFrames(
  images: FrameImages,
  fileOf: (jobId: number, frame: number) => string | null | undefined,
): ShownFrames {
  return {
    async image(jobId, frame, size) {
      const file = fileOf(jobId, frame);
      return file ? images.previewImage(file, { maxSide: size }).catch(() => null) : null;
    },
    async pixels(jobId, frame, layer) {
      const file = fileOf(jobId, frame);
      if (!file) return null;
      return images.linearImage(file, layer).catch((error: unknown) => {
        if (error instanceof BusyError) throw error;
        return null;
      });
    },
  };
}
