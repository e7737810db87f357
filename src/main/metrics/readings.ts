import { within } from '../../shared/within';

/** Milliseconds. */
export interface ReadingTiming {
  /** How long a reading counts as fresh: concurrent scrapes share one. */
  readonly fresh: number;
  /** Maximum time a caller waits for a fresh reading before it gets the previous one. */
  readonly timeout: number;
  /** Interval of background readings, which limits the age of the previous one. */
  readonly every: number;
  /** How long background readings continue after the last request. */
  readonly activeFor: number;
}

const TIMING: ReadingTiming = { fresh: 250, timeout: 20, every: 2_000, activeFor: 90_000 };

/** A value that takes time to read, for callers that can't wait. */
export interface Readings<T> {
  /** The last reading. */
  latest(): T;
  /**
   * Reads again unless the last reading is fresh; resolves when `latest` is fresh, or the timeout is over. Never
   * rejects: what can't be read keeps its previous value.
   */
  refresh(): Promise<void>;
  /** Stops reading. */
  close(): void;
}

/**
 * Caches the last reading. A browser that renders without a graphics card can take half a second to report its usage,
 * and no scrape should wait for that.
 *
 * @param empty value of `latest` before the first reading, for which callers do wait
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
        if (!closed && performance.now() - asked < timing.activeFor)
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
      await within(done, timing.timeout);
    },
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}
