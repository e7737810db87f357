import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { SOCKET_PROTOCOL, TOKEN_PROTOCOL_PREFIX } from '../../shared/host-api';

/**
 * Whether a request was addressed to this server by a name that we gave out. It stops a web page that points a name of its own at our address
 * (DNS rebinding): the browser sends that name as Host.
 *
 * @param names host names that are ours; the port may be any, since tunnels change it
 */
export function isOurHost(host: string | undefined, names: ReadonlySet<string>): boolean {
  if (host === undefined) return false;
  const name = /^(\[[^\]]+\]|[^:]+)(?::\d+)?$/.exec(host)?.[1];
  return name !== undefined && names.has(name.toLowerCase());
}

/** Whether a browser sent it from a page of ours, or something that is no browser sent it (which gives no Origin). */
export function isOurOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || origin === `http://${host}`;
}

/** The token that a request carries: `Authorization: Bearer`, or among the WebSocket's subprotocols. */
export function tokenOf(request: FastifyRequest): string | null {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  if (!offered.includes(SOCKET_PROTOCOL)) return null;
  return offered.find((protocol) => protocol.startsWith(TOKEN_PROTOCOL_PREFIX))?.slice(TOKEN_PROTOCOL_PREFIX.length) ?? null;
}

/** Compares tokens in a time that does not depend on where they differ. */
export function isSameToken(given: string | null, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return given !== null && timingSafeEqual(digest(given), digest(expected));
}
