import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { Right } from '../../shared/host-api';

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

/** What the best token allows that the client of a connection has shown, to the host or as a worker or machine. */
const known = new WeakMap<object, Right>();
/** The TCP connection below each TLS connection. */
const below = new WeakMap<object, Socket>();

/**
 * The client of a connection has shown a valid token: the connection is not closed to make room for others, or, with
 * one that only looks, not before all those without.
 */
export function keepConnection(socket: object, right: Right = 'control'): void {
  const connection = below.get(socket) ?? socket;
  if (known.get(connection) !== 'control') known.set(connection, right);
}

/**
 * Limits the connections of a server. At a limit the one that has been idle longest without ever showing a valid token
 * makes room for the new one: whoever opens connections and says nothing, on this machine or elsewhere, locks nobody
 * out. Where all have shown one, the same goes for those that may only look; where all may do everything, the new one
 * is refused.
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
    if (server instanceof TlsServer) handshakes.delete(originOf(socket));
    const left = counts.get(address)! - 1;
    if (left > 0) counts.set(address, left);
    else counts.delete(address);
  }

  /** @param address the only one to make room at; null for any @returns whether there is room now */
  function makeRoom(address: string | null): boolean {
    let reader: Socket | undefined;
    let stranger: Socket | undefined;
    for (const [socket, from] of open) {
      if (address !== null && from !== address) continue;
      const right = known.get(socket);
      if (right === 'read') reader ??= socket;
      if (right !== undefined) continue;
      stranger = socket;
      break;
    }
    const chosen = stranger ?? reader;
    if (!chosen) return false;
    forget(chosen);
    chosen.destroy();
    return true;
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
