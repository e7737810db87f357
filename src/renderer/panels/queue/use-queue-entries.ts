import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useApp, useAppState } from '../../app-context';
import { queueEntries, type QueueEntry } from '../../model/queue-entries';
import { isFiltering, matcherOf } from '../../model/queue-filter';

/** How often rows may change places because a value that they are sorted or searched by has changed, in ms. */
const RESORT_MS = 1_000;

/**
 * The lines of the queue, as the person wants them listed, and whether they are those of the filter as it is now:
 * a long list follows it a moment later.
 */
export function useQueueEntries(): { readonly entries: readonly QueueEntry[]; readonly filtered: boolean } {
  const { store } = useApp();
  const open = useAppState((state) => state.model.jobs.open);
  const finished = useAppState((state) => state.model.jobs.finished);
  const unfolded = useAppState((state) => state.view.finished);
  const sort = useAppState((state) => state.view.queue.sort);
  const wanted = useAppState((state) => state.filter);
  const filter = useDeferredValue(wanted);
  const tick = useJobsTick(sort !== null || filter.text !== '' || filter.machine !== null);
  const entries = useMemo(
    () =>
      queueEntries(store.getState().model.jobs, {
        listed: isFiltering(filter) ? matcherOf(filter) : null,
        sort,
        unfolded,
      }),
    // The table of jobs is new with every change of any job; which jobs there are in which order, only its lists say.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [store, open, finished, unfolded, sort, filter, tick],
  );
  return { entries, filtered: filter === wanted };
}

/** A number that changes after jobs have, {@link RESORT_MS} apart at least. */
function useJobsTick(wanted: boolean): number {
  const { store } = useApp();
  const [tick, setTick] = useState(0);
  useEffect(() => {
    if (!wanted) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = store.subscribe((now, before) => {
      if (now.model.jobs === before.model.jobs) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        setTick((last) => last + 1);
      }, RESORT_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store, wanted]);
  return tick;
}
