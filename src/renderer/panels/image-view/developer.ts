import type { LinearImage } from '../../../shared/linear-image';
import type { ViewTransform } from '../../model/develop-image';
import type { DevelopReply, DevelopRequest } from './develop-worker';

/** What is developed. */
export interface DevelopWish {
  readonly light: LinearImage;
  /** Key of the frame that it is of. */
  readonly frame: string;
  readonly exposure: number;
  readonly view: ViewTransform;
}

/** Develops light beside the page's own thread: half a second for a large image through AgX. */
export interface Developer {
  /** Of wishes that come while one is carried out, only the last is carried out then. */
  develop(wish: DevelopWish): void;
  close(): void;
}

/** @param onDeveloped takes the bitmap over, which it closes */
export function createDeveloper(onDeveloped: (wish: DevelopWish, bitmap: ImageBitmap) => void): Developer {
  let worker: Worker | null = null;
  /** The light that the thread has a copy of. */
  let sent: LinearImage | null = null;
  let working: DevelopWish | null = null;
  let next: DevelopWish | null = null;
  let id = 0;

  function close(): void {
    worker?.terminate();
    worker = sent = working = next = null;
  }

  function start(): Worker {
    const own = new Worker(new URL('./develop-worker.ts', import.meta.url), { type: 'module' });
    own.addEventListener('message', ({ data }: MessageEvent<DevelopReply>) => {
      const wish = working;
      if (own !== worker || data.id !== id || wish === null) return data.bitmap.close();
      working = null;
      onDeveloped(wish, data.bitmap);
      if (next) develop(next);
    });
    const fail = (why: string): void => {
      console.error('The thread that develops images failed:', why);
      if (own !== worker) return;
      // It may have failed at this wish; another thread carries out the next one.
      const wish = next;
      close();
      if (wish) develop(wish);
    };
    own.addEventListener('error', ({ message }) => fail(message));
    own.addEventListener('messageerror', () => fail('what it answered could not be read'));
    return own;
  }

  function develop(wish: DevelopWish): void {
    if (working) {
      next = wish;
      return;
    }
    next = null;
    working = wish;
    worker ??= start();
    const post = (request: DevelopRequest): void => worker!.postMessage(request, []);
    if (sent !== wish.light) post({ light: wish.light });
    sent = wish.light;
    post({ id: ++id, exposure: wish.exposure, view: wish.view });
  }

  return { develop, close };
}
