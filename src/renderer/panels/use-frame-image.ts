import { useEffect, useRef, useState } from 'react';
import { t } from '../../shared/texts/translate';
import { messageOf } from '../../shared/user-error';
import { useApp, useAppState } from '../app-context';
import { ImageNotShown } from '../host-client';
import type { ImageFailure } from '../model/image-failure';
import { createImageCache } from './image-cache';
import type { Picture } from './image-view/picture';
import { pictureKey } from '../playback/picture-key';

/** Its key names job, frame and the time it was written. */
export interface ShownImage extends Picture {
  readonly jobId: number;
  readonly frame: number;
  readonly url: string;
  /** Of the encoded image. */
  readonly bytes: number;
}

/** Milliseconds until an image that could not be fetched is asked for again; the last one repeats. */
const RETRIES = [500, 1_000, 2_000, 5_000];

/**
 * The image of a frame, decoded before it is handed out, so that the job's one before stays on the screen until then.
 * While images come faster than they can be fetched, those in between are left out. What could not be fetched is tried
 * again while it is wanted. While an animation is played, nothing is fetched here: `played` says that its pictures are to
 * be drawn, until that of the frame at which it was stopped is there.
 *
 * @param wanted null shows nothing
 */
export function useFrameImage(wanted: { jobId: number; frame: number; writtenAt: number | null } | null): {
  image: ShownImage | null;
  /** Why there is no image; null while there is one, or it is on its way. */
  failure: ImageFailure | null;
  played: boolean;
} {
  const { client, pictures } = useApp();
  const playing = useAppState((state) => state.playback !== null);
  const [shown, setShown] = useState<ShownImage | null>(null);
  const [failed, setFailed] = useState<{ key: string; failure: ImageFailure; tries: number } | null>(null);
  const [attempt, setAttempt] = useState(0);
  const cache = useRef(createImageCache<ShownImage>());
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
        const wantKey = pictureKey(want);
        const got = cache.current.get(wantKey) ?? (await fetchImage(() => client.image(want.jobId, want.frame), want));
        if ('kind' in got)
          setFailed((before) => ({
            key: wantKey,
            failure: got,
            tries: before?.key === wantKey ? before.tries + 1 : 0,
          }));
        else {
          cache.current.keep(got);
          setShown(got);
          setFailed(null);
        }
        next = latest.current && pictureKey(latest.current) !== wantKey ? latest.current : null;
      }
      fetching.current = false;
    };
    if (wanted && !playing) void pump();
    // The key says everything about what is wanted.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [playing ? null : key, attempt, client]);

  const failure = failed !== null && failed.key === key ? failed.failure : null;
  useEffect(() => {
    if (failure?.kind !== 'failed' || playing) return undefined;
    const pause = RETRIES[Math.min(failed!.tries, RETRIES.length - 1)]!;
    const timer = setTimeout(() => setAttempt((before) => before + 1), pause);
    return () => clearTimeout(timer);
    // Each failure is a new object.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [failure, playing]);

  useEffect(() => {
    const kept = cache.current;
    return () => kept.clear();
  }, []);

  return {
    image: wanted && !failure && shown?.jobId === wanted.jobId ? shown : null,
    failure: playing ? null : failure,
    played: playing || (key !== null && !failure && shown?.key !== key && pictures.current()?.key === key),
  };
}

async function fetchImage(
  load: () => Promise<Blob | null>,
  want: { jobId: number; frame: number; writtenAt: number | null },
): Promise<ShownImage | ImageFailure> {
  let blob: Blob | null;
  try {
    blob = await load();
  } catch (error) {
    return { kind: error instanceof ImageNotShown ? 'not-shown' : 'failed', reason: messageOf(error) };
  }
  if (!blob) return { kind: 'gone' };
  const url = URL.createObjectURL(blob);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
  } catch {
    URL.revokeObjectURL(url);
    return { kind: 'not-shown', reason: t('Its file is damaged, or has more pixels than this window can show.') };
  }
  return {
    key: pictureKey(want),
    jobId: want.jobId,
    frame: want.frame,
    url,
    bytes: blob.size,
    source: image,
    width: image.naturalWidth,
    height: image.naturalHeight,
  };
}
