import { useEffect, useRef, useState } from 'react';
import { MAX_PAGE } from '../../../shared/host-api';
import type { Frame, Job } from '../../../shared/jobs';
import { useApp, useAppState } from '../../app-context';
import type { HostClient } from '../../host-client';

/** Least milliseconds from one question to the next: many frames fail at a time. */
const PAUSE = 500;

/**
 * The frames of a job that failed, asked for while they are shown: of a job that is not the one shown the window knows no
 * frames, and of one with a million only these are wanted.
 *
 * @returns null until the host has answered
 */
export function useFailedFrames({ id, state, frames: { failed } }: Job): readonly Frame[] | null {
  const { client } = useApp();
  const connected = useAppState(({ model }) => model.early === null);
  const [known, setKnown] = useState<{ id: number; list: readonly Frame[] } | null>(null);
  const askedAt = useRef(-Infinity);
  useEffect(() => {
    if (!connected || failed === 0) return undefined;
    const load = async (): Promise<void> => {
      askedAt.current = performance.now();
      // What is known stays where the connection is lost meanwhile; they are asked for again once it is back.
      const list = await failedFrames(client, id).catch(() => null);
      if (list) setKnown({ id, list });
    };
    const timer = setTimeout(() => void load(), askedAt.current + PAUSE - performance.now());
    return () => clearTimeout(timer);
    // With another state, others may have failed, though as many.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [client, connected, id, state, failed]);
  return failed === 0 ? NONE : known?.id === id ? known.list : null;
}

const NONE: readonly Frame[] = [];

async function failedFrames(client: HostClient, id: number): Promise<Frame[]> {
  const list: Frame[] = [];
  for (;;) {
    const page = await client.call('job.frames', { id, states: ['failed'], offset: list.length, limit: MAX_PAGE });
    list.push(...page);
    if (page.length < MAX_PAGE) return list;
  }
}
