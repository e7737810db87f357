import type { WebSocket } from 'ws';
import { type HostEvent, type OperationReply, operations, socketRequestSchema } from '../../shared/host-api';
import type { EventLog } from '../events/event-log';
import { followEvents } from './follow-events';
import { type Right, suffices } from './tokens';

/** A client that lets so many bytes pile up is gone or hopelessly slow: it is dropped, and gets the whole state when it comes back. */
const MAX_BACKLOG = 32 * 1024 * 1024;
/** With so many bytes on their way, stored events wait where they are stored. */
const FULL = 1024 * 1024;
/** The largest request, in bytes, as over HTTP. */
const MAX_REQUEST = 1024 * 1024;

/** What a UI or CLI at the other end of a WebSocket may use. */
export interface SocketHost {
  call(operation: string, input: unknown): Promise<OperationReply>;
  subscribe(listener: (event: HostEvent) => void): () => void;
  readonly events: EventLog;
}

export interface SocketClient {
  readonly right: Right;
  /** Where it wants stored events from: null for those to come; undefined for none. */
  readonly cursor: number | null | undefined;
}

/** Carries calls and their answers, and tells every event, until the socket closes. */
export function serveSocket(socket: WebSocket, host: SocketHost, { right, cursor }: SocketClient): void {
  const ended = new AbortController();
  const send = (message: unknown): Promise<void> | null => {
    if (socket.readyState !== socket.OPEN) return null;
    if (socket.bufferedAmount > MAX_BACKLOG) {
      socket.terminate();
      return null;
    }
    const text = JSON.stringify(message);
    if (socket.bufferedAmount < FULL) {
      socket.send(text);
      return null;
    }
    return new Promise((resolve) => socket.send(text, () => resolve()));
  };
  const unsubscribe = host.subscribe((event) => void send({ event }));
  socket.on('close', () => {
    unsubscribe();
    ended.abort();
  });
  socket.on('error', () => socket.terminate());
  socket.on('message', (data: Buffer, isBinary) => {
    if (data.length > MAX_REQUEST) {
      socket.close(1009, 'the request is too large');
      return;
    }
    const request = isBinary ? null : parseRequest(String(data));
    if (!request) {
      socket.close(1003, 'not a request');
      return;
    }
    const { call, operation, input } = request;
    if (!mayCall(right, operation)) {
      void send({
        call,
        reply: {
          ok: false,
          error: { kind: 'failed', message: 'This token may only look: use the control token to change things.' },
        } satisfies OperationReply,
      });
      return;
    }
    void host.call(operation, input).then((reply) => send({ call, reply }));
  });
  if (cursor !== undefined) void follow(cursor);

  async function follow(from: number | null): Promise<void> {
    try {
      for await (const followed of followEvents(host.events, from, ended.signal)) {
        await send(followed.kind === 'event' ? { lifecycle: followed.event } : { gap: followed.gap });
      }
    } catch {
      // The client comes back with its cursor.
      socket.terminate();
    }
  }
}

/** Whether a right suffices for an operation. One that does not exist may be asked for; the answer says so. */
export function mayCall(right: Right, operation: string): boolean {
  return (
    !Object.hasOwn(operations, operation) || suffices(right, operations[operation as keyof typeof operations].access)
  );
}

function parseRequest(text: string): { call: number; operation: string; input?: unknown } | null {
  try {
    const parsed = socketRequestSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
