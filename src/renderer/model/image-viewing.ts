import type { ViewTransform } from './develop-image';
import type { ImageChannel } from './image-pixels';
import type { ImageZoom } from './image-zoom';

/** How a picture is looked at. */
export interface ImageLook {
  readonly channel: ImageChannel;
  readonly mode: 'wipe' | 'difference';
  /** Multiplies the difference. */
  readonly gain: number;
  /** Place of the wipe, a share of the stage's width. */
  readonly wipe: number;
}

/** How scene-linear light is shown. */
export interface Development {
  readonly exposure: number;
  /** null: the one of the scene, where it is known. */
  readonly view: ViewTransform | null;
  /** null: the one that the preview shows. */
  readonly layer: string | null;
}

/** How images are looked at until the window is closed, whichever frame and job they are of. */
export interface ImageViewing {
  /** null: as the settings have it. */
  readonly zoom: ImageZoom | null;
  readonly look: ImageLook;
  readonly development: Development;
}

export const USUAL_VIEWING: ImageViewing = {
  zoom: null,
  look: { channel: 'color-alpha', mode: 'wipe', gain: 1, wipe: 0.5 },
  development: { exposure: 0, view: null, layer: null },
};
