/** Pixels of the longer side that the host is asked for. */
const SIZE = 96;
/** Thumbnails kept, the ones used last; each takes a few kilobytes. */
const KEPT = 400;
/** As many are fetched at a time, so that what the viewer asks for is not kept waiting. */
const AT_ONCE = 3;

/** Fetches thumbnails, the one asked for last first: it is the one in sight. */
export interface ThumbnailCache {
  /** The address of a thumbnail that is there. */
  get(key: string): string | undefined;
  /** @param done called with its address once it is there, or null where there is none @returns stops waiting for it */
  request(want: { key: string; jobId: number; frame: number }, done: (url: string | null) => void): () => void;
}

interface Wish {
  readonly want: { key: string; jobId: number; frame: number };
  readonly done: (url: string | null) => void;
}

/** @param load an image of about so many pixels; null where there is none */
export function createThumbnailCache(
  load: (jobId: number, frame: number, size: number) => Promise<Blob | null>,
): ThumbnailCache {
  const urls = new Map<string, string>();
  const wishes: Wish[] = [];
  let loading = 0;

  function get(key: string): string | undefined {
    const url = urls.get(key);
    if (url === undefined) return undefined;
    urls.delete(key);
    urls.set(key, url);
    return url;
  }

  function keep(key: string, blob: Blob): string {
    const url = URL.createObjectURL(blob);
    urls.set(key, url);
    for (const [old, address] of urls) {
      if (urls.size <= KEPT) break;
      urls.delete(old);
      URL.revokeObjectURL(address);
    }
    return url;
  }

  async function pump(): Promise<void> {
    if (loading >= AT_ONCE) return;
    loading += 1;
    for (let wish = wishes.pop(); wish; wish = wishes.pop()) {
      const { key, jobId, frame } = wish.want;
      // Who asks has the way to stop it before the answer.
      const blob = await (urls.has(key) ? null : load(jobId, frame, SIZE).catch(() => null));
      wish.done(get(key) ?? (blob && keep(key, blob)));
    }
    loading -= 1;
  }

  return {
    get,
    request(want, done) {
      const wish: Wish = { want, done };
      wishes.push(wish);
      void pump();
      return () => {
        const at = wishes.indexOf(wish);
        if (at !== -1) wishes.splice(at, 1);
      };
    },
  };
}
