import { connect, type Socket } from 'node:net';

export interface LoadResult {
  readonly requestsPerSecond: number;
  /** 99th percentile of the time from sending a request to the last byte of its response, in milliseconds. */
  readonly p99: number;
  readonly errors: number;
}

/**
 * Loads a server over keep-alive connections with one request in flight each. Parses just enough HTTP to find the end
 * of a response, so that the client costs less than what is measured.
 *
 * @param seconds duration, after a warm-up of a quarter of it
 */
export async function load(port: number, path: string, connections: number, seconds: number): Promise<LoadResult> {
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  const times: number[] = [];
  let errors = 0;
  const begin = performance.now() + seconds * 250;
  const end = begin + seconds * 1000;
  const run = (): Promise<void> =>
    new Promise((resolve) => {
      const socket: Socket = connect(port, '127.0.0.1');
      let sent = 0;
      let missing = -1;
      let head = '';
      const next = (): void => {
        if (performance.now() >= end) {
          socket.destroy();
          return;
        }
        sent = performance.now();
        missing = -1;
        head = '';
        socket.write(request);
      };
      socket.on('connect', next);
      socket.on('data', (data) => {
        let body = data.length;
        if (missing < 0) {
          head += data.toString('latin1');
          const cut = head.indexOf('\r\n\r\n');
          if (cut < 0) return;
          const length = /content-length: (\d+)/i.exec(head)?.[1];
          if (!head.startsWith('HTTP/1.1 200') || length === undefined) {
            errors++;
            socket.destroy();
            return;
          }
          missing = Number(length);
          body = head.length - cut - 4;
        }
        missing -= body;
        if (missing > 0) return;
        const now = performance.now();
        if (sent >= begin) times.push(now - sent);
        next();
      });
      socket.on('error', () => errors++);
      socket.on('close', () => resolve());
    });
  await Promise.all(Array.from({ length: connections }, run));
  times.sort((a, b) => a - b);
  return {
    requestsPerSecond: times.length / seconds,
    p99: times[Math.floor(times.length * 0.99)] ?? Number.NaN,
    errors,
  };
}
