/** `held`: nothing was tried, for a reason told before. */
export type Handover = 'done' | 'held';

export interface RepeatOptions {
  /** From the beginning of one run to the beginning of the next; may be a fraction. */
  readonly seconds: number;
  /** Hands the metrics over once. It must end soon after `signal` is aborted. @throws Error that says in a sentence what went wrong */
  readonly run: (signal: AbortSignal) => Promise<Handover>;
  readonly succeeded: () => void;
  readonly failed: (error: unknown) => void;
  /** Whether pauses grow while it fails; left out, they do. */
  readonly growing?: boolean;
}

/** Pauses after failures grow up to this many seconds, or stay at the interval where that is longer: whoever mends something should not wait for long. */
const LONGEST_PAUSE = 60;

/**
 * Runs something at an interval, never twice at once, beginning now.
 *
 * @returns ends it: aborts a run under way and settles when that has ended
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
    const wait = growing ? pauseAfter(failures, seconds) : seconds;
    timer = setTimeout(() => (turn = once()), Math.max(0, wait * 1_000 - (performance.now() - began)));
  }

  turn = once();
  return async () => {
    aborter.abort();
    if (timer) clearTimeout(timer);
    await turn;
  };
}

/** Seconds from one run to the next: the interval; twice, four times… as long after failures in a row. */
export function pauseAfter(failures: number, seconds: number): number {
  if (failures <= 1) return seconds;
  return Math.min(seconds * 2 ** (failures - 1), Math.max(seconds, LONGEST_PAUSE));
}
