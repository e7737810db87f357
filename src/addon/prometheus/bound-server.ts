import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Open connections at most. At the limit the one that has been idle for longest makes room, so idle ones never keep a scraper out. */
const MAX_CONNECTIONS = 256;

const LIMITS = {
  /** Bytes of a request's line and headers. */
  maxHeaderSize: 8 * 1024,
  /** Milliseconds, as are those below: for the headers to arrive. */
  headersTimeout: 10_000,
  /** For the whole request to arrive. */
  requestTimeout: 15_000,
  /** Between two requests: above the scrape intervals in use, which are up to a minute. */
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 2_000,
} as const;
/** For a client that takes nothing of an answer, in milliseconds. */
const STALL_TIMEOUT = 30_000;
/** For a connection without a request, when the server leaves: one may be on its way. In milliseconds. */
const SILENT_GRACE = 200;

/** An HTTP server that listens. */
export interface BoundServer {
  /** Of the socket; the port is the real one where 0 was asked for. */
  readonly address: { readonly ip: string; readonly port: number };
  /**
   * Frees the port at once, lets answers under way finish, and settles when the last connection is closed.
   *
   * @param milliseconds after which connections are closed whatever they do
   */
  drain(milliseconds: number): Promise<void>;
}

/**
 * Binds an address that nobody else has.
 *
 * @throws the error of listen(2), with its `code`
 */
export async function bindServer(ip: string, port: number, routes: (request: IncomingMessage, response: ServerResponse) => void): Promise<BoundServer> {
  /** Oldest first. */
  const idle = new Set<Socket>();
  const open = new Set<Socket>();
  const answering = new Set<ServerResponse>();
  let draining = false;

  const server = createServer(LIMITS, (request, response) => {
    const { socket } = request;
    idle.delete(socket);
    answering.add(response);
    if (draining) response.setHeader('connection', 'close');
    response.once('close', () => {
      answering.delete(response);
      if (open.has(socket)) idle.add(socket);
      if (draining) setImmediate(() => server.closeIdleConnections());
    });
    routes(request, response);
  });
  server.timeout = STALL_TIMEOUT;
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    idle.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      idle.delete(socket);
    });
    if (open.size > MAX_CONNECTIONS) idle.values().next().value?.destroy();
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: ip, port, exclusive: true }, () => {
      server.off('error', reject);
      // Accepting can fail later, for want of file handles; the server goes on, and so must the process.
      server.on('error', () => {});
      resolve();
    });
  });

  return {
    address: { ip, port: (server.address() as AddressInfo).port },
    drain(milliseconds) {
      draining = true;
      for (const response of answering) if (!response.headersSent) response.setHeader('connection', 'close');
      return new Promise((resolve) => {
        const silent = setTimeout(() => idle.forEach((socket) => socket.destroy()), Math.min(SILENT_GRACE, milliseconds));
        const slow = setTimeout(() => server.closeAllConnections(), milliseconds);
        server.close(() => {
          clearTimeout(silent);
          clearTimeout(slow);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
  };
}
