import type { DecodeReply, DecodeRequest } from './decode-worker';

/** Decodes images beside the page's own thread. */
export interface Decoder {
  /** @param side pixels of the longer side that are enough; null for all. @returns null for what cannot be decoded */
  decode(blob: Blob, side: number | null): Promise<ImageBitmap | null>;
  /** Ends the thread; what is under way comes to nothing. */
  close(): void;
}

export function createDecoder(): Decoder {
  const waiting = new Map<number, (bitmap: ImageBitmap | null) => void>();
  let worker: Worker | null = null;
  let last = 0;

  function close(): void {
    worker?.terminate();
    worker = null;
    for (const settle of waiting.values()) settle(null);
    waiting.clear();
  }

  function start(): Worker {
    const own = new Worker(new URL('./decode-worker.ts', import.meta.url), { type: 'module' });
    own.addEventListener('message', ({ data }: MessageEvent<DecodeReply>) => {
      const settle = waiting.get(data.id);
      waiting.delete(data.id);
      if (settle) settle(data.bitmap);
      else data.bitmap?.close();
    });
    own.addEventListener('error', ({ message }) => {
      console.error('The thread that decodes images failed:', message);
      if (worker === own) close();
    });
    return own;
  }

  return {
    decode(blob, side) {
      worker ??= start();
      const request: DecodeRequest = { id: ++last, blob, side };
      const answer = new Promise<ImageBitmap | null>((settle) => waiting.set(request.id, settle));
      worker.postMessage(request, []);
      return answer;
    },
    close,
  };
}
