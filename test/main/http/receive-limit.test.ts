import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { limitReceived } from '../../../src/main/http/receive-limit';

/** A client's ping without content, its key all zeros (RFC 6455, section 5.5.2). */
const PING = Buffer.from([0x89, 0x80, 0, 0, 0, 0]);

it('ends a socket once, however much more arrives before it is gone', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => client.terminate());
  const closed = once(client, 'close');
  const [socket, { socket: connection }] = (await once(server, 'connection')) as [WebSocket, IncomingMessage];
  limitReceived(socket, connection, () => 3 * PING.length);
  const before = connection.listenerCount('finish');
  for (let count = 0; count < 3; count++) connection.emit('data', PING);
  expect(connection.listenerCount('finish')).toBe(before);
  for (let count = 0; count < 20; count++) connection.emit('data', PING);
  expect(connection.listenerCount('finish')).toBe(before + 1);
  const [code] = (await closed) as [number];
  expect(code).toBe(1009);
});
