import { createEscalation, type Patience } from './allowance';

/** Interval of pings, in milliseconds, and how long an answer may take before the process is slowed. */
const INTERVAL = 5_000;
const SLOW_AFTER = 3_000;
/** An answer that has arrived while the computer slept, or while the host itself was blocked, is read within this time. */
const GRACE = 1_000;
/** How often its handlers may take too long. */
const LATE_HANDLERS: Patience = { within: 600_000, times: 3 };

export interface HeartbeatOptions {
  /** Settles with whether an answer came within so many milliseconds. */
  readonly ping: (milliseconds: number) => Promise<boolean>;
  /** Timeout for an answer, in milliseconds; then the process counts as hung. */
  readonly deadline: number;
  /** How long a handler may take, in seconds. */
  readonly handlerSeconds: number;
  readonly warn: (text: string) => void;
  /** Takes processor time from it. */
  readonly slow: () => void;
  readonly kill: (reason: string) => void;
}

/** Watches whether a process keeps up. */
export interface Heartbeat {
  /** A handler took longer than it may. */
  handlerLate(): void;
  close(): void;
}

/**
 * Asks a process now and then whether it still answers: one whose event loop is blocked, or whose handlers take too
 * long, is told so, slowed, and killed if it goes on.
 */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { ping, deadline, handlerSeconds, warn, slow, kill } = options;
  const slowAfter = Math.min(SLOW_AFTER, deadline / 2);
  let asking = false;
  let closed = false;
  let slowed = false;

  function slowDown(text: string): void {
    if (slowed || closed) return;
    slowed = true;
    warn(`${text} It has the lowest priority until it is started again.`);
    slow();
  }

  async function check(): Promise<void> {
    if (asking) return;
    asking = true;
    if (!(await ping(slowAfter)) && !(await ping(GRACE))) {
      slowDown(`It has not answered for ${slowAfter / 1000} s; after ${deadline / 1000} s it is stopped.`);
      if (!(await ping(Math.max(0, deadline - slowAfter))) && !(await ping(GRACE)) && !closed)
        kill(`it did not answer for ${deadline / 1000} s`);
    }
    asking = false;
  }

  const timer = setInterval(() => void check(), Math.min(INTERVAL, deadline));
  timer.unref();
  const handlerLate = createEscalation(LATE_HANDLERS, {
    tell: () =>
      slowDown(
        `A handler took longer than ${handlerSeconds} s; after ${LATE_HANDLERS.times} times within ten minutes it is stopped.`,
      ),
    stop: () =>
      kill(`its handlers took longer than ${handlerSeconds} s ${LATE_HANDLERS.times} times within ten minutes`),
  });
  return {
    handlerLate,
    close() {
      closed = true;
      clearInterval(timer);
    },
  };
}
