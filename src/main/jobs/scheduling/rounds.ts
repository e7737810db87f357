/** Maximum pause after a round, in milliseconds. */
const MAX_PAUSE = 5;
/** Duration after which a round leaves the rest to the next, in milliseconds: dispatching a thousand frames takes seconds. */
const LONG = 50;

/** Rounds of scheduling. */
export interface Rounds {
  /** One round, now. */
  now(): void;
  /** One round for everything that happens in one turn of the event loop: frames end, workers get ready, machines come. */
  soon(): void;
  /** One round after a pause, even if nothing happens. @param pause in milliseconds, counted from the first call */
  within(pause: number): void;
  /** Whether the round has lasted so long that the rest is left to the next one. */
  readonly long: boolean;
}

/**
 * With a thousand machines a round takes milliseconds: the next one that nobody waits for comes after a pause as long
 * as that, for all that happens meanwhile.
 */
export function createRounds(round: () => void): Rounds {
  /** When the next round may come, from performance.now(). */
  let next = 0;
  let coming = false;
  let begun = 0;
  let later: NodeJS.Timeout | null = null;

  function now(): void {
    begun = performance.now();
    round();
    const ended = performance.now();
    next = ended + Math.min(ended - begun, MAX_PAUSE);
  }

  return {
    now,
    get long() {
      return performance.now() - begun > LONG;
    },
    within(pause) {
      later ??= setTimeout(() => {
        later = null;
        now();
      }, pause).unref();
    },
    soon() {
      if (coming) return;
      coming = true;
      const run = (): void => {
        coming = false;
        now();
      };
      const pause = next - performance.now();
      if (pause < 1) setImmediate(run);
      else setTimeout(run, pause);
    },
  };
}
