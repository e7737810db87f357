import { throttle } from '../../shared/throttle';
import type { LifecycleEventName } from './context';

/** How long failures are batched before they are reported to the host, in milliseconds. */
const REPORT_INTERVAL = 250;

/** Batches handler failures, so that the host gets a report now and then rather than one per failure. */
export interface HandlerFailures {
  add(event: LifecycleEventName, reason: string): void;
  /** Reports what is pending. */
  flush(): void;
}

/** @param report receives the reason of the last failure */
export function createHandlerFailures(
  report: (event: LifecycleEventName, reason: string, times: number) => void,
): HandlerFailures {
  const pending = new Map<LifecycleEventName, { reason: string; times: number }>();
  const tellSoon = throttle(
    REPORT_INTERVAL,
    () => {
      for (const [event, { reason, times }] of pending) report(event, reason, times);
      pending.clear();
    },
    { leading: false },
  );
  return {
    add(event, reason) {
      pending.set(event, { reason, times: (pending.get(event)?.times ?? 0) + 1 });
      tellSoon();
    },
    flush: tellSoon.flush,
  };
}
