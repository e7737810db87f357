import { once } from 'node:events';
import { type Server, createServer, get } from 'node:http';
import { createServer as createSecureServer, get as getSecurely } from 'node:https';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ownCertificate } from '../../../src/main/farm/certificate';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { keepConnection, limitConnections } from '../../../src/main/http/connections';

interface Limited {
  readonly server: Server;
  readonly port: number;
  /** Opens a connection that says nothing. @param from its address, of the loopback interface */
  open(from?: string): Promise<Socket>;
}

/** A server that answers every request, where the path `/token` stands for one with a token. */
async function limited(total: number, ofAddress: number): Promise<Limited> {
  const server = createServer(({ url, socket }, response) => {
    if (url === '/token') keepConnection(socket);
    if (url === '/read') keepConnection(socket, 'read');
    response.end('ok');
  });
  limitConnections(server, { total, ofAddress });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const open: Limited['open'] = async (from = '127.0.0.1') => {
    const accepted = once(server, 'connection');
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    await accepted;
    return socket;
  };
  return { server, port, open };
}

/** Sends a request on a connection and waits for the answer. */
async function ask(socket: Socket, path: string): Promise<void> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: here\r\n\r\n`);
  await once(socket, 'data');
}

const answers = (port: number, from = '127.0.0.1'): Promise<number> =>
  new Promise((resolve, reject) =>
    get({ host: '127.0.0.1', port, localAddress: from, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    }).on('error', reject),
  );

describe('connections that say nothing', () => {
  it('lock nobody out of their own address', async () => {
    const { port, open } = await limited(100, 5);
    for (let index = 0; index < 5; index++) await open();
    for (let index = 0; index < 20; index++) expect(await answers(port)).toBe(200);
  });

  it.skipIf(process.platform !== 'linux')('lock no other address out', async () => {
    const { port, open } = await limited(10, 5);
    for (const from of ['127.0.0.2', '127.0.0.3']) for (let index = 0; index < 5; index++) await open(from);
    for (let index = 0; index < 20; index++) expect(await answers(port, '127.0.0.4')).toBe(200);
  });

  it('make room in the order in which they were used', async () => {
    const { open } = await limited(100, 3);
    const [first, second, third] = [await open(), await open(), await open()];
    await ask(first, '/');
    const gone = Promise.race([first, second, third].map((one) => once(one, 'close').then(() => one)));
    await open();
    expect(await gone).toBe(second);
  });
});

describe('a connection that has shown a token', () => {
  it('is not closed for others, which are refused where all have', async () => {
    const { open, port } = await limited(100, 2);
    const [first, second] = [await open(), await open()];
    await ask(first, '/token');
    const secondGone = once(second, 'close');
    for (let index = 0; index < 5; index++) expect(await answers(port)).toBe(200);
    await secondGone;
    const third = await open();
    await ask(third, '/token');
    await expect(answers(port)).rejects.toThrow(/hang up|ECONNRESET/);
    expect([first.destroyed, third.destroyed]).toEqual([false, false]);
    third.destroy();
    await expect.poll(() => answers(port).catch(() => 0)).toBe(200);
  });
});

describe('connections that may only look', () => {
  it('lock nobody out, and go after all those without a token', async () => {
    const { open, port } = await limited(100, 3);
    const [first, second] = [await open(), await open()];
    await ask(first, '/read');
    await ask(second, '/token');
    await ask(second, '/read');
    const silent = await open();
    const silentGone = once(silent, 'close');
    const third = await open();
    await silentGone;
    await ask(third, '/read');
    const firstGone = once(first, 'close');
    for (let index = 0; index < 5; index++) expect(await answers(port)).toBe(200);
    await firstGone;
    expect([second.destroyed, third.destroyed]).toEqual([false, false]);
  });
});

describe('a server with TLS', () => {
  it('makes room among connections without a handshake or a token, and keeps those with one', async () => {
    const { cert, key } = await ownCertificate(temporaryFolder());
    const server = createSecureServer({ cert, key }, ({ socket }, response) => {
      keepConnection(socket);
      response.end('ok');
    });
    server.on('tlsClientError', () => undefined);
    limitConnections(server, { total: 100, ofAddress: 5 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const known = connectSecurely({ port, host: '127.0.0.1', ca: cert, checkServerIdentity: () => undefined });
    onTestFinished(() => void known.destroy());
    await once(known, 'secureConnect');
    await ask(known, '/');
    for (let index = 0; index < 20; index++) {
      const accepted = once(server, 'connection');
      const silent = connect({ port, host: '127.0.0.1' });
      silent.on('error', () => undefined);
      onTestFinished(() => void silent.destroy());
      await accepted;
    }
    const answered = await new Promise((resolve, reject) =>
      getSecurely(
        { port, host: '127.0.0.1', ca: cert, checkServerIdentity: () => undefined, agent: false },
        (response) => resolve(response.resume().statusCode),
      ).on('error', reject),
    );
    expect(answered).toBe(200);
    await ask(known, '/');
    expect(await new Promise((resolve) => server.getConnections((_error, count) => resolve(count)))).toBeLessThan(7);
  });
});
