import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { startTarget, type Target } from './target';

/** The header of a WebSocket frame from a client, its key all zeros. */
function frameHeader(firstByte: number, bytes: number): Buffer {
  const header = Buffer.alloc(14);
  header[0] = firstByte;
  header[1] = 0xff;
  header.writeBigUInt64BE(BigInt(bytes), 2);
  return header;
}

/** Settles with the first of some events; an error of the connection's is none of them. */
function first(socket: Socket, ...events: string[]): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      for (const event of events) socket.off(event, settle);
      resolve();
    };
    for (const event of events) socket.on(event, settle);
    if (socket.destroyed) settle();
  });
}

/** A connection that is a WebSocket as far as the host knows. */
async function openRaw({ host, port, tokens }: Target, path: string, token: 'read' | null): Promise<Socket> {
  const socket = connect(port, host);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  const protocol = token === null ? '' : `Sec-WebSocket-Protocol: framegauge, token.${tokens[token]}\r\n`;
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${protocol}\r\n`,
  );
  await first(socket, 'data', 'close');
  socket.resume();
  return socket;
}

/** Sends as much as is taken, for at most so many bytes. */
async function flood(socket: Socket, bytes: number): Promise<void> {
  const chunk = Buffer.alloc(1 << 20, 0x20);
  for (let sent = 0; sent < bytes && !socket.destroyed; sent += chunk.length) {
    if (!socket.write(chunk)) await first(socket, 'drain', 'close');
  }
}

describe.skipIf(process.platform !== 'linux')('a host stands', () => {
  it('a text of half a gigabyte to /worker, without a token', async () => {
    const target = await startTarget();
    await target.withstands('one text of 512 MiB before the hello', async () => {
      for (let count = 0; count < 3; count++) {
        const socket = await openRaw(target, '/worker', null);
        socket.write(frameHeader(0x81, 512 << 20));
        await flood(socket, 512 << 20);
        socket.destroy();
      }
    });
  });

  it('frames that never end, of many connections at once, without a token', async () => {
    const target = await startTarget();
    await target.withstands('60 unfinished frames before the hello', async () => {
      await Promise.all(
        Array.from({ length: 60 }, async () => {
          const socket = await openRaw(target, '/worker', null);
          socket.write(frameHeader(0x02, 400 << 20));
          await flood(socket, 64 << 20);
        }),
      );
    });
  });

  it('600 connections that say nothing', async () => {
    const target = await startTarget();
    await target.withstands('600 silent connections', async () => {
      const sockets = await Promise.all(
        Array.from({ length: 600 }, (_, index) => openRaw(target, index % 2 === 0 ? '/worker' : '/healthz', null)),
      );
      await delay(1_000);
      for (const socket of sockets) socket.destroy();
    });
  });

  it('thousands of requests in one go, without a token', async () => {
    const target = await startTarget();
    const requests = `GET /healthz HTTP/1.1\r\nHost: ${target.host}\r\n\r\n`.repeat(2_000);
    await target.withstands('20 times 10 connections with 2,000 requests each at once', async () => {
      for (let round = 0; round < 20; round++) {
        await Promise.all(
          Array.from({ length: 10 }, async () => {
            const socket = connect(target.port, target.host);
            onTestFinished(() => void socket.destroy());
            socket.on('error', () => undefined);
            socket.resume();
            socket.write(requests);
            await first(socket, 'close');
          }),
        );
      }
    });
  });

  it('messages of any size to the socket of the UI, with the read token', async () => {
    const target = await startTarget();
    await target.withstands('four times 20 floods of the UI’s socket', async () => {
      for (let round = 0; round < 4; round++) {
        await Promise.all(
          Array.from({ length: 20 }, async (_, index) => {
            const socket = await openRaw(target, '/api/v1/socket', 'read');
            socket.write(frameHeader(index % 2 === 0 ? 0x81 : 0x82, 500 << 20));
            await flood(socket, 64 << 20);
          }),
        );
      }
    });
  });

  it('clients that ask and ask, and take no answer', async () => {
    const target = await startTarget();
    await target.withstands('20 clients with 20,000 questions each that take no answer', async () => {
      const sockets = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const socket = new WebSocket(`${target.url.replace('http', 'ws')}/api/v1/socket`, [
            'framegauge',
            `token.${target.tokens.read}`,
          ]);
          onTestFinished(() => socket.terminate());
          socket.on('error', () => undefined);
          await once(socket, 'open');
          socket.pause();
          return socket;
        }),
      );
      for (const socket of sockets)
        for (let call = 0; call < 20_000; call++)
          socket.send(JSON.stringify({ call, operation: 'host.state', input: {} }));
      await delay(5_000);
      for (const socket of sockets) socket.terminate();
    });
  });
});
