import type { ImageFormat } from '../../shared/image-format';
import { createImageThread } from './image-thread';
import type { ImageStatistics } from './pixel-statistics';
import { type Preview, isShownAsItIs, makePreview } from './preview';
import { createPreviewCache } from './preview-cache';
import { readStatistics } from './statistics';

/** Bytes of previews that are kept on the disk. */
const CACHE_LIMIT = 256 * 1024 ** 2;
/** Images that are decoded at once: each may take a few hundred megabytes. */
const AT_ONCE = 2;
/** Sides of thumbnails, in pixels: the next larger one is made, so that each image has few. */
const SIZES = [64, 128, 256, 512, 1_024, 2_048];

/** What the host can tell and show of the images that were written. */
export interface FrameImages {
  /**
   * Something that a browser can show of an image; the file itself where browsers know its format.
   *
   * @param options.maxSide the side that a thumbnail will be shown with, in pixels; it may be somewhat larger
   * @throws Error for what is no image, is damaged, or can't be shown
   */
  previewImage(path: string, options?: { maxSide?: number }): Promise<Preview>;
  /** What is suspicious about an image's pixels; null where that can't be told. */
  imageStatistics(path: string, format: ImageFormat): Promise<ImageStatistics | null>;
  close(): Promise<void>;
}

/**
 * @param options.thread the built image-worker.mjs, outside of any archive
 * @param options.cache folder for previews; made when there is one
 */
export function createFrameImages({
  thread: script,
  cache: folder,
  cacheLimit = CACHE_LIMIT,
}: {
  thread: string;
  cache: string;
  cacheLimit?: number;
}): FrameImages {
  const thread = createImageThread(script);
  const cache = createPreviewCache(folder, cacheLimit);
  const turn = takeTurns(AT_ONCE);
  return {
    async previewImage(path, { maxSide } = {}) {
      const side = maxSide === undefined ? undefined : (SIZES.find((size) => size >= maxSide) ?? SIZES.at(-1)!);
      if (await isShownAsItIs(path, side)) return makePreview(path, thread);
      return cache.get(path, String(side ?? 'whole'), () => turn(() => makePreview(path, thread, side)));
    },
    imageStatistics: (path, format) => turn(() => readStatistics(path, format, thread)),
    close: () => thread.close(),
  };
}

/** Lets a number of tasks run at once; the others wait in the order in which they came. */
function takeTurns(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      // Whoever waits takes this one's place.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
