import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Right } from '../../shared/host-api';
import { SOCKET_PROTOCOL, TOKEN_PROTOCOL_PREFIX } from '../../shared/socket-messages';

/** A host's tokens, one per right. */
export type Tokens = Readonly<Record<Right, string>>;

/** The token of a request: from `Authorization: Bearer` or the WebSocket's subprotocols. */
export function tokenOf(request: FastifyRequest): string | null {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  if (!offered.includes(SOCKET_PROTOCOL)) return null;
  return (
    offered.find((protocol) => protocol.startsWith(TOKEN_PROTOCOL_PREFIX))?.slice(TOKEN_PROTOCOL_PREFIX.length) ?? null
  );
}

/** The right that a token grants; null for none. */
export function rightOfToken(token: string | null, tokens: Tokens): Right | null {
  // Both are always compared, so that timing reveals nothing.
  const control = isSameToken(token, tokens.control);
  const read = isSameToken(token, tokens.read);
  return control ? 'control' : read ? 'read' : null;
}

/** Compares tokens in constant time. */
function isSameToken(given: string | null, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return given !== null && timingSafeEqual(digest(given), digest(expected));
}
