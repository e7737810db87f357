import { once } from 'node:events';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import fastifyWebsocket from '@fastify/websocket';
import fastify, { type FastifyInstance } from 'fastify';
import { Counter, Registry } from 'prom-client';
import { WebSocket } from 'ws';
import { expect, it, onTestFinished } from 'vitest';
import { type HttpMetrics, createHttpMetrics } from '../../../src/main/control/http-metrics';
import { Problem, problemOf, sendProblem } from '../../../src/main/http/problem';
import { connectTo } from '../../../src/main/cli/host-connection';
import { startControlHost } from '../../helpers/control-host';
import { eventually } from '../../helpers/eventually';
import { parseExposition } from '../../helpers/exposition';
import { freePort } from '../../helpers/free-port';

interface Instrumented {
  readonly url: string;
  readonly metrics: HttpMetrics;
  /** Samples of a metric as `labels value`, those that are 0 left out. */
  samples(name: string): Promise<string[]>;
}

/** An instrumented server with routes of the test's own. */
async function serve(routes: (app: FastifyInstance, metrics: HttpMetrics) => void): Promise<Instrumented> {
  const metrics = createHttpMetrics(new Registry());
  const app = fastify({ forceCloseConnections: true, bodyLimit: 100 });
  metrics.instrument(app);
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, problemOf(error) ?? new Problem(500, 'a fault')));
  await app.register(fastifyWebsocket);
  await app.register(async (inner) => routes(inner, metrics));
  onTestFinished(() => app.close());
  return {
    url: await app.listen({ host: '127.0.0.1', port: 0 }),
    metrics,
    async samples(name) {
      const found = parseExposition(await metrics.registry.metrics()).samples.filter(
        (sample) => sample.name === `framegauge_http_${name}` && sample.value !== 0,
      );
      return found.map(({ labels, value }) => `${Object.values(labels).join(' ')} ${value}`).sort();
    },
  };
}

/** Answers are counted a moment after the client has them. */
const settled = (ask: () => Promise<string[]>, wanted: readonly string[]): Promise<void> =>
  eventually('the count', async () => (JSON.stringify(await ask()) === JSON.stringify(wanted) ? true : null), 5_000)
    .then(() => undefined)
    .catch(async () => expect(await ask()).toEqual(wanted));

it('counts every request by method, route pattern and code, whatever clients make up', async () => {
  const { url, samples } = await serve((app) => {
    app.get('/jobs/:id', (request, reply) =>
      reply.code((request.params as { id: string }).id === '7' ? 404 : 200).send('seven'),
    );
    app.post('/jobs', () => 'x');
    app.get('/files/*', (_request, reply) => reply.callNotFound());
    app.get('/healthz', { config: { metrics: false } }, () => 'ok');
  });
  for (const path of ['/jobs/1', '/jobs/2', '/jobs/7', '/made/up', '/made/up/too', '/files/a', '/files/b', '/healthz'])
    await fetch(url + path).then((answer) => answer.text());
  await fetch(`${url}/jobs/1`, { method: 'HEAD' });
  await fetch(`${url}/jobs`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '12345678' });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end('PROPFIND /jobs/1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  await once(socket.resume(), 'close');
  await settled(
    () => samples('requests_total'),
    [
      'GET /jobs/:id 200 2',
      'GET /jobs/:id 404 1',
      'GET unknown 404 4',
      'HEAD /jobs/:id 200 1',
      'POST /jobs 200 1',
      'other unknown 404 1',
    ],
  );
  expect(await samples('request_duration_seconds_count')).toEqual(await samples('requests_total'));
  expect(await samples('request_size_bytes_total')).toEqual(['POST /jobs 200 8']);
  expect(await samples('response_size_bytes_total')).toEqual(
    expect.arrayContaining(['GET /jobs/:id 200 10', 'POST /jobs 200 1']),
  );
  expect((await samples('response_size_bytes_total')).some((line) => line.startsWith('HEAD'))).toBe(false);
  expect(await samples('requests_in_progress')).toEqual([]);
});

it('counts faults of ours as exceptions, and refusals not', async () => {
  const { url, samples } = await serve((app) => {
    app.get('/broken', () => {
      throw new Error('broken');
    });
    app.get('/refused', () => {
      throw new Problem(409, 'not now');
    });
    app.post('/body', () => 'x');
  });
  for (const path of ['/broken', '/refused', '/broken']) await fetch(url + path).then((answer) => answer.text());
  expect(
    (await fetch(`${url}/body`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(200) }))
      .status,
  ).toBe(413);
  await settled(() => samples('requests_total'), ['GET /broken 500 2', 'GET /refused 409 1', 'POST /body 413 1']);
  expect(await samples('exceptions_total')).toEqual(['GET /broken 2']);
});

it('counts bodies whose length nobody says', async () => {
  const { url, samples } = await serve((app) => {
    app.addContentTypeParser('application/octet-stream', (_request, payload, done) => {
      let size = 0;
      payload.on('data', (chunk: Buffer) => (size += chunk.length)).on('end', () => done(null, size));
    });
    app.post('/upload', { bodyLimit: 1_000_000 }, (request) => String(request.body));
  });
  const body = new ReadableStream({
    start(controller) {
      for (let count = 0; count < 3; count++) controller.enqueue(new Uint8Array(1_000));
      controller.close();
    },
  });
  const answer = await fetch(`${url}/upload`, {
    method: 'POST',
    body,
    duplex: 'half',
    headers: { 'content-type': 'application/octet-stream' },
  } as RequestInit);
  expect(await answer.text()).toBe('3000');
  await settled(() => samples('request_size_bytes_total'), ['POST /upload 200 3000']);
});

it('does not measure how long streams last, counts them while they are open, and forgets clients that left', async () => {
  const { url, samples } = await serve((app) => {
    app.get('/stream', { config: { metrics: 'stream' } }, (_request, reply) => {
      const body = new PassThrough();
      body.write('first');
      return reply.send(body);
    });
    app.get('/never', () => new Promise(() => undefined));
    app.get('/socket', { websocket: true }, () => undefined);
  });
  const leave = new AbortController();
  const stream = await fetch(`${url}/stream`, { signal: leave.signal });
  expect(stream.status).toBe(200);
  fetch(`${url}/never`, { signal: leave.signal }).catch(() => undefined);
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket`);
  await once(socket, 'open');
  await settled(() => samples('requests_in_progress'), ['GET /never 1', 'GET /socket 1', 'GET /stream 1']);
  leave.abort();
  socket.close();
  await settled(() => samples('requests_total'), ['GET /never 499 1', 'GET /socket 101 1', 'GET /stream 200 1']);
  expect(await samples('requests_in_progress')).toEqual([]);
  expect(await samples('request_duration_seconds_count')).toEqual(['GET /never 499 1']);
});

it('lets a route count something of its own', async () => {
  const { url, metrics } = await serve((app, { registry }) => {
    const downloads = new Counter({ name: 'framegauge_downloads_total', help: 'h', registers: [registry] });
    app.get('/download', () => {
      downloads.inc();
      return 'x';
    });
  });
  await fetch(`${url}/download`);
  expect(await metrics.registry.metrics()).toContain('framegauge_downloads_total 1');
});

it('is in the Prometheus exposition, with authentications, under the route patterns of the API', async () => {
  const { host, ask } = await startControlHost();
  const port = await freePort();
  const connection = connectTo(host);
  await connection.call('preferences.set', { key: 'addons.prometheus.address', value: `127.0.0.1:${port}` });
  expect((await connection.call('addon.enable', { id: 'prometheus' })).reason).toBeNull();
  await ask('GET', '/api/v1/queue', { token: 'read' });
  await ask('GET', '/api/v1/jobs/12');
  await ask('GET', '/api/v1/queue', { token: 'none' });
  await ask('GET', '/api/v1/queue', { token: 'none', headers: { authorization: 'Bearer wrong' } });
  await ask('GET', '/api/v1/no/such/thing');
  await ask('PUT', '/api/v1/queue');
  await ask('GET', '/healthz', { token: 'none' });
  const lines = await eventually('the counts', async () => {
    const text = await fetch(`http://127.0.0.1:${port}/metrics`).then((answer) => answer.text());
    return /requests_total\{[^}]*code="405"/.test(text) ? text : null;
  });
  const value = (name: string, labels: Record<string, string>): number | undefined =>
    parseExposition(lines).samples.find(
      (sample) =>
        sample.name === `framegauge_http_${name}` &&
        Object.entries(labels).every(([label, text]) => sample.labels[label] === text),
    )?.value;
  expect(value('requests_total', { method: 'GET', route: '/api/v1/queue', code: '200' })).toBe(1);
  expect(value('requests_total', { method: 'GET', route: '/api/v1/queue', code: '401' })).toBe(2);
  expect(value('requests_total', { method: 'PUT', route: '/api/v1/queue', code: '405' })).toBe(1);
  expect(value('requests_total', { method: 'GET', route: '/api/v1/jobs/:id', code: '404' })).toBe(1);
  expect(value('requests_total', { route: 'unknown', code: '404' })).toBe(1);
  expect(value('requests_total', { route: '/healthz' })).toBeUndefined();
  expect(
    ['control', 'read', 'missing', 'wrong', 'blocked'].map((result) => value('authentications_total', { result })),
  ).toEqual([3, 1, 1, 1, 0]);
});

it('forgets the series of a route that is there no more, also of a request that is still under way', async () => {
  const waiting: (() => void)[] = [];
  const { url, metrics, samples } = await serve((app) => {
    app.get('/gone', () => 'x');
    app.get('/slow', () => new Promise<string>((resolve) => waiting.push(() => resolve('x'))));
  });
  await fetch(`${url}/gone`).then((answer) => answer.text());
  const slow = fetch(`${url}/slow`);
  await settled(() => samples('requests_total'), ['GET /gone 200 1']);
  await eventually('the request', async () => waiting[0] ?? null, 5_000);
  metrics.forget('/gone');
  metrics.forget('/slow');
  waiting[0]!();
  await slow.then((answer) => answer.text());
  await fetch(`${url}/gone`).then((answer) => answer.text());
  await settled(() => samples('requests_total'), ['GET /gone 200 1']);
  expect(await metrics.registry.metrics()).not.toContain('/slow');
});

it('tells before its metrics are read', async () => {
  const { metrics } = await serve((app) => void app.get('/', () => 'x'));
  let told = 0;
  metrics.beforeReading(() => told++);
  await metrics.registry.metrics();
  expect(told).toBe(1);
});
