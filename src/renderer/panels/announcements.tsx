import { useEffect, useState } from 'react';
import { useApp } from '../app-context';
import { gatherAnnouncements } from '../model/announcement';

/** Milliseconds in which changes gather, and between two announcements: each is read to its end, whatever comes. */
const GATHER = 500;
const BETWEEN = 5_000;

/** The one place that tells, in a screen reader's own time, what goes on in the queue. */
export function Announcements() {
  const { client, store } = useApp();
  const [text, setText] = useState('');
  useEffect(() => {
    const gathered = gatherAnnouncements(store.getState().model.jobs.byId.values());
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = -BETWEEN;
    const tell = (): void => {
      timer = undefined;
      const next = gathered.take();
      if (next === null) return;
      last = performance.now();
      setText(next);
    };
    const stop = client.subscribe((event) => {
      if (event.type !== 'job' || !gathered.jobChanged(event.job)) return;
      timer ??= setTimeout(tell, Math.max(GATHER, last + BETWEEN - performance.now()));
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client, store]);
  return (
    <p className="visually-hidden announcements" role="status" aria-atomic="true">
      {text}
    </p>
  );
}
