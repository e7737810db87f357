import type { IncomingMessage, ServerResponse } from 'node:http';
import { formatAddress, parseAddress, type Address } from './address';
import { bindServer, type BoundServer } from './bound-server';
import { isWidened, widenedSentence } from './exposure';
import { explainListenError, type ListenFailure } from './listen-failure';
import { resolveHost } from './resolve-host';
import type { ServerTls } from './web-config/load-web-config';

/** The listener's state, reported after every change. */
export interface ListenerState {
  /** The requested address as it was written. */
  readonly requested: string;
  /** The bound address; null when neither the requested one nor the fallback can be bound. */
  readonly effective: Address | null;
  /** Why that is not the requested address, in words. */
  readonly reason: string | null;
  readonly cause: ListenFailure['cause'] | null;
  /** Whether binding the requested address is being retried. */
  readonly retrying: boolean;
  /** Whether it is exposed to the whole network although a narrower address was requested. */
  readonly widened: boolean;
}

export interface ListenerOptions {
  readonly routes: (request: IncomingMessage, response: ServerResponse) => void;
  /** The address to fall back to, as `host:port`; null for none. */
  readonly fallback: () => string | null;
  /** Whether reading what is served takes a password or a certificate. */
  readonly guarded: () => boolean;
  readonly onState: (state: ListenerState) => void;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  /** Milliseconds; tests shorten them. */
  readonly timing?: Partial<ListenerTiming>;
}

export interface ListenerTiming {
  /** Before the first retry; every further pause is twice as long. */
  readonly firstPause: number;
  readonly longestPause: number;
  /** For responses in progress on an address that is given up. */
  readonly drain: number;
}

const TIMING: ListenerTiming = { firstPause: 1_000, longestPause: 60_000, drain: 1_500 };

/** Manages the address that the metrics server is bound to. */
export interface Listener {
  /**
   * Moves to an address: the new one is bound before the old one is released, unless they clash. Never rejects: if the
   * address cannot be bound, the fallback is used and the state says why. Of several calls the last one wins.
   */
  listen(requested: string): Promise<void>;
  /** Switches TLS to these settings on the bound address; null for plain HTTP. */
  secure(tls: ServerTls | null): void;
  /**
   * Releases the address for as long as there is a reason, given as a sentence; with null, returns to the address last
   * requested.
   */
  withhold(reason: string | null): Promise<void>;
  /** Closes for good; settles when the port is free and every connection closed. */
  close(): Promise<void>;
}

/** The bound server. `wanted` is the address as requested, before it was resolved and a port was chosen. */
interface Held {
  readonly server: BoundServer;
  readonly wanted: Address;
}

export function createListener({ routes, fallback, guarded, onState, log, timing: given }: ListenerOptions): Listener {
  const timing = { ...TIMING, ...given };
  let held: Held | null = null;
  let turn: Promise<void> = Promise.resolve();
  /** Counts calls of listen and close: results for an older call are dropped. */
  let call = 0;
  let timer: NodeJS.Timeout | null = null;
  let lastTold = '';
  let lastRequested: string | null = null;
  let withheld: string | null = null;
  let tls: ServerTls | null = null;
  const drains = new Set<Promise<void>>();

  function leave(old: Held): void {
    const drain = old.server.drain(timing.drain);
    drains.add(drain);
    void drain.then(() => drains.delete(drain));
  }

  /**
   * Binds an address and releases the current one. @returns the reason if it cannot be bound; the current one is then
   * kept, unless the two clash
   */
  async function take(wanted: Address): Promise<ListenFailure | null> {
    if (held && held.wanted.host === wanted.host && held.wanted.port === wanted.port) return null;
    try {
      const ip = await resolveHost(wanted.host);
      let server: BoundServer;
      try {
        server = await bindServer(ip, wanted.port, routes, tls);
      } catch (error) {
        if (
          (error as NodeJS.ErrnoException).code !== 'EADDRINUSE' ||
          !held ||
          !clash(held.server.address, { ip, port: wanted.port })
        )
          throw error;
        leave(held);
        held = null;
        server = await bindServer(ip, wanted.port, routes, tls);
      }
      if (held) leave(held);
      // The TLS settings may have changed while the address was being bound.
      server.secure(tls);
      held = { server, wanted };
      return null;
    } catch (error) {
      return explainListenError(error, wanted);
    }
  }

  /** @returns why the fallback is not bound, with the text null where none is configured; null on success */
  async function takeFallback(text: string | null): Promise<{ readonly text: string | null } | null> {
    if (text === null) return { text: null };
    const backup = parseAddress(text);
    return typeof backup === 'string' ? { text: `The fallback “${text}” cannot be used: ${backup}` } : take(backup);
  }

  async function apply(requested: string, thisCall: number, pause: number): Promise<void> {
    if (thisCall !== call) return;
    if (withheld !== null) {
      if (held) leave(held);
      held = null;
      return report({
        requested,
        effective: null,
        reason: withheld,
        cause: 'web-config',
        retrying: false,
        widened: false,
      });
    }
    const wanted = parseAddress(requested);
    const failure: ListenFailure | null =
      typeof wanted === 'string'
        ? { cause: 'invalid', text: `“${requested}” cannot be used: ${wanted}`, passing: false }
        : await take(wanted);
    // Resolving a name takes time: a newer call may be waiting by now, and binding the fallback for the older one would
    // only get in its way.
    if (thisCall !== call) return;
    let reason = failure?.text ?? null;
    let again = failure?.passing ?? false;
    if (failure) {
      const backupFailure = await takeFallback(fallback());
      if (backupFailure) {
        if (held) leave(held);
        held = null;
        if (backupFailure.text === null) reason = `${reason} There is no fallback, as the preference says.`;
        else if (backupFailure.text !== reason)
          reason = `${reason} The fallback cannot be had either: ${backupFailure.text}`;
        again ||= backupFailure.text !== null;
      }
    }
    if (again && thisCall === call) {
      timer = setTimeout(() => {
        timer = null;
        turn = turn.then(() => apply(requested, thisCall, Math.min(pause * 2, timing.longestPause)));
      }, pause);
    }
    const effective = held && { host: held.wanted.host, port: held.server.address.port };
    report({
      requested,
      effective,
      reason,
      cause: failure?.cause ?? null,
      retrying: again,
      widened: isWidened(requested, effective),
    });
  }

  /** Reports a state once, however often it recurs. */
  function report(state: ListenerState): void {
    const text = JSON.stringify(state);
    if (text === lastTold) return;
    lastTold = text;
    const where = state.effective
      ? `The metrics are served on ${formatAddress(state.effective)}.`
      : 'No metrics are served.';
    const sentence = [state.reason, where, state.widened ? widenedSentence(guarded()) : null]
      .filter((part) => part !== null)
      .join(' ');
    log(state.effective === null ? 'error' : state.reason === null ? 'info' : 'warn', sentence);
    onState(state);
  }

  function stopTrying(): void {
    call++;
    if (timer) clearTimeout(timer);
    timer = null;
  }

  function listen(requested: string): Promise<void> {
    stopTrying();
    lastRequested = requested;
    const thisCall = call;
    turn = turn.then(() => apply(requested, thisCall, timing.firstPause));
    return turn;
  }

  return {
    listen,
    secure(next) {
      tls = next;
      held?.server.secure(next);
    },
    withhold(reason) {
      if (reason === withheld) return turn;
      withheld = reason;
      return lastRequested === null ? turn : listen(lastRequested);
    },
    async close() {
      stopTrying();
      lastRequested = null;
      await turn;
      if (held) leave(held);
      held = null;
      await Promise.all(drains);
    },
  };
}

/** Whether binding one address prevents binding the other: same port, and the same IP or a wildcard. */
function clash(held: BoundServer['address'], wanted: BoundServer['address']): boolean {
  const all = (ip: string): boolean => ip === '0.0.0.0' || ip === '::';
  return held.port === wanted.port && (held.ip === wanted.ip || all(held.ip) || all(wanted.ip));
}
