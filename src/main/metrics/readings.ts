/** Milliseconds. */
export interface ReadingTiming {
  /** For how long a reading counts as fresh: scrapes that come together share one. */
  readonly fresh: number;
  /** For how long somebody who wants a fresh one waits at most; then the one before has to do. */
  readonly patience: number;
  /** Between two readings that nobody waits for, so that the one before is never much older than this. */
  readonly every: number;
  /** For how long it is read like that after somebody asked for the last time. */
  readonly interest: number;
}

const TIMING: ReadingTiming = { fresh: 250, patience: 20, every: 2_000, interest: 90_000 };

/** Something that takes time to read and is asked for by those who can't wait. */
export interface Readings<T> {
  /** As last read. */
  latest(): T;
  /** Reads anew unless the last reading is fresh; settles when `latest` is fresh, or the caller's patience is over. Never rejects: what can't be read stays as it was. */
  refresh(): Promise<void>;
  /** Reads no more. */
  close(): void;
}

/**
 * Keeps the last reading. A browser that renders without a graphics card can take half a second to tell what it uses, for which no scrape should have to wait.
 *
 * @param empty what `latest` gives before the first reading, for which callers do wait
 */
export function createReadings<T>(empty: T, read: () => Promise<T>, given: Partial<ReadingTiming> = {}): Readings<T> {
  const timing = { ...TIMING, ...given };
  let latest = empty;
  let at: number | null = null;
  let asked = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function begin(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    return (reading ??= read()
      .then(
        (value) => {
          latest = value;
          at = performance.now();
        },
        () => undefined,
      )
      .finally(() => {
        reading = null;
        if (!closed && performance.now() - asked < timing.interest)
          timer = setTimeout(() => void begin(), timing.every).unref();
      }));
  }

  return {
    latest: () => latest,
    async refresh() {
      asked = performance.now();
      if (closed || (at !== null && asked - at < timing.fresh)) return;
      const done = begin();
      if (at === null) return done;
      let patience: NodeJS.Timeout | undefined;
      await Promise.race([done, new Promise<void>((resolve) => (patience = setTimeout(resolve, timing.patience)))]);
      clearTimeout(patience);
    },
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}
