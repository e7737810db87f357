import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createLineConnection } from '../../../../src/addon/prometheus/outputs/line-connection';
import { freePort } from '../../../helpers/free-port';

const never = new AbortController().signal;
/** More than the system keeps for a connection that nobody reads. */
const FLOOD = Buffer.alloc(32 * 1024 * 1024, 'x');

async function listen(take: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    take(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test('it is made at the first writing, kept, and ended with everything written', async () => {
  let connections = 0;
  let text = '';
  const port = await listen((socket) => {
    connections++;
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
  });
  const connection = createLineConnection({ host: '127.0.0.1', port }, 5_000);
  await connection.end(never);
  expect(connections).toBe(0);
  for (const line of ['a\n', 'b\n', 'c\n']) await connection.write(Buffer.from(line), never);
  await connection.end(never);
  await expect.poll(() => text).toBe('a\nb\nc\n');
  expect(connections).toBe(1);
});

test('one that takes nothing is given up in time, and another one is made', async () => {
  let connections = 0;
  const port = await listen((socket) => {
    if (++connections === 1) socket.pause();
    else socket.resume();
  });
  const connection = createLineConnection({ host: '127.0.0.1', port }, 150);
  await expect(connection.write(FLOOD, never)).rejects.toThrow('nothing was taken within 0.15 s');
  await connection.write(Buffer.from('a\n'), never);
  expect(connections).toBe(2);
  await connection.end(never);
});

test('it can be aborted while it writes, and while it ends', async () => {
  const port = await listen((socket) => socket.pause());
  const connection = createLineConnection({ host: '127.0.0.1', port }, 5_000);
  const aborter = new AbortController();
  const writing = connection.write(FLOOD, aborter.signal);
  aborter.abort();
  await expect(writing).rejects.toThrow('given up');
  await expect(connection.write(Buffer.from('a'), AbortSignal.abort())).rejects.toThrow('given up');
  await connection.write(Buffer.from('a'), never);
  await connection.end(AbortSignal.abort());
});

test('an end from the other side is seen, and the next writing connects again', async () => {
  const made: Socket[] = [];
  const port = await listen((socket) => void made.push(socket.resume()));
  const connection = createLineConnection({ host: '127.0.0.1', port }, 5_000);
  await connection.write(Buffer.from('a\n'), never);
  await expect.poll(() => made.length).toBe(1);
  const closed = once(made[0]!, 'close');
  made[0]!.end();
  await closed;
  await connection.write(Buffer.from('b\n'), never);
  await expect.poll(() => made.length).toBe(2);
  await connection.end(never);
});

test('nobody there is an error', async () => {
  const connection = createLineConnection({ host: '127.0.0.1', port: await freePort() }, 5_000);
  await expect(connection.write(Buffer.from('a\n'), never)).rejects.toThrow('ECONNREFUSED');
});
