import { WebSocket } from 'ws';
import {
  type HostEvent,
  type OperationInput,
  type OperationName,
  type OperationOutput,
  type OperationReply,
  SOCKET_PROTOCOL,
  TOKEN_PROTOCOL_PREFIX,
  operations,
  socketMessageSchema,
} from '../../shared/host-api';
import { UserError } from '../../shared/user-error';
import type { RunningHost } from '../running-host';

/** A host that a command talks to, in this process or another. */
export interface HostConnection {
  /** @throws UserError with the host's sentence when it refuses */
  call<N extends OperationName>(operation: N, input: OperationInput<N>): Promise<OperationOutput<N>>;
  subscribe(listener: (event: HostEvent) => void): () => void;
  /** Settles when the host is gone. */
  readonly lost: Promise<void>;
  close(): Promise<void>;
}

/** What both kinds of host offer: a call that never rejects, and events. */
export interface RawHost {
  call(operation: string, input: unknown): Promise<OperationReply>;
  subscribe(listener: (event: HostEvent) => void): () => void;
  close(): Promise<void>;
}

/** Gives a host the typed face that commands use. */
export function connectTo(host: RawHost, lost: Promise<void> = new Promise(() => undefined)): HostConnection {
  return {
    async call(operation, input) {
      const reply = await host.call(operation, input);
      if (!reply.ok) throw reply.error.kind === 'internal' ? new Error(reply.error.message) : new UserError(reply.error.message, reply.error.kind);
      return operations[operation].output.parse(reply.value) as OperationOutput<typeof operation>;
    },
    subscribe: (listener) => host.subscribe(listener),
    lost,
    close: () => host.close(),
  };
}

/**
 * Connects to a host in another process.
 *
 * @throws UserError when it does not answer
 */
export async function connectToRunning(running: RunningHost): Promise<HostConnection> {
  const socket = new WebSocket(`${running.url.replace(/^http/, 'ws')}/api/v1/socket`, [SOCKET_PROTOCOL, TOKEN_PROTOCOL_PREFIX + running.token]);
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (error) => reject(new UserError(`The host at ${running.url} cannot be reached (${error.message}): end process ${running.pid} or start it again.`)));
  });
  socket.on('error', () => socket.terminate());
  const listeners = new Set<(event: HostEvent) => void>();
  const waiting = new Map<number, (reply: OperationReply) => void>();
  let calls = 0;
  const lost = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  void lost.then(() => {
    for (const settle of waiting.values()) settle({ ok: false, error: { message: `The host at ${running.url} has ended.`, kind: 'failed' } });
    waiting.clear();
  });
  socket.on('message', (data) => {
    const message = socketMessageSchema.parse(JSON.parse(String(data)));
    if ('event' in message) {
      for (const listener of listeners) listener(message.event);
    } else {
      waiting.get(message.call)?.(message.reply);
      waiting.delete(message.call);
    }
  });
  return connectTo(
    {
      call(operation, input) {
        return new Promise((resolve) => {
          if (socket.readyState !== WebSocket.OPEN) {
            resolve({ ok: false, error: { message: `The host at ${running.url} has ended.`, kind: 'failed' } });
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
