/** Maximum interval between looks at the time, in milliseconds. */
const INTERVAL = 5_000;

/**
 * A host that was stopped, as by SIGSTOP or the sleep of a virtual machine, could hear nobody, and reads what arrived
 * meanwhile only after its timers have run: that time counts against nobody.
 *
 * @param last look at the time, by `performance.now()`
 * @param interval between looks, in milliseconds
 * @returns the time since then in which the host was stopped, in milliseconds; 0 for less than an interval
 */
export function ownSleep(last: number, interval: number): number {
  const slept = performance.now() - last - interval;
  return slept < interval ? 0 : slept;
}

/**
 * A timeout for another process, which doesn't count the time in which this one was stopped for longer than a quarter of
 * it, or than ten seconds.
 *
 * @param milliseconds after which `onLate` is called, once; it may be half as much later
 * @returns keeps it from being called
 */
export function startTimeout(milliseconds: number, onLate: () => void): () => void {
  // Timers have whole milliseconds.
  const interval = Math.min(INTERVAL, Math.max(1, milliseconds / 4));
  let left = milliseconds;
  let last = performance.now();
  const timer = setInterval(() => {
    const slept = ownSleep(last, interval);
    left -= performance.now() - last - slept;
    last = performance.now();
    // After a stop, what arrived meanwhile is read before the next look.
    if (left > 0 || slept > 0) return;
    clearInterval(timer);
    onLate();
  }, interval);
  return () => clearInterval(timer);
}

/** Settles as `work` does; after {@link startTimeout}'s time it rejects with what `late` makes. */
export function inTime<T>(work: Promise<T>, milliseconds: number, late: () => Error): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = startTimeout(milliseconds, () => reject(late()));
    void work.finally(cancel).then(resolve, reject);
  });
}
