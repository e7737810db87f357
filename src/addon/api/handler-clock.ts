import { throttle } from '../../shared/throttle';

/** How long handler time is summed before it is reported to the host, in milliseconds. */
const REPORT_INTERVAL = 250;

/** Sums the time spent in handlers, so that the host gets a report now and then rather than one per event. */
export interface HandlerClock {
  add(seconds: number): void;
  /** Reports what is pending. */
  flush(): void;
}

export function createHandlerClock(report: (seconds: number) => void): HandlerClock {
  let pending = 0;
  const tellSoon = throttle(
    REPORT_INTERVAL,
    () => {
      report(pending);
      pending = 0;
    },
    { leading: false },
  );
  return {
    add(seconds) {
      pending += seconds;
      tellSoon();
    },
    flush: tellSoon.flush,
  };
}
