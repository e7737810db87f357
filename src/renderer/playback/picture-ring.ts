import type { PlayedPicture } from './played-pictures';

/** Decoded pictures around the one that is shown, in a bounded amount of memory. Closes what leaves. */
export interface PictureRing {
  get(key: string): PlayedPicture | undefined;
  has(key: string): boolean;
  /**
   * Takes a picture, and lets others go where there is no room: those that are played last, which may be this one.
   *
   * @param ahead how many steps ahead a picture is; Infinity when it is not played again
   */
  put(picture: PlayedPicture, ahead: (picture: PlayedPicture) => number): void;
  /** As many pictures like those it holds have room; at least 2. */
  capacity(): number;
  /** Bytes of its pictures. */
  held(): number;
  clear(): void;
}

/** Bytes of a picture's pixels. */
function bytesOf({ bitmap }: PlayedPicture): number {
  return bitmap.width * bitmap.height * 4;
}

/**
 * @param limit in bytes
 * @param isShown what is shown stays open, whatever leaves
 */
export function createPictureRing(limit: number, isShown: (picture: PlayedPicture) => boolean): PictureRing {
  const pictures = new Map<string, PlayedPicture>();
  let held = 0;
  let largest = 0;

  function drop(picture: PlayedPicture): void {
    pictures.delete(picture.key);
    held -= bytesOf(picture);
    if (!isShown(picture)) picture.bitmap.close();
  }

  return {
    get: (key) => pictures.get(key),
    has: (key) => pictures.has(key),
    put(picture, ahead) {
      const before = pictures.get(picture.key);
      if (before) drop(before);
      pictures.set(picture.key, picture);
      held += bytesOf(picture);
      largest = Math.max(largest, bytesOf(picture));
      while (held > limit && pictures.size > 2) {
        let last: PlayedPicture | null = null;
        let furthest = -1;
        for (const one of pictures.values()) {
          const steps = ahead(one);
          if (steps > furthest) [last, furthest] = [one, steps];
        }
        drop(last!);
      }
    },
    capacity: () => (largest === 0 ? 8 : Math.max(2, Math.floor(limit / largest))),
    held: () => held,
    clear() {
      for (const picture of pictures.values()) drop(picture);
      largest = 0;
    },
  };
}
