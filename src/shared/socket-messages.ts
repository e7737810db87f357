import { z } from 'zod';
import { hostEventSchema, operationReplySchema, rightSchema } from './host-api';

/**
 * WebSocket at `/api/v1/socket`: the server first announces the client's right; then the client sends calls, and the
 * server sends answers and events.
 */
export const socketRequestSchema = z.object({ call: z.int(), operation: z.string(), input: z.unknown() });
export const socketMessageSchema = z.union([
  z.object({ call: z.int(), reply: operationReplySchema }),
  z.object({ event: hostEventSchema }),
  z.object({ right: rightSchema }),
]);
/**
 * The token is sent as the second WebSocket subprotocol, after `framegauge`: browsers cannot set headers on a
 * WebSocket.
 */
export const SOCKET_PROTOCOL = 'framegauge';
export const TOKEN_PROTOCOL_PREFIX = 'token.';
