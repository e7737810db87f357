/** A throttled function. */
export interface Throttled {
  (): void;
  /** Runs the pending call now. */
  flush(): void;
}

/**
 * Returns a function that runs `run` at most once in `milliseconds`: immediately, and once more after the interval if
 * it was called again meanwhile.
 *
 * @param leading false to delay the first call too, for values that are summed before they are reported
 */
export function throttle(milliseconds: number, run: () => void, { leading = true } = {}): Throttled {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  function call(): void {
    if (timer !== undefined || !leading) again = true;
    else run();
    if (timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      if (!again) return;
      again = false;
      if (leading) call();
      else run();
    }, milliseconds);
    // In Node, the timer must not keep the process alive; in a browser it is a number.
    (timer as { unref?(): void }).unref?.();
  }
  function flush(): void {
    // The interval continues: frequent flushes are throttled all the same.
    if (!again) return;
    again = false;
    run();
  }
  return Object.assign(call, { flush });
}
