/** `held`: nothing was attempted, for a reason reported earlier. */
export type Handover = 'done' | 'held';

export interface RepeatOptions {
  /** From the start of one run to the start of the next; may be a fraction. */
  readonly seconds: number;
  /**
   * Sends the metrics once. It must end soon after `signal` is aborted. @throws Error that says in a sentence what went
   * wrong
   */
  readonly run: (signal: AbortSignal) => Promise<Handover>;
  readonly succeeded: () => void;
  readonly failed: (error: unknown) => void;
  /** Whether failures back off exponentially; the default is true. */
  readonly growing?: boolean;
}

/** Maximum backoff in seconds, unless the interval is longer: after the cause is fixed, sending should resume soon. */
const MAX_BACKOFF = 60;

/**
 * Runs a task at an interval, starting now; runs never overlap.
 *
 * @returns a function that ends it: aborts a run in progress and settles when that has ended
 */
export function repeat({ seconds, run, succeeded, failed, growing = true }: RepeatOptions): () => Promise<void> {
  const aborter = new AbortController();
  const { signal } = aborter;
  let timer: NodeJS.Timeout | null = null;
  let failures = 0;
  let turn = Promise.resolve();

  async function once(): Promise<void> {
    timer = null;
    const began = performance.now();
    try {
      const handover = await run(signal);
      if (signal.aborted) return;
      if (handover === 'done') {
        failures = 0;
        succeeded();
      }
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      failed(error);
    }
    const wait = growing ? backoffAfter(failures, seconds) : seconds;
    timer = setTimeout(() => (turn = once()), Math.max(0, wait * 1_000 - (performance.now() - began)));
  }

  turn = once();
  return async () => {
    aborter.abort();
    if (timer) clearTimeout(timer);
    await turn;
  };
}

/** Seconds from one run to the next: the interval, doubled with each further failure in a row. */
export function backoffAfter(failures: number, seconds: number): number {
  if (failures <= 1) return seconds;
  return Math.min(seconds * 2 ** (failures - 1), Math.max(seconds, MAX_BACKOFF));
}
