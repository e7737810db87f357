import type { WebSocket } from 'ws';
import { type HostEvent, type OperationReply, socketRequestSchema } from '../../shared/host-api';

/** A client that lets so many bytes pile up is gone or hopelessly slow: it is dropped, and gets the whole state when it comes back. */
const MAX_BACKLOG = 32 * 1024 * 1024;

/** What a UI or CLI at the other end of a WebSocket may use. */
export interface SocketHost {
  call(operation: string, input: unknown): Promise<OperationReply>;
  subscribe(listener: (event: HostEvent) => void): () => void;
}

/** Carries calls and their answers, and tells every event, until the socket closes. */
export function serveSocket(socket: WebSocket, host: SocketHost): void {
  const send = (message: unknown): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_BACKLOG) {
      socket.terminate();
      return;
    }
    socket.send(JSON.stringify(message));
  };
  const unsubscribe = host.subscribe((event) => send({ event }));
  socket.on('close', unsubscribe);
  socket.on('error', () => socket.terminate());
  socket.on('message', (data, isBinary) => {
    const request = isBinary ? null : parseRequest(String(data));
    if (!request) {
      socket.close(1003, 'not a request');
      return;
    }
    void host.call(request.operation, request.input).then((reply) => send({ call: request.call, reply }));
  });
}

function parseRequest(text: string): { call: number; operation: string; input?: unknown } | null {
  try {
    const parsed = socketRequestSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
