import { useEffect, useState } from 'react';
import type { FrameInWork } from '../../shared/frame-in-work';
import { useApp } from '../app-context';

/** How long after an answer the host is asked again, in milliseconds. */
const REREAD_MS = 1_000;

/**
 * What is known of a frame in work, asked for once a second while it is shown: the host tells nobody who does not look.
 *
 * @param rendering whether it is in work
 * @returns null while it is not, and until the host has answered
 */
export function useFrameInWork(jobId: number, frame: number, rendering: boolean): FrameInWork | null {
  const { client } = useApp();
  const [known, setKnown] = useState<FrameInWork | null>(null);
  useEffect(() => {
    if (!rendering) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let shown = true;
    const read = async (): Promise<void> => {
      // Without a connection, what was known stays; the next question comes all the same.
      const answer = await client.call('job.frameInWork', { id: jobId, frame }).catch(() => undefined);
      if (!shown) return;
      if (answer !== undefined) setKnown(answer);
      timer = setTimeout(() => void read(), REREAD_MS);
    };
    void read();
    return () => {
      shown = false;
      clearTimeout(timer);
      setKnown(null);
    };
  }, [client, jobId, frame, rendering]);
  return known;
}
