import type { AddonContext } from './context';

/** Maximum delay of a timer in Node, in milliseconds: a longer one would fire at once. */
const MAX_DELAY = 2 ** 31 - 1;

export interface TimerOptions {
  /** Registers a release for when the add-on is disabled. @returns a function that removes it */
  onDispose(release: () => void): () => void;
  /** A timer's function threw or rejected. */
  failed(error: unknown): void;
}

/** Builds `ctx.timers`. */
export function createTimers({ onDispose, failed }: TimerOptions): AddonContext['timers'] {
  function start(milliseconds: number, run: () => void | Promise<void>, again: boolean): () => void {
    if (!(milliseconds >= 0 && milliseconds <= MAX_DELAY))
      throw new Error(`A timer of ${milliseconds} ms is not possible: choose 0 to ${MAX_DELAY}.`);
    if (typeof run !== 'function') throw new Error('What a timer should run is not a function.');
    let timer: NodeJS.Timeout | null = null;
    let stopped = false;
    const forget = onDispose(stop);

    function stop(): void {
      stopped = true;
      if (timer) clearTimeout(timer);
      forget();
    }

    async function fire(): Promise<void> {
      try {
        await run();
      } catch (error) {
        failed(error);
      }
      if (again && !stopped) wait();
      else stop();
    }

    function wait(): void {
      timer = setTimeout(() => void fire(), milliseconds);
    }

    wait();
    return stop;
  }

  return {
    after: (milliseconds, run) => start(milliseconds, run, false),
    every: (milliseconds, run) => start(milliseconds, run, true),
  };
}
