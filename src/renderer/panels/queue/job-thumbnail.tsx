import { memo, useEffect, useRef, useState } from 'react';
import { useApp } from '../../app-context';
import type { HostClient } from '../../host-client';
import { createThumbnailCache, type ThumbnailCache } from './thumbnail-cache';

/** A row that is only scrolled past asks for nothing. */
const REST_MS = 150;
/** How often the thumbnail of a job that is being rendered may change. */
const RENEW_MS = 3_000;

const caches = new WeakMap<HostClient, ThumbnailCache>();

function cacheOf(client: HostClient): ThumbnailCache {
  const known = caches.get(client) ?? createThumbnailCache((id, frame, size) => client.image(id, frame, size));
  caches.set(client, known);
  return known;
}

interface Props {
  jobId: number;
  /** The one that the job wrote last; null where there is none. */
  frame: number | null;
  /** Differs once the job renders its frames again. */
  edition: number | null;
}

/** The image that a job wrote last, fetched once its row has been in sight for a moment. */
export const JobThumbnail = memo(function JobThumbnail({ jobId, frame, edition }: Props) {
  const { client } = useApp();
  const cache = cacheOf(client);
  const key = `${jobId}/${frame ?? ''}/${edition ?? ''}`;
  const [url, setUrl] = useState(() => cache.get(key) ?? null);
  const wanted = useRef({ key, frame });
  const pending = useRef<(() => void) | null>(null);
  const renewAt = useRef(0);
  /** The one asked for last, once the answer is there: another may be wanted by then. */
  const [answered, setAnswered] = useState<string | null>(null);
  useEffect(() => {
    wanted.current = { key, frame };
    // Frames may come faster than images can be fetched: the newest is asked for when the time has come.
    if (frame === null || key === answered || pending.current !== null) return;
    const timer = setTimeout(
      () => {
        const want = wanted.current;
        pending.current = null;
        if (want.frame === null) return;
        renewAt.current = performance.now() + RENEW_MS;
        pending.current = cache.request({ key: want.key, jobId, frame: want.frame }, (found) => {
          pending.current = null;
          if (found !== null) setUrl(found);
          setAnswered(want.key);
        });
      },
      Math.max(REST_MS, renewAt.current - performance.now()),
    );
    pending.current = () => clearTimeout(timer);
  }, [cache, jobId, key, frame, answered]);
  useEffect(
    () => () => {
      pending.current?.();
      pending.current = null;
    },
    [],
  );
  return (
    <span className="job-thumbnail" aria-hidden="true">
      {url !== null && frame !== null && (
        <img src={url} alt="" decoding="async" draggable={false} onError={() => setUrl(null)} />
      )}
    </span>
  );
});
