import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer as createHttps } from 'node:https';
import { createServer } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { ownCertificate } from '../../../src/main/farm/certificate';
import { type Identity, identityOf } from '../../../src/main/machine/join';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('comes back to its manager at another address, if that is its manager', async () => {
  const dataFolder = temporaryFolder();
  const [own, other] = [await ownCertificate(dataFolder), await ownCertificate(temporaryFolder())];
  const listen = async ({ cert, key }: typeof own): Promise<string> => {
    const server = createServer({ cert, key }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const kept: Identity = {
    id: '0123456789ab',
    name: 'left',
    token: 'x'.repeat(40),
    queue: { host: null, port: 8791, tls: 'manager', username: 'left', password: 'x'.repeat(40) },
    url: 'https://old:8790',
    certificate: own.cert,
  };
  const file = join(dataFolder, 'machine', 'identity.json');
  mkdirSync(join(dataFolder, 'machine'));
  writeFileSync(file, JSON.stringify(kept));
  const come = (url: string | undefined): Promise<Identity> =>
    identityOf({ dataFolder, url, token: undefined, name: 'left' });

  await expect(come(await listen(other))).rejects.toThrow(/is not the manager that is expected: its certificate is/);
  expect(await come(undefined)).toEqual(kept);
  const url = await listen(own);
  expect(await come(url)).toEqual({ ...kept, url });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ ...kept, url });
  expect(await come(undefined)).toEqual({ ...kept, url });
});

it('joins a manager that drops connections at first, and tells that it tries again', async () => {
  const dataFolder = temporaryFolder();
  const { cert, key, fingerprint } = await ownCertificate(temporaryFolder());
  const queue = { host: null, port: 8791, tls: 'manager', username: 'box', password: 'x'.repeat(40) };
  const answer = { id: '0123456789ab', name: 'box', token: 'x'.repeat(40), queue };
  let asked = 0;
  const server = createHttps({ cert, key }, (request, response) => {
    // As at the end of the time that a handshake may take, of which the machine has done its part.
    if (++asked === 1) request.socket.destroy();
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  server.once('connection', (socket) => socket.destroy());
  await once(server, 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const states: string[] = [];
  const token = `${'s'.repeat(30)}.${fingerprint}`;
  const onState = (text: string): void => void states.push(text);
  expect(await identityOf({ dataFolder, url, token, name: 'box', onState })).toMatchObject({ ...answer, url });
  expect(asked).toBe(2);
  expect(states).toEqual([
    expect.stringMatching(/^The manager at https:\S+ dropped the connection \(.*\): this machine tries again\.$/),
    `The manager at ${url} dropped the connection (socket hang up): this machine tries again.`,
  ]);
});

it('tells what to do where the manager took the invitation and its answer was lost', async () => {
  const { cert, key, fingerprint } = await ownCertificate(temporaryFolder());
  let asked = 0;
  const server = createHttps({ cert, key }, (request, response) => {
    if (++asked === 1) request.socket.destroy();
    else
      response
        .writeHead(401, { 'content-type': 'application/problem+json' })
        .end(JSON.stringify({ status: 401, title: 'Unauthorized', detail: 'The token is of no open invitation.' }));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token = `${'s'.repeat(30)}.${fingerprint}`;
  await expect(identityOf({ dataFolder: temporaryFolder(), url, token, name: 'box' })).rejects.toThrow(
    `The manager at ${url} may have let this machine in, and its answer was lost: forget “box” there if it is listed as cut off, and invite again. (The token is of no open invitation.)`,
  );
});
