import { useEffect, useRef, useState } from 'react';
import { useApp, useAppState } from '../app-context';
import type { Picture } from './image-view/picture';
import { pictureKey } from '../playback/picture-key';

/** Its key names job, frame and the time it was written. */
export interface ShownImage extends Picture {
  readonly jobId: number;
  readonly frame: number;
  readonly url: string;
}

/** Images kept for going back and forth in the timeline. */
const KEPT = 32;

/**
 * The image of a frame, decoded before it is handed out, so that the job's one before stays on the screen until then.
 * While images come faster than they can be fetched, those in between are left out. While an animation is played,
 * nothing is fetched here: `played` says that its pictures are to be drawn, until that of the frame at which it was
 * stopped is there.
 *
 * @param wanted null shows nothing
 */
export function useFrameImage(wanted: { jobId: number; frame: number; writtenAt: number | null } | null): {
  image: ShownImage | null;
  missing: boolean;
  played: boolean;
} {
  const { client, pictures } = useApp();
  const playing = useAppState((state) => state.playback !== null);
  const [shown, setShown] = useState<ShownImage | null>(null);
  const [missing, setMissing] = useState<string | null>(null);
  const cache = useRef(new Map<string, ShownImage>());
  const latest = useRef<typeof wanted>(null);
  const fetching = useRef(false);
  const key = wanted && pictureKey(wanted);

  useEffect(() => {
    latest.current = wanted;
    const pump = async (): Promise<void> => {
      if (fetching.current) return;
      fetching.current = true;
      for (let next = latest.current; next;) {
        const want = next;
        const image =
          cache.current.get(pictureKey(want)) ?? (await fetchImage(() => client.image(want.jobId, want.frame), want));
        if (image) keep(cache.current, image);
        if (image) setShown(image);
        else setMissing(pictureKey(want));
        next = latest.current && pictureKey(latest.current) !== pictureKey(want) ? latest.current : null;
      }
      fetching.current = false;
    };
    if (wanted && !playing) void pump();
    // The key says everything about what is wanted.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [playing ? null : key, client]);

  useEffect(() => {
    const kept = cache.current;
    return () => {
      for (const image of kept.values()) URL.revokeObjectURL(image.url);
      kept.clear();
    };
  }, []);

  const lost = missing !== null && missing === key;
  return {
    image: wanted && !lost && shown?.jobId === wanted.jobId ? shown : null,
    missing: lost && !playing,
    played: playing || (key !== null && !lost && shown?.key !== key && pictures.current()?.key === key),
  };
}

async function fetchImage(
  load: () => Promise<Blob | null>,
  want: { jobId: number; frame: number; writtenAt: number | null },
): Promise<ShownImage | null> {
  const blob = await load().catch(() => null);
  if (!blob) return null;
  const url = URL.createObjectURL(blob);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    URL.revokeObjectURL(url);
    return null;
  }
  return {
    key: pictureKey(want),
    jobId: want.jobId,
    frame: want.frame,
    url,
    source: image,
    width: image.naturalWidth,
    height: image.naturalHeight,
  };
}

function keep(cache: Map<string, ShownImage>, image: ShownImage): void {
  cache.delete(image.key);
  cache.set(image.key, image);
  for (const [key, old] of cache) {
    if (cache.size <= KEPT) return;
    cache.delete(key);
    URL.revokeObjectURL(old.url);
  }
}
