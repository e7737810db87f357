import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Requests of one connection that wait for their turn: far above what programs send without reading an answer. */
const MAX_WAITING = 64;

/**
 * Handles the requests of each connection one after another, with time for other connections between them, and closes
 * one that sends too many without waiting for answers. Node hands over whatever a read of 64 KiB contains: two thousand
 * small requests at once, which nobody needs a token for.
 *
 * @param server of HTTP or HTTPS with its handlers of requests, which it takes the place of
 */
export function answerInTurn(server: Pick<Server, 'listeners' | 'removeAllListeners' | 'on'>): void {
  const handlers = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  /** What waits for the request that a connection is answered at the moment. */
  const waiting = new WeakMap<object, (() => void)[]>();
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    if (socket.destroyed) return;
    const handle = (): void => {
      response.once('close', next);
      for (const handler of handlers) handler.call(server, request, response);
    };
    const next = (): void => {
      const following = waiting.get(socket)?.shift();
      if (!following) waiting.delete(socket);
      else if (!socket.destroyed) setImmediate(following);
    };
    const others = waiting.get(socket);
    if (!others) {
      waiting.set(socket, []);
      handle();
    } else if (others.push(handle) > MAX_WAITING) {
      forgetRest(socket);
      socket.destroy();
    }
  });
}

/**
 * Ends the parsing of what has been read of a connection. Without it Node makes a request, a response and an error of
 * each that is left, closed or not, which holds the event loop for 70 ms a connection. Of Node's own insides there is no other
 * way to it: 2 says that no more HTTP follows.
 */
function forgetRest(socket: object): void {
  const { parser } = socket as { parser?: { onIncoming?: () => number } | null };
  if (parser?.onIncoming) parser.onIncoming = () => 2;
}
