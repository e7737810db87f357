import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { clientAllowed } from './web-config/client-certificate';
import type { ServerTls } from './web-config/load-web-config';

/**
 * Maximum number of open connections. At the limit the connection that has been idle longest is closed, so idle ones
 * never lock a scraper out.
 */
const MAX_CONNECTIONS = 256;

/**
 * Requests of one connection that nothing was answered to yet; with more it is closed. Node hands over two thousand small
 * ones of one read, and each would be a scrape.
 */
const MAX_WAITING = 8;

const LIMITS = {
  /** Maximum size of the request line and headers, in bytes. */
  maxHeaderSize: 8 * 1024,
  /** Timeout for receiving the headers, in milliseconds, as are those below. */
  headersTimeout: 10_000,
  /** Timeout for receiving the whole request. */
  requestTimeout: 15_000,
  /** Between two requests: longer than common scrape intervals, which are up to a minute. */
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 2_000,
} as const;
/** Timeout for a client that reads nothing of a response, in milliseconds. */
const STALL_TIMEOUT = 30_000;
/**
 * When the server moves away, grace period for a connection without a request, in milliseconds: one may be on its way.
 */
const SILENT_GRACE = 200;

/** An HTTP server that listens. */
export interface BoundServer {
  /** Address of the socket; the actual port where 0 was requested. */
  readonly address: { readonly ip: string; readonly port: number };
  /**
   * Frees the port at once, lets responses in progress finish, and settles when the last connection is closed.
   *
   * @param milliseconds timeout after which the remaining connections are closed
   */
  drain(milliseconds: number): Promise<void>;
  /**
   * Switches TLS on, off or to other settings on the same port. Existing connections are not reused: idle ones are
   * closed at once, the others after their response.
   */
  secure(tls: ServerTls | null): void;
}

/**
 * Binds an address that no other socket holds.
 *
 * @throws the error of listen(2), with its `code`
 */
export async function bindServer(
  ip: string,
  port: number,
  routes: (request: IncomingMessage, response: ServerResponse) => void,
  tls: ServerTls | null = null,
): Promise<BoundServer> {
  /** TCP connections, as in the sets below. Oldest first. */
  const idle = new Set<Socket>();
  const open = new Set<Socket>();
  /** Connections older than the last change of TLS. */
  const stale = new WeakSet<Socket>();
  /** The TCP connection beneath each TLS connection. */
  const under = new WeakMap<Socket, Socket>();
  /** Connections in a TLS handshake, by their origin. */
  const handshakes = new Map<string, Socket>();
  const answering = new Set<ServerResponse>();
  const waiting = new WeakMap<Socket, number>();
  let draining = false;

  const server = createServer(LIMITS, (request, response) => {
    if (request.socket.destroyed) return;
    const socket = under.get(request.socket) ?? request.socket;
    const asked = (waiting.get(socket) ?? 0) + 1;
    if (asked > MAX_WAITING) return void request.socket.destroy();
    waiting.set(socket, asked);
    idle.delete(socket);
    answering.add(response);
    if (draining) response.setHeader('connection', 'close');
    response.once('close', () => {
      answering.delete(response);
      waiting.set(socket, waiting.get(socket)! - 1);
      if (open.has(socket)) idle.add(socket);
      if (stale.has(socket)) request.socket.end();
      if (draining) setImmediate(() => server.closeIdleConnections());
    });
    routes(request, response);
  });
  server.timeout = STALL_TIMEOUT;

  // One server holds the port with or without TLS: Node's HTTP connection handler gets either the TCP connection itself
  // or, after the handshake, the TLS connection over it.
  const [serveHttp] = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  let secured = tls;
  let handshaker = tls && createHandshaker(tls);

  server.on('connection', (socket: Socket) => {
    open.add(socket);
    idle.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      idle.delete(socket);
    });
    if (open.size > MAX_CONNECTIONS) idle.values().next().value?.destroy();
    if (!handshaker) return serveHttp!.call(server, socket);
    const from = origin(socket);
    handshakes.set(from, socket);
    socket.once('close', () => handshakes.get(from) === socket && handshakes.delete(from));
    // Errors are handled on the TLS connection; before it exists, here.
    socket.on('error', () => {});
    handshaker.emit('connection', socket);
  });

  /** A TLS server without a port; connections are handed to it. */
  function createHandshaker({ options, clientAuth }: ServerTls): TlsServer {
    const made = createTlsServer({ ...options, handshakeTimeout: LIMITS.headersTimeout });
    made.on('secureConnection', (socket) => {
      const below = handshakes.get(origin(socket));
      if (!below || stale.has(below) || !clientAllowed(socket, clientAuth)) return socket.destroy();
      handshakes.delete(origin(socket));
      under.set(socket, below);
      return serveHttp!.call(server, socket);
    });
    made.on('tlsClientError', (_error, socket) => socket.destroy());
    return made;
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: ip, port, exclusive: true }, () => {
      server.off('error', reject);
      // Accepting can fail later, when file descriptors run out; the server and the process must survive it.
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
        const silent = setTimeout(
          () => idle.forEach((socket) => socket.destroy()),
          Math.min(SILENT_GRACE, milliseconds),
        );
        const slow = setTimeout(() => open.forEach((socket) => socket.destroy()), milliseconds);
        server.close(() => {
          clearTimeout(silent);
          clearTimeout(slow);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
    secure(next) {
      if (next?.identity === secured?.identity) return;
      secured = next;
      handshaker = next && createHandshaker(next);
      for (const socket of open) stale.add(socket);
      for (const response of answering) if (!response.headersSent) response.setHeader('connection', 'close');
      for (const socket of idle) socket.destroy();
    },
  };
}

/** Identifies an open connection by its endpoints. */
function origin(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
