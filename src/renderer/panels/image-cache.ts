/** Most images kept for going back and forth in the timeline. */
const MOST_IMAGES = 32;
/** Most bytes of them, as they are encoded; the one shown last is kept whatever it has. */
export const MOST_BYTES = 256 * 1024 ** 2;

interface KeptImage {
  readonly key: string;
  /** Made for a blob, and revoked with the image. */
  readonly url: string;
  readonly bytes: number;
}

/** Keeps the images that were shown last. */
export function createImageCache<Image extends KeptImage>() {
  const images = new Map<string, Image>();
  let bytes = 0;

  function drop(image: Image): void {
    images.delete(image.key);
    bytes -= image.bytes;
    URL.revokeObjectURL(image.url);
  }

  return {
    get: (key: string): Image | undefined => images.get(key),
    /** Keeps an image, or marks it as the one shown last. */
    keep(image: Image): void {
      if (images.delete(image.key)) bytes -= image.bytes;
      images.set(image.key, image);
      bytes += image.bytes;
      for (const old of images.values()) {
        if (old === image || (images.size <= MOST_IMAGES && bytes <= MOST_BYTES)) return;
        drop(old);
      }
    },
    clear(): void {
      for (const image of images.values()) drop(image);
    },
  };
}
