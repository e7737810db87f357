import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { clientAllowed } from './web-config/client-certificate';
import type { ServerTls } from './web-config/load-web-config';

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
  /**
   * Speaks TLS, in another way, or no longer, on the same port. Connections made before do not go on: those without an answer under way are closed at once, the others after
   * it.
   */
  secure(tls: ServerTls | null): void;
}

/**
 * Binds an address that nobody else has.
 *
 * @throws the error of listen(2), with its `code`
 */
export async function bindServer(
  ip: string,
  port: number,
  routes: (request: IncomingMessage, response: ServerResponse) => void,
  tls: ServerTls | null = null,
): Promise<BoundServer> {
  /** TCP connections, here as below. Oldest first. */
  const idle = new Set<Socket>();
  const open = new Set<Socket>();
  /** Made before the last change of TLS. */
  const stale = new WeakSet<Socket>();
  /** By the TLS connection over it. */
  const under = new WeakMap<Socket, Socket>();
  /** In a TLS handshake, by where they come from. */
  const handshakes = new Map<string, Socket>();
  const answering = new Set<ServerResponse>();
  let draining = false;

  const server = createServer(LIMITS, (request, response) => {
    const socket = under.get(request.socket) ?? request.socket;
    idle.delete(socket);
    answering.add(response);
    if (draining) response.setHeader('connection', 'close');
    response.once('close', () => {
      answering.delete(response);
      if (open.has(socket)) idle.add(socket);
      if (stale.has(socket)) request.socket.end();
      if (draining) setImmediate(() => server.closeIdleConnections());
    });
    routes(request, response);
  });
  server.timeout = STALL_TIMEOUT;

  // One server holds the port whether it speaks TLS or not: what Node's HTTP server does with a connection is done either with the connection itself or, after the
  // handshake, with the TLS connection over it.
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
    // An error is told by the TLS connection; before there is one, by this.
    socket.on('error', () => {});
    handshaker.emit('connection', socket);
  });

  /** A TLS server that has no port: it is given connections. */
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

/** Where a connection comes from: no two that are open have the same. */
function origin(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
