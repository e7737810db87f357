import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { HostEvent, OperationReply, Right } from '../../shared/host-api';
import { fitsExtent } from '../../shared/scan-json';
import { REQUEST_EXTENT } from '../http/take-json';
import { socketRequestSchema } from '../../shared/socket-messages';
import { type FollowedLog, followEvents } from './follow-events';
import { eventFor } from './hide-secrets';
import { limitReceived } from '../http/receive-limit';
import { NEEDS_CONTROL, mayCall } from './rights';

/**
 * Maximum unsent bytes of one client: above it the client is gone or hopelessly slow and is dropped; it gets the whole
 * state when it reconnects.
 */
const MAX_BACKLOG = 32 * 1024 * 1024;
/** Maximum unsent bytes of all clients together; above it the client with the most is dropped. */
const MAX_BACKLOGS = 4 * MAX_BACKLOG;
/** Concurrent calls of one client; above it nothing more is read from its socket. */
const MAX_CALLS = 16;
/** With this many bytes unsent, further stored events are not read from the log yet. */
const FULL = 1024 * 1024;
/** Maximum size of a request in bytes, the same as over HTTP. */
const MAX_REQUEST = 1024 * 1024;

/** The host's interface for a UI or CLI connected by WebSocket. */
export interface SocketHost {
  call(operation: string, input: unknown, right: Right): Promise<OperationReply>;
  subscribe(listener: (event: HostEvent) => void): () => void;
  readonly events: FollowedLog;
}

export interface SocketClient {
  readonly right: Right;
  /** The cursor to resume stored events from: null for future events only; undefined for none. */
  readonly cursor: number | null | undefined;
}

/** Every connected client. */
const clients = new Set<WebSocket>();

/**
 * Carries calls, their answers and every event until the socket closes. A client that passed a cursor also gets every
 * stored event after it, `{ lifecycle }`, and `{ gap: { after, resume } }` where some of those have been deleted, so
 * that it must refetch the state.
 */
export function serveSocket(
  socket: WebSocket,
  connection: Socket,
  host: SocketHost,
  { right, cursor }: SocketClient,
): void {
  const ended = new AbortController();
  clients.add(socket);
  // Allows for the frame headers of the largest message.
  limitReceived(socket, connection, () => MAX_REQUEST + 1_024);
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
    return new Promise((resolve) => {
      socket.send(text, () => resolve());
      dropTheSlowest();
    });
  };
  void send({ right });
  let calls = 0;
  const answer = async (call: number, operation: string, input: unknown): Promise<void> => {
    calls += 1;
    if (calls === MAX_CALLS) socket.pause();
    // A client that does not read its answers sends no further calls.
    await send({ call, reply: await host.call(operation, input, right) });
    if (calls === MAX_CALLS) socket.resume();
    calls -= 1;
  };
  const unsubscribe = host.subscribe((event) => void send({ event: eventFor(right, event) }));
  socket.on('close', () => {
    clients.delete(socket);
    unsubscribe();
    ended.abort();
  });
  socket.on('error', () => socket.terminate());
  socket.on('message', (data: Buffer, isBinary) => {
    // Calls that arrived before the client disconnected: nobody waits for the answers.
    if (socket.readyState !== socket.OPEN) return;
    if (data.length > MAX_REQUEST) {
      socket.close(1009, 'the request is too large');
      return;
    }
    const request = isBinary ? null : parseRequest(data);
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
          error: { kind: 'failed', message: NEEDS_CONTROL },
        } satisfies OperationReply,
      });
      return;
    }
    void answer(call, operation, input);
  });
  if (cursor !== undefined) void follow(cursor);

  async function follow(from: number | null): Promise<void> {
    try {
      for await (const followed of followEvents(host.events, from, ended.signal)) {
        await send(followed.kind === 'event' ? { lifecycle: followed.event } : { gap: followed.gap });
      }
    } catch {
      // The client reconnects with its cursor.
      socket.terminate();
    }
  }
}

function dropTheSlowest(): void {
  let total = 0;
  let slowest: WebSocket | null = null;
  for (const client of clients) {
    total += client.bufferedAmount;
    if (slowest === null || client.bufferedAmount > slowest.bufferedAmount) slowest = client;
  }
  if (total > MAX_BACKLOGS) slowest?.terminate();
}

function parseRequest(bytes: Buffer): { call: number; operation: string; input?: unknown } | null {
  if (!fitsExtent(bytes, REQUEST_EXTENT)) return null;
  try {
    const parsed = socketRequestSchema.safeParse(JSON.parse(String(bytes)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
