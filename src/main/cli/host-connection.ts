import {
  type HostEvent,
  type OperationInput,
  type OperationName,
  type OperationOutput,
  type OperationReply,
  operations,
} from '../../shared/host-api';
import { parseJson } from '../../shared/parse-json';
import { SOCKET_PROTOCOL, TOKEN_PROTOCOL_PREFIX, socketMessageSchema } from '../../shared/socket-messages';
import { UserError } from '../../shared/user-error';
import { type UnreachableHost, explainAnswer, explainFailure } from './connection-failure';

/** Handshake timeout, in milliseconds. */
const HANDSHAKE_LIMIT = 15_000;

/** How long a host may be silent when the user interrupts, in milliseconds. */
const SILENCE_LIMIT = 3_000;

/** Maximum size of an answer, in bytes: lists are paginated. */
const MAX_ANSWER = 64 * 1024 * 1024;

/** A connection to a host, in this process or another. */
export interface HostConnection {
  /** @throws UserError with the host's error sentence */
  call<N extends OperationName>(operation: N, input: OperationInput<N>): Promise<OperationOutput<N>>;
  subscribe(listener: (event: HostEvent) => void): () => void;
  /** Settles when the connection is lost. */
  readonly lost: Promise<void>;
  close(): Promise<void>;
}

/** The common interface of both kinds of host: calls that never reject, and events. */
export interface RawHost {
  call(operation: string, input: unknown): Promise<OperationReply>;
  subscribe(listener: (event: HostEvent) => void): () => void;
  close(): Promise<void>;
}

/** Wraps a host in the typed interface that commands use. */
export function connectTo(host: RawHost, lost: Promise<void> = new Promise(() => undefined)): HostConnection {
  return {
    async call(operation, input) {
      const reply = await host.call(operation, input);
      if (!reply.ok)
        throw reply.error.kind === 'internal'
          ? new Error(reply.error.message)
          : new UserError(reply.error.message, reply.error.kind);
      const output = operations[operation].output.safeParse(reply.value);
      if (!output.success)
        throw new UserError(
          `The host’s answer to ${operation} cannot be read: it is of another version of Framegauge than this command; use the same one on both sides.`,
        );
      return output.data as OperationOutput<typeof operation>;
    },
    subscribe: (listener) => host.subscribe(listener),
    lost,
    close: () => host.close(),
  };
}

/**
 * Connects to a host in another process, on this machine or another.
 *
 * @param signal of the user's interrupt: a host that is silent then counts as lost. One that lives is waited for, since
 *   what it does for this command may take its time to be cancelled
 * @throws UserError when it does not answer, refuses the connection, or is not Framegauge
 */
export async function connectToRunning(
  host: UnreachableHost & { readonly token: string | null },
  signal?: AbortSignal,
): Promise<HostConnection> {
  // Loaded lazily: commands without a host need no client.
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(
    `${host.url.replace(/^http/, 'ws')}/api/v1/socket`,
    [SOCKET_PROTOCOL, ...(host.token === null ? [] : [TOKEN_PROTOCOL_PREFIX + host.token])],
    {
      handshakeTimeout: HANDSHAKE_LIMIT,
      maxPayload: MAX_ANSWER,
    },
  );
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) => {
      reject(explainAnswer(host, response.statusCode ?? 0));
      socket.on('error', () => undefined);
      response.destroy();
      socket.terminate();
    });
    socket.once('error', (error) => reject(explainFailure(host, error)));
  });
  socket.on('error', () => socket.terminate());
  const knock = (): void => {
    if (socket.readyState !== WebSocket.OPEN) return;
    const silent = setTimeout(() => socket.terminate(), SILENCE_LIMIT);
    for (const sign of ['pong', 'close']) socket.once(sign, () => clearTimeout(silent));
    socket.ping();
  };
  signal?.addEventListener('abort', knock, { once: true });
  const listeners = new Set<(event: HostEvent) => void>();
  const waiting = new Map<number, (reply: OperationReply) => void>();
  let calls = 0;
  const ended: OperationReply = { ok: false, error: { message: `The host at ${host.url} has ended.`, kind: 'failed' } };
  const lost = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const unreadable: OperationReply = {
    ok: false,
    error: {
      message: `The answer of the host at ${host.url} cannot be read: it is of another version of Framegauge than this command; use the same one on both sides.`,
      kind: 'failed',
    },
  };
  function settle(call: number, reply: OperationReply): void {
    waiting.get(call)?.(reply);
    waiting.delete(call);
  }
  void lost.then(() => {
    signal?.removeEventListener('abort', knock);
    for (const answer of waiting.values()) answer(ended);
    waiting.clear();
  });
  socket.on('message', (data) => {
    const raw = parseJson(String(data));
    const message = socketMessageSchema.safeParse(raw);
    if (!message.success) {
      // Unknown events, from a newer host, are ignored; whoever asked waits for an answer.
      const { call } = (raw ?? {}) as { call?: unknown };
      if (typeof call === 'number') settle(call, unreadable);
      return;
    }
    if ('event' in message.data) {
      for (const listener of listeners) listener(message.data.event);
    } else if ('call' in message.data) {
      settle(message.data.call, message.data.reply);
    }
  });
  return connectTo(
    {
      call(operation, input) {
        return new Promise((resolve) => {
          if (socket.readyState !== WebSocket.OPEN) {
            resolve(ended);
            return;
          }
          const call = ++calls;
          waiting.set(call, resolve);
          socket.send(JSON.stringify({ call, operation, input }));
        });
      },
      subscribe(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      async close() {
        socket.close();
        await lost;
      },
    },
    lost,
  );
}
