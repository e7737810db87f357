import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useApp, useAppState } from '../../app-context';
import { isJobEntry, queueEntries, type QueueEntry } from '../../model/queue-entries';
import { isFiltering, matcherOf, type QueueFilter } from '../../model/queue-filter';

/** How often rows may change places because a value that they are sorted or searched by has changed, in ms. */
const RESORT_MS = 1_000;

interface QueueEntries {
  readonly entries: readonly QueueEntry[];
  /** Whether these are the lines of the filter as it is now: a long list follows it a moment later. */
  readonly filtered: boolean;
  /** Ids in the order in which they are about to be listed: what a key or a click means that comes before that. */
  listedNow(): readonly number[];
}

/** The lines of the queue, as the person wants them listed. */
export function useQueueEntries(): QueueEntries {
  const { store } = useApp();
  const open = useAppState((state) => state.model.jobs.open);
  const finished = useAppState((state) => state.model.jobs.finished);
  const unfolded = useAppState((state) => state.view.finished);
  const sort = useAppState((state) => state.view.queue.sort);
  const wanted = useAppState((state) => state.filter);
  const filter = useDeferredValue(wanted);
  const tick = useJobsTick(sort !== null || filter.text !== '' || filter.machine !== null);
  const entriesOf = (by: QueueFilter): readonly QueueEntry[] =>
    queueEntries(store.getState().model.jobs, { listed: isFiltering(by) ? matcherOf(by) : null, sort, unfolded });
  const entries = useMemo(
    () => entriesOf(filter),
    // The table of jobs is new with every change of any job; which jobs there are in which order, only its lists say.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [store, open, finished, unfolded, sort, filter, tick],
  );
  return {
    entries,
    filtered: filter === wanted,
    listedNow: () => {
      const { filter: now } = store.getState();
      return (now === filter ? entries : entriesOf(now)).filter(isJobEntry);
    },
  };
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
