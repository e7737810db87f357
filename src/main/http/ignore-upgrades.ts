import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** What Node's HTTP server keeps with a connection. */
interface ParsedSocket {
  readonly parser?: {
    onIncoming?: (request: IncomingMessage & { upgrade?: boolean | null }, ...rest: unknown[]) => unknown;
  } | null;
}

/** Whether a request asks for a WebSocket, and nothing else. */
function wantsWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.trim().toLowerCase() === 'websocket';
}

/**
 * Answers requests for other upgrades as if they had not asked for one (RFC 9110, section 7.8): `curl --http2` and some
 * proxies offer HTTP/2 with every request. A server that listens for upgrades gets each of them from Node, without its
 * body. Of Node's own there is a way to choose from version 24.9 on only; here the request says that it wants none before
 * Node looks, which is what it says where nobody listens.
 *
 * @param server that upgrades to WebSockets only
 */
export function ignoreOtherUpgrades(server: Pick<Server, 'on'>): void {
  server.on('connection', (socket: Socket) => {
    const { parser } = socket as ParsedSocket;
    const handle = parser?.onIncoming;
    if (!handle) return;
    parser.onIncoming = (request, ...rest) => {
      if (request.upgrade && request.method !== 'CONNECT' && !wantsWebSocket(request)) request.upgrade = false;
      return handle(request, ...rest);
    };
  });
}
