/** A picture of an animation that is being played. */
export interface PlayedPicture {
  /** As that of `useFrameImage`: names job, frame and the time it was written. */
  readonly key: string;
  readonly jobId: number;
  readonly frame: number;
  /**
   * Stays open until the next picture is shown: what needs it longer copies it. It may have fewer pixels than the image,
   * as many as there was room for on the screen.
   */
  readonly bitmap: ImageBitmap;
  /** Pixels of the image itself, whose proportions the bitmap has. */
  readonly width: number;
  readonly height: number;
  /** Made by the host from the image, to be decoded in time. */
  readonly proxy: boolean;
}

/**
 * The pictures of an animation as they are played, for whoever draws them. They do not pass through the state of the
 * page: it would be compared, and its components be called, for each of them.
 */
export interface PlayedPictures {
  /** The one that is to be seen now; null while nothing is played, or before the first is decoded. */
  current(): PlayedPicture | null;
  /** @param draw called in an animation frame for each new picture, and with null at the end. @returns stops it */
  subscribe(draw: (picture: PlayedPicture | null) => void): () => void;
  /**
   * How large pictures are drawn: they come with about as many pixels, and no more than the image has.
   *
   * @param side pixels of the screen for the longer side; null for all pixels of the image
   */
  drawnAt(side: number | null): void;
}

/** The same for the one who plays. */
export interface PictureFeed extends PlayedPictures {
  show(picture: PlayedPicture | null): void;
  /** Pixels of the longer side that are enough, one of few sizes; null for all. */
  side(): number | null;
}

/** Sizes that the host makes images in, and by how much they may be enlarged: nobody sees it in motion. */
const SIZES = [256, 512, 1_024, 1_536, 2_048];
const ENLARGED = 1.15;

export function createPictureFeed(): PictureFeed {
  const listeners = new Set<(picture: PlayedPicture | null) => void>();
  let shown: PlayedPicture | null = null;
  let side: number | null = null;
  return {
    current: () => shown,
    subscribe(draw) {
      listeners.add(draw);
      return () => listeners.delete(draw);
    },
    drawnAt(wanted) {
      side = wanted === null ? null : (SIZES.find((size) => size * ENLARGED >= wanted) ?? null);
    },
    side: () => side,
    show(picture) {
      shown = picture;
      for (const draw of listeners) draw(picture);
    },
  };
}
