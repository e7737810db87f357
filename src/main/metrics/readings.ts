/** For how long a reading counts as fresh, in milliseconds: scrapes that come together share one. */
const FRESH = 250;

/** Something that takes time to read and is asked for by those who can't wait. */
export interface Readings<T> {
  /** As last read. */
  latest(): T;
  /** Reads anew unless the last reading is fresh; settles when `latest` is fresh. Never rejects: what can't be read stays as it was. */
  refresh(): Promise<void>;
}

/** Keeps the last reading. @param empty what `latest` gives before the first */
export function createReadings<T>(empty: T, read: () => Promise<T>): Readings<T> {
  let latest = empty;
  let at = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;
  return {
    latest: () => latest,
    async refresh() {
      if (performance.now() - at < FRESH) return;
      reading ??= read()
        .then(
          (value) => {
            latest = value;
            at = performance.now();
          },
          () => undefined,
        )
        .finally(() => {
          reading = null;
        });
      await reading;
    },
  };
}
