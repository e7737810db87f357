import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { SOCKET_PROTOCOL, TOKEN_PROTOCOL_PREFIX } from '../../shared/host-api';

/** What a client may do: look, or change things too. */
export type Right = 'read' | 'control';

/** The tokens of a host, one for each right. */
export type Tokens = Readonly<Record<Right, string>>;

/** The token that a request carries: `Authorization: Bearer`, or among the WebSocket's subprotocols. */
export function tokenOf(request: FastifyRequest): string | null {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  if (!offered.includes(SOCKET_PROTOCOL)) return null;
  return (
    offered.find((protocol) => protocol.startsWith(TOKEN_PROTOCOL_PREFIX))?.slice(TOKEN_PROTOCOL_PREFIX.length) ?? null
  );
}

/** The right that a token gives; null for none. */
export function rightOf(token: string | null, tokens: Tokens): Right | null {
  // Both are always compared, so that the time tells nothing.
  const control = isSameToken(token, tokens.control);
  const read = isSameToken(token, tokens.read);
  return control ? 'control' : read ? 'read' : null;
}

/** Whether a right suffices for what needs another. */
export function suffices(right: Right, needed: Right): boolean {
  return right === 'control' || needed === 'read';
}

/** Compares tokens in a time that does not depend on where they differ. */
function isSameToken(given: string | null, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return given !== null && timingSafeEqual(digest(given), digest(expected));
}
