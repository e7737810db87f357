import type { Size } from '../../model/image-zoom';

/** A picture that can be drawn. Whoever decoded it owns it, and frees it when it is no longer handed out. */
export interface Picture extends Size {
  /** Names what is in it: another key, other pixels. */
  readonly key: string;
  /**
   * Its pixels. They may be fewer than `width` × `height`, which are those of the file: a large image is drawn from a
   * smaller version.
   */
  readonly source: HTMLImageElement | ImageBitmap | HTMLCanvasElement | OffscreenCanvas;
}

/** The size of the pixels that are there. */
export function sourceSize({ source }: Picture): Size {
  return 'naturalWidth' in source
    ? { width: source.naturalWidth, height: source.naturalHeight }
    : { width: source.width, height: source.height };
}
