/** For how long the time that handlers took is added up before the host is told, in milliseconds. */
const TOLD_EVERY = 250;

/** Adds up the time that handlers take, so that the host is told now and then and not at every event. */
export interface HandlerClock {
  add(seconds: number): void;
  /** Tells what has not been told. */
  flush(): void;
}

export function createHandlerClock(tell: (seconds: number) => void): HandlerClock {
  let untold = 0;
  let timer: NodeJS.Timeout | null = null;
  function flush(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    if (untold > 0) tell(untold);
    untold = 0;
  }
  return {
    add(seconds) {
      untold += seconds;
      timer ??= setTimeout(flush, TOLD_EVERY).unref();
    },
    flush,
  };
}
