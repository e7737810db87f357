import { once } from 'node:events';
import { createServer, request as httpRequest, type RequestListener } from 'node:http';
import { createServer as createSecureServer, request as httpsRequest } from 'node:https';
import { type AddressInfo, type Server, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { discoveryDocument } from '../../../src/addon/prometheus/discovery';
import { makeAuthority, makeCertificate } from '../../helpers/certificates';

const answer: RequestListener = (request, response) => void response.end(JSON.stringify(discoveryDocument(request)));

async function listen(server: Server, host: string): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** What a client is told that writes this into its Host header. */
async function told(port: number, host: string, options: { secure?: boolean } = {}): Promise<unknown> {
  const call = options.secure
    ? httpsRequest({ host: '127.0.0.1', port, headers: { host }, agent: false, rejectUnauthorized: false })
    : httpRequest({ host: '127.0.0.1', port, headers: { host }, agent: false });
  call.end();
  const [response] = await once(call, 'response');
  return JSON.parse(await text(response));
}

test.each([
  ['render-box:8000', 'render-box:8000'],
  ['[fd00::1]:9123', '[fd00::1]:9123'],
  ['metrics.example', 'metrics.example:80'],
  ['evil" host', null],
  ['', null],
])('who asks for “%s” is told that name, if it is one', async (host, target) => {
  const port = await listen(createServer(answer), '127.0.0.1');
  expect(await told(port, host)).toEqual([
    { targets: [target ?? `127.0.0.1:${port}`], labels: { __metrics_path__: '/metrics' } },
  ]);
});

test('machines of a farm that serve metrics are listed by their names', async () => {
  const machines = [
    { name: 'left', metrics: '10.0.0.7:8001' },
    { name: 'right', metrics: null },
  ];
  const server = createServer((request, response) =>
    response.end(JSON.stringify(discoveryDocument(request, machines))),
  );
  const port = await listen(server, '127.0.0.1');
  expect(await told(port, 'box:8000')).toEqual([
    { targets: ['box:8000'], labels: { __metrics_path__: '/metrics' } },
    { targets: ['10.0.0.7:8001'], labels: { __metrics_path__: '/metrics', __scheme__: 'http', machine: 'left' } },
  ]);
});

test('over TLS the scheme is told, too', async () => {
  const authority = makeAuthority('Test');
  const port = await listen(createSecureServer(makeCertificate(authority, 'box', ['127.0.0.1']), answer), '127.0.0.1');
  const labels = { __metrics_path__: '/metrics', __scheme__: 'https' };
  expect(await told(port, `box:${port}`, { secure: true })).toEqual([{ targets: [`box:${port}`], labels }]);
  expect(await told(port, 'box', { secure: true })).toEqual([{ targets: ['box:443'], labels }]);
});

test('who says no name is told the address that it came to, an IPv4 one of a socket for both kinds as such', async () => {
  const port = await listen(createServer(answer), '::');
  const socket = connect(port, '127.0.0.1');
  socket.end('GET /sd HTTP/1.0\r\n\r\n');
  expect((await text(socket)).split('\r\n\r\n')[1]).toContain(`"127.0.0.1:${port}"`);
});
