import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request that a receiver got. */
export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface HttpReceiver {
  /** Its URL, without a slash at the end. */
  readonly base: string;
  /** Everything that it got so far. */
  readonly received: Received[];
  /** Settles when it has got so many requests. */
  got(count: number): Promise<Received[]>;
}

/**
 * A server that keeps what it gets, closed at the end of the test.
 *
 * @param answer by default 200 with `{}`; `all` includes the request itself
 */
export async function httpReceiver(
  answer: (request: Received, response: ServerResponse, all: readonly Received[]) => void = (_request, response) =>
    response.end('{}'),
): Promise<HttpReceiver> {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const one = {
        method: request.method!,
        url: new URL(request.url!, 'http://receiver'),
        headers: request.headers,
        body: Buffer.concat(parts),
      };
      received.push(one);
      answer(one, response, received);
      for (const check of waiting) check();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    got: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (received.length < count) return;
          waiting.delete(check);
          resolve(received);
        };
        waiting.add(check);
        check();
      }),
  };
}
