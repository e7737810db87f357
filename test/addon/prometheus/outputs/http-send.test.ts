import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { httpSend, type HttpSend } from '../../../../src/addon/prometheus/outputs/http-send';
import { makeAuthority, makeCertificate } from '../../../helpers/certificates';
import { freePort } from '../../../helpers/free-port';

async function listen(server: Server & { closeAllConnections(): void }, scheme = 'http'): Promise<URL> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/a`);
}

const serve = (answer: RequestListener): Promise<URL> => listen(createServer(answer));

const send = (url: URL, more: Partial<HttpSend> = {}): ReturnType<typeof httpSend> =>
  httpSend({
    method: 'PUT',
    url,
    headers: { 'x-test': '1' },
    body: Buffer.from('body'),
    ca: null,
    signal: new AbortController().signal,
    timeout: 5_000,
    ...more,
  });

test('method, headers and body arrive, and the answer comes back', async () => {
  const url = await serve((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () =>
      response
        .writeHead(202)
        .end(
          `${request.method} ${request.url} ${request.headers['x-test']} ${request.headers['content-length']} ${body}`,
        ),
    );
  });
  expect(await send(url)).toEqual({ status: 202, text: 'PUT /a 1 4 body' });
  expect(await send(url, { method: 'DELETE', body: null })).toMatchObject({
    text: expect.stringMatching(/^DELETE \/a 1 /),
  });
});

test('of a long answer only the beginning is kept', async () => {
  const url = await serve((_request, response) => response.writeHead(500).end('x'.repeat(5_000_000)));
  const { status, text } = await send(url);
  expect(status).toBe(500);
  expect(text.length).toBeLessThanOrEqual(4_000);
});

test('one that never answers, or never ends its answer, is given up in time', async () => {
  for (const answer of [() => {}, (_request, response) => void response.write('a')] as RequestListener[]) {
    await expect(send(await serve(answer), { timeout: 100 })).rejects.toThrow('no answer within 0.1 s');
  }
});

test('it can be aborted, before and while it waits', async () => {
  let asked = 0;
  const url = await serve(() => {
    asked++;
    aborter.abort();
  });
  const aborter = new AbortController();
  await expect(send(url, { signal: aborter.signal })).rejects.toThrow(/abort/i);
  await expect(send(url, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  expect(asked).toBe(1);
});

test('nobody there, and a connection that breaks, are errors', async () => {
  await expect(send(new URL(`http://127.0.0.1:${await freePort()}`))).rejects.toThrow('ECONNREFUSED');
  const breaking = await serve((request) => request.socket.destroy());
  await expect(send(breaking)).rejects.toThrow('socket hang up');
  const half = await serve((request, response) => {
    response.writeHead(200, { 'content-length': 10 }).write('half');
    setImmediate(() => request.socket.destroy());
  });
  await expect(send(half)).rejects.toThrow(/aborted|closed/);
});

test('a certificate that no authority of the system signed is refused', async () => {
  const made = makeCertificate(makeAuthority('Nobody'), 'gateway', ['127.0.0.1']);
  const url = await listen(
    createHttpsServer(made, (_request, response) => void response.end('never')),
    'https',
  );
  await expect(send(url)).rejects.toThrow(/unable to verify|self-signed/);
});
