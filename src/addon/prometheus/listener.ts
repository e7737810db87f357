import type { IncomingMessage, ServerResponse } from 'node:http';
import { formatAddress, parseAddress, type Address } from './address';
import { bindServer, type BoundServer } from './bound-server';
import { explainListenError, type ListenFailure } from './listen-failure';
import { resolveHost } from './resolve-host';
import type { ServerTls } from './web-config/load-web-config';

/** What the listener tells of itself after every change. */
export interface ListenerState {
  /** What was asked for, as it was written. */
  readonly requested: string;
  /** Where it listens; null when neither what was asked for nor the fallback can be had. */
  readonly effective: Address | null;
  /** Why that is not what was asked for, in words. */
  readonly reason: string | null;
  readonly cause: ListenFailure['cause'] | null;
  /** Whether what was asked for is tried again. */
  readonly retrying: boolean;
}

export interface ListenerOptions {
  readonly routes: (request: IncomingMessage, response: ServerResponse) => void;
  /** Where to listen when what is asked for cannot be had, as `host:port`. */
  readonly fallback: string;
  readonly onState: (state: ListenerState) => void;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
  /** Milliseconds; tests shorten them. */
  readonly timing?: Partial<ListenerTiming>;
}

export interface ListenerTiming {
  /** Before the first further try; every next pause is twice as long. */
  readonly firstPause: number;
  readonly longestPause: number;
  /** For answers under way on an address that is left. */
  readonly drain: number;
}

const TIMING: ListenerTiming = { firstPause: 1_000, longestPause: 60_000, drain: 1_500 };

/** The metrics server's place on the network. */
export interface Listener {
  /**
   * Moves to an address: the new one is bound before the old one is left, unless they clash. Never rejects; what cannot be had is replaced by the fallback, and
   * the state says why. Of several calls the last one counts.
   */
  listen(requested: string): Promise<void>;
  /** Speaks TLS from now on, on the address that it has; null: plain HTTP. */
  secure(tls: ServerTls | null): void;
  /** Has no address at all as long as there is a reason, in a sentence; with null it goes back to the address last asked for. */
  withhold(reason: string | null): Promise<void>;
  /** Leaves for good; settles when the port is free and every connection closed. */
  close(): Promise<void>;
}

/** What is held now. `wanted` is the address as it was asked for, before resolving it and choosing a port. */
interface Held {
  readonly server: BoundServer;
  readonly wanted: Address;
}

export function createListener({ routes, fallback, onState, log, timing: given }: ListenerOptions): Listener {
  const timing = { ...TIMING, ...given };
  let held: Held | null = null;
  let turn: Promise<void> = Promise.resolve();
  /** Counts calls of listen and close: work for an older one is dropped. */
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

  /** Takes an address in place of the one held. @returns why it cannot be had; the one held is then kept, unless it clashed */
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
      // It may have changed while the address was bound.
      server.secure(tls);
      held = { server, wanted };
      return null;
    } catch (error) {
      return explainListenError(error, wanted);
    }
  }

  async function apply(requested: string, thisCall: number, pause: number): Promise<void> {
    if (thisCall !== call) return;
    if (withheld !== null) {
      if (held) leave(held);
      held = null;
      return tell({ requested, effective: null, reason: withheld, cause: 'web-config', retrying: false });
    }
    const wanted = parseAddress(requested);
    const failure: ListenFailure | null =
      typeof wanted === 'string'
        ? { cause: 'invalid', text: `“${requested}” cannot be used: ${wanted}`, passing: false }
        : await take(wanted);
    // Looking a name up takes time: a newer call may wait by now, and going to the fallback for the older one would only be in its way.
    if (thisCall !== call) return;
    let reason = failure?.text ?? null;
    let again = failure?.passing ?? false;
    if (failure) {
      const backup = parseAddress(fallback);
      const backupFailure =
        typeof backup === 'string'
          ? { text: `The fallback “${fallback}” cannot be used: ${backup}`, passing: false }
          : await take(backup);
      if (backupFailure) {
        if (held) leave(held);
        held = null;
        if (backupFailure.text !== reason)
          reason = `${reason} The fallback cannot be had either: ${backupFailure.text}`;
        again = true;
      }
    }
    if (again && thisCall === call) {
      timer = setTimeout(() => {
        timer = null;
        turn = turn.then(() => apply(requested, thisCall, Math.min(pause * 2, timing.longestPause)));
      }, pause);
    }
    tell({
      requested,
      effective: held && { host: held.wanted.host, port: held.server.address.port },
      reason,
      cause: failure?.cause ?? null,
      retrying: again,
    });
  }

  /** Tells a state once, however often it is found again. */
  function tell(state: ListenerState): void {
    const text = JSON.stringify(state);
    if (text === lastTold) return;
    lastTold = text;
    const where = state.effective
      ? `The metrics are served on ${formatAddress(state.effective)}.`
      : 'No metrics are served.';
    log(
      state.effective === null ? 'error' : state.reason === null ? 'info' : 'warn',
      state.reason === null ? where : `${state.reason} ${where}`,
    );
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

/** Whether holding the one address keeps the other from being bound: the same port, and the same IP or one that stands for all. */
function clash(held: BoundServer['address'], wanted: BoundServer['address']): boolean {
  const all = (ip: string): boolean => ip === '0.0.0.0' || ip === '::';
  return held.port === wanted.port && (held.ip === wanted.ip || all(held.ip) || all(wanted.ip));
}
