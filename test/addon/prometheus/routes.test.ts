import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { MetricFamily } from '../../../src/addon/api/context';
import { createRoutes } from '../../../src/addon/prometheus/routes';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
});

const FAMILIES: MetricFamily[] = [
  {
    name: 'Frame_Counter_total',
    help: 'Number of frames rendered',
    type: 'counter',
    values: [{ value: 7, labels: {} }],
  },
  { name: 'Blender_Render', help: 'Rendering processes', type: 'gauge', values: [{ value: 1, labels: {} }] },
  {
    name: 'many',
    help: 'Enough to be worth compressing',
    type: 'gauge',
    values: Array.from({ length: 100 }, (_, i) => ({ value: i, labels: { i } })),
  },
];

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function serve(collect: () => Promise<MetricFamily[]> = async () => FAMILIES): Promise<{
  port: number;
  ask: (path: string, options?: { method?: string; headers?: Record<string, string> }) => Promise<Reply>;
  errors: unknown[];
}> {
  const errors: unknown[] = [];
  const server = createServer(createRoutes({ collect, failed: (error) => errors.push(error) }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => void (server.close(resolve), server.closeAllConnections())));
  const { port } = server.address() as AddressInfo;
  const ask = (path: string, { method = 'GET', headers = {} } = {}): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const call = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
        const parts: Buffer[] = [];
        response
          .on('data', (part: Buffer) => parts.push(part))
          .on('end', () =>
            resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) }),
          );
      });
      call.on('error', reject);
      call.end();
    });
  return { port, ask, errors };
}

describe('paths and methods', () => {
  test.each([
    '/metrics',
    '/metrics/',
    '/',
    '/metrics?x=1',
    '/metrics/?x=1',
    'http://box:8000/metrics',
    '/?name[]=Blender_Render',
  ])('GET %s serves metrics', async (path) => {
    const { ask } = await serve();
    const reply = await ask(path);
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(Number(reply.headers['content-length'])).toBe(reply.body.length);
    expect(reply.body.toString()).toContain('\nBlender_Render 1\n');
  });

  test.each(['/metric', '/metrics//', '/metrics/x', '/favicon.ico', '/../etc/passwd', '/%6detrics', '//'])(
    'GET %s is not there',
    async (path) => {
      const { ask } = await serve();
      expect((await ask(path)).status).toBe(404);
    },
  );

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'])(
    '%s is refused with what is allowed',
    async (method) => {
      const { ask } = await serve();
      const reply = await ask('/metrics', { method });
      expect(reply.status).toBe(405);
      expect(reply.headers.allow).toBe('GET, HEAD, OPTIONS');
      expect(reply.body.toString()).not.toContain('Frame_Counter');
    },
  );

  test('OPTIONS says what is allowed', async () => {
    const { ask } = await serve();
    for (const path of ['/metrics', '/', '*'])
      expect(await ask(path, { method: 'OPTIONS' })).toMatchObject({
        status: 204,
        headers: { allow: 'GET, HEAD, OPTIONS' },
      });
  });

  test('HEAD has the headers of GET and no body', async () => {
    const { ask } = await serve();
    const cases: Record<string, string>[] = [
      {},
      { 'accept-encoding': 'gzip' },
      { accept: 'application/openmetrics-text' },
    ];
    for (const headers of cases) {
      const [get, head] = [await ask('/metrics', { headers }), await ask('/metrics', { method: 'HEAD', headers })];
      expect(head.status).toBe(200);
      expect(head.body).toHaveLength(0);
      expect({ ...head.headers, date: '' }).toEqual({ ...get.headers, date: '' });
      expect(Number(head.headers['content-length'])).toBe(get.body.length);
    }
  });

  test('/-/healthy and /-/ready answer without collecting anything', async () => {
    const { ask } = await serve(() => Promise.reject(new Error('no')));
    for (const path of ['/-/healthy', '/-/ready']) expect((await ask(path)).status).toBe(200);
  });

  test('/sd names this server for service discovery, without collecting anything', async () => {
    const { ask, port } = await serve(() => Promise.reject(new Error('no')));
    const { status, headers, body } = await ask('/sd');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(body.toString())).toMatchObject([{ targets: [`127.0.0.1:${port}`] }]);
    expect((await ask('/sd', { method: 'POST' })).status).toBe(405);
  });

  test('a request with a body leaves the connection usable', async () => {
    const { port } = await serve();
    const socket = connect(port, '127.0.0.1');
    closers.push(() => socket.destroy());
    let text = '';
    socket.setEncoding('utf8');
    const done = new Promise<void>((resolve) =>
      socket.on('data', (part: string) => ((text += part), text.includes('Blender_Render 1') && resolve())),
    );
    socket.write(
      `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nhelloGET /?name[]=Blender_Render HTTP/1.1\r\nhost: x\r\n\r\n`,
    );
    await done;
    expect(text).toMatch(/^HTTP\/1\.1 405[\s\S]*HTTP\/1\.1 200/);
  });
});

describe('contents', () => {
  test('gzip where it is accepted and worth it', async () => {
    const { ask } = await serve();
    const plain = await ask('/metrics');
    const zipped = await ask('/metrics', { headers: { 'accept-encoding': 'gzip, deflate' } });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.headers.vary).toBe('accept, accept-encoding');
    expect(zipped.body.length).toBeLessThan(plain.body.length / 2);
    expect(gunzipSync(zipped.body)).toEqual(plain.body);
    expect(
      (await ask('/metrics?name[]=Blender_Render', { headers: { 'accept-encoding': 'gzip' } })).headers[
        'content-encoding'
      ],
    ).toBeUndefined();
    expect(
      (await ask('/metrics', { headers: { 'accept-encoding': 'gzip;q=0' } })).headers['content-encoding'],
    ).toBeUndefined();
  });

  test('OpenMetrics where it is asked for', async () => {
    const { ask } = await serve();
    const { headers, body } = await ask('/metrics', {
      headers: { accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' },
    });
    expect(headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(body.toString()).toContain('# TYPE Frame_Counter counter\nFrame_Counter_total 7\n');
    expect(body.toString().endsWith('# EOF\n')).toBe(true);
  });

  test('only what ?name[]= names, percent-encoded or not', async () => {
    const { ask } = await serve();
    const names = async (query: string): Promise<string[]> =>
      [...(await ask(`/metrics?${query}`)).body.toString().matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]!);
    expect(await names('name[]=Blender_Render')).toEqual(['Blender_Render']);
    expect(await names('name%5B%5D=Blender_Render&name[]=Frame_Counter_total')).toEqual([
      'Blender_Render',
      'Frame_Counter_total',
    ]);
    expect(await names('name[]=nothing')).toEqual([]);
    expect(await names('other=1')).toEqual(['Blender_Render', 'Frame_Counter_total', 'many']);
    expect(await names('name[]=%E0%A4%A')).toEqual([]);
  });
});

test('a collection that fails answers 503 with the reason in the log, and the next one works', async () => {
  let broken = true;
  const { ask, errors } = await serve(async () => {
    if (broken) throw new Error('the host is away');
    return FAMILIES;
  });
  expect((await ask('/metrics')).status).toBe(503);
  expect(errors).toEqual([new Error('the host is away')]);
  broken = false;
  expect((await ask('/metrics')).status).toBe(200);
});

test('scrapes that come at once share collections', async () => {
  let collections = 0;
  const { ask } = await serve(async () => {
    collections++;
    await new Promise((resolve) => setTimeout(resolve, 50));
    return FAMILIES;
  });
  const replies = await Promise.all(Array.from({ length: 32 }, () => ask('/metrics')));
  expect(replies.every((reply) => reply.status === 200)).toBe(true);
  expect(collections).toBeLessThanOrEqual(3);
});
