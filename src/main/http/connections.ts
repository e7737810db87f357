import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';

/** Maximum numbers of open connections. */
export interface ConnectionLimits {
  readonly total: number;
  /** From one address. */
  readonly ofAddress: number;
}

export interface Connections {
  /** Closes all of them at once. */
  destroy(): void;
}

/** Connections whose client has shown a valid token, of the host or of a worker. */
const known = new WeakSet<object>();
/** The TCP connection below each TLS connection. */
const below = new WeakMap<object, Socket>();

/** The client of a connection has shown a valid token: the connection is not closed to make room for others. */
export function keepConnection(socket: object): void {
  known.add(below.get(socket) ?? socket);
}

/**
 * Limits the connections of a server. At a limit the one that has been idle longest without ever showing a valid token
 * makes room for the new one: whoever opens connections and says nothing, on this machine or elsewhere, locks nobody
 * out. Only where all of them have shown a token is the new one refused.
 *
 * @param server of HTTP, or of HTTPS, where a connection counts from its first byte
 */
export function limitConnections(server: Server, { total, ofAddress }: ConnectionLimits): Connections {
  /** Addresses by connection, those idle longest first. */
  const open = new Map<Socket, string>();
  const counts = new Map<string, number>();
  /** Those in a TLS handshake, by their origin. */
  const handshakes = new Map<string, Socket>();

  function forget(socket: Socket): void {
    const address = open.get(socket);
    if (address === undefined) return;
    open.delete(socket);
    handshakes.delete(originOf(socket));
    const left = counts.get(address)! - 1;
    if (left > 0) counts.set(address, left);
    else counts.delete(address);
  }

  /** @param address the only one to make room at; null for any @returns whether there is room now */
  function makeRoom(address: string | null): boolean {
    for (const [socket, from] of open) {
      if (known.has(socket) || (address !== null && from !== address)) continue;
      forget(socket);
      socket.destroy();
      return true;
    }
    return false;
  }

  function used(connection: Socket): void {
    const socket = below.get(connection) ?? connection;
    const address = open.get(socket);
    if (address === undefined) return;
    open.delete(socket);
    open.set(socket, address);
  }

  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (): number => counts.get(address) ?? 0;
    if ((count() >= ofAddress && !makeRoom(address)) || (open.size >= total && !makeRoom(null))) {
      socket.destroy();
      return;
    }
    open.set(socket, address);
    counts.set(address, count() + 1);
    if (server instanceof TlsServer) handshakes.set(originOf(socket), socket);
    socket.once('close', () => forget(socket));
  });
  server.on('secureConnection', (secured: Socket) => {
    const socket = handshakes.get(originOf(secured));
    handshakes.delete(originOf(secured));
    if (socket) below.set(secured, socket);
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    used(socket);
    response.once('close', () => used(socket));
  });
  server.on('upgrade', ({ socket }: IncomingMessage) => used(socket));

  return {
    destroy() {
      for (const socket of open.keys()) socket.destroy();
    },
  };
}

/** Identifies an open connection by its other end. */
function originOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}
