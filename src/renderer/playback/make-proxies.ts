import { proxySize } from './proxy-size';
import type { PlaySource } from './player';

/** Milliseconds for which nothing else must have been chosen. */
const SETTLED = 1_000;
/** Bytes of proxies made for one look at a job: the host keeps 256 MiB of previews, and they are not to drive others out. */
export const PROXY_BYTES = 160 * 1024 ** 2;

interface ProxyOptions {
  /** What would be played; null while there is nothing to make, or no time for it. */
  wanted(): { readonly source: PlaySource; readonly from: number; readonly side: number | null } | null;
  /** Lets the host make a proxy, unless it has it. */
  load(jobId: number, frame: number, size: number): Promise<Blob | null>;
}

/**
 * Lets the host make the proxies of the job shown before it is played, one after the other from the frame shown on. Made
 * while it plays, they would come at half the rate at least.
 */
export function createProxyMaker({ wanted, load }: ProxyOptions) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let about = '';
  let bytes = 0;
  const made = new Set<string>();

  /** The next one that is not made. */
  function next(): { jobId: number; frame: number; size: number; key: string } | null {
    const now = wanted();
    const size = now ? proxySize(now.source, now.side) : undefined;
    if (!now || size === undefined) return null;
    const { jobId, frames, keyOf } = now.source;
    if (about !== `${jobId} ${size}`) {
      about = `${jobId} ${size}`;
      bytes = 0;
      made.clear();
    }
    if (bytes >= PROXY_BYTES) return null;
    const start = frames.indexOf(now.from);
    for (let step = 0; step < frames.count; step++) {
      const frame = frames.frameAt((start + step) % frames.count);
      const key = keyOf(frame);
      if (key !== null && !made.has(key)) return { jobId, frame, size, key };
    }
    return null;
  }

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    try {
      for (let one = next(); one; one = next()) {
        const blob = await load(one.jobId, one.frame, one.size).catch(() => null);
        if (!blob && !wanted()) break;
        made.add(one.key);
        bytes += blob?.size ?? 0;
      }
    } finally {
      running = false;
    }
  }

  return {
    /** Something has changed. */
    look(): void {
      if (running) return;
      clearTimeout(timer);
      timer = setTimeout(() => void run(), SETTLED);
    },
  };
}
