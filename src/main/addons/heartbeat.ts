import { createEscalation, type Patience } from './allowance';

/** Interval of pings to a process that answers, and to one that does not, in milliseconds. */
const INTERVAL = 1_000;
const STEP = 1_000;
/** Where its processor time is unknown, it is slowed when it has not answered for so long, in milliseconds. */
const SLOW_AFTER = 3_000;
/** How often its handlers may take too long. */
const LATE_HANDLERS: Patience = { within: 600_000, times: 3 };

export interface HeartbeatOptions {
  /** Settles when it is to be asked; while it is started, it need not answer. */
  readonly begin: Promise<void>;
  /** Settles with whether an answer came within so many milliseconds. */
  readonly ping: (milliseconds: number) => Promise<boolean>;
  /** Timeout for an answer, in milliseconds; then the process counts as hung. */
  readonly deadline: number;
  /** How long a handler may take, in seconds. */
  readonly handlerSeconds: number;
  /** Processor time that it has used, in seconds; null where it is unknown. */
  readonly cpuSeconds: () => Promise<number | null>;
  /** Share of a processor from which a process that does not answer keeps itself from that. */
  readonly busyShare: number;
  /** Takes processor time from it, and tells why: a sentence. May be called again. */
  readonly slow: (why: string) => void;
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
 * long, is told so, slowed, and killed if it goes on. One that does not answer because the machine is busy is not slowed,
 * or it never would.
 */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { ping, deadline, handlerSeconds, busyShare, slow, kill } = options;
  const step = Math.min(STEP, deadline / 2);
  let asking = false;
  const closed = new AbortController();

  async function check(): Promise<void> {
    let before: number | null = null;
    // Counted rather than measured: a computer that sleeps is not waiting.
    for (let waited = step; !closed.signal.aborted && !(await ping(step)); waited += step) {
      if (waited > deadline) return kill(`it did not answer for ${deadline / 1000} s`);
      const now = await options.cpuSeconds();
      const hogs = now === null ? waited >= SLOW_AFTER : before !== null && now - before > (step / 1_000) * busyShare;
      before = now;
      if (hogs) slow(`It has not answered for ${waited / 1000} s; after ${deadline / 1000} s it is stopped.`);
    }
  }

  async function checkAlone(): Promise<void> {
    if (asking) return;
    asking = true;
    await check();
    asking = false;
  }

  let timer: NodeJS.Timeout | undefined;
  options.begin
    .then(() => {
      if (!closed.signal.aborted) timer = setInterval(() => void checkAlone(), Math.min(INTERVAL, deadline)).unref();
    })
    .catch(() => undefined);
  const handlerLate = createEscalation(LATE_HANDLERS, {
    tell: () =>
      slow(
        `A handler took longer than ${handlerSeconds} s; after ${LATE_HANDLERS.times} times within ten minutes it is stopped.`,
      ),
    stop: () =>
      kill(`its handlers took longer than ${handlerSeconds} s ${LATE_HANDLERS.times} times within ten minutes`),
  });
  return {
    handlerLate,
    close() {
      closed.abort();
      clearInterval(timer);
    },
  };
}
