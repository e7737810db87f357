import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { ownCertificate } from '../../../src/main/farm/certificate';
import { createFarmClient } from '../../../src/main/machine/farm-client';
import { temporaryFolder } from '../../helpers/temporary-folder';

it.each(['ask', 'send'] as const)('outlives an answer that breaks off after its headers: %s', async (way) => {
  const { cert, key } = await ownCertificate(temporaryFolder());
  const server = createServer({ cert, key }, (request, response) => {
    request.resume();
    request.once('end', () => {
      response.writeHead(502, { 'content-length': 1_000 });
      // In a later turn: what has arrived with the end of its connection is not read.
      response.write('{', () => setTimeout(() => connections.at(-1)!.resetAndDestroy(), 0));
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  // Below TLS, which would say goodbye.
  const connections: Socket[] = [];
  server.on('connection', (socket: Socket) => connections.push(socket));
  await once(server, 'listening');
  const client = createFarmClient(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, cert, 'token');
  onTestFinished(() => client.close());
  const faults: unknown[] = [];
  const take = (error: unknown): void => void faults.push(error);
  process.on('uncaughtExceptionMonitor', take);
  onTestFinished(() => void process.off('uncaughtExceptionMonitor', take));
  const body = Buffer.alloc(100);
  for (let tries = 0; tries < 5; tries++)
    await expect(
      way === 'ask'
        ? client.ask('POST', '/x', {}, z.unknown())
        : client.send('PUT', '/x', { body, headers: { 'content-length': body.length } }, new AbortController().signal),
    ).rejects.toThrow('aborted');
  await nextTurn();
  expect(faults).toEqual([]);
});
