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
