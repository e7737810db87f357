import { once } from 'node:events';
import { request } from 'node:http';
import { WebSocket } from 'ws';
import { describe, expect, it } from 'vitest';
import { startCli } from '../../helpers/cli';
import { temporaryFolder } from '../../helpers/temporary-folder';

async function serve(): Promise<{ url: URL; token: string }> {
  const host = startCli(['serve', '--port', '0', '--data', temporaryFolder()]);
  const [, url, token] = await host.printed(/(http:\/\/\S+)\/#token=(\S+)/);
  return { url: new URL(url!), token: token! };
}

/** A request with headers that fetch would not let a caller set. */
function ask(
  url: URL,
  path: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: url.hostname, port: url.port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode!, body, headers: response.headers }));
    });
    sent.on('error', reject).end();
  });
}

/** How an attempt to open the UI's socket ends: `open`, or the status that refused it. */
function openSocket(
  url: URL,
  protocols: string[],
  headers: Record<string, string> = {},
  path = '/api/v1/socket',
): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://${url.host}${path}`, protocols, { headers });
    socket.on('open', () => {
      socket.close();
      resolve('open');
    });
    socket.on('unexpected-response', (_request, response) => resolve(String(response.statusCode)));
    socket.on('error', (error) => resolve(error.message));
  });
}

describe('the control server', () => {
  it('answers only for its own names, its own pages, and the right token', async () => {
    const { url, token } = await serve();
    const bearer = { authorization: `Bearer ${token}` };
    const state = (headers: Record<string, string>): Promise<number> =>
      ask(url, '/api/v1/operations/host.state', { host: url.host, ...headers }, 'POST').then(({ status }) => status);
    expect(await state(bearer)).toBe(200);
    expect(await state({})).toBe(401);
    expect(await state({ authorization: 'Bearer wrong' })).toBe(401);
    expect(await state({ ...bearer, host: 'attacker.example' })).toBe(421);
    expect(await state({ ...bearer, host: `attacker.example:${url.port}` })).toBe(421);
    expect(await state({ ...bearer, host: `localhost:${url.port}` })).toBe(200);
    const evil = 'http://attacker.example/api/v1/operations/host.state';
    expect((await ask(url, evil, { host: url.host, ...bearer }, 'POST')).status).toBe(421);
    expect(await state({ ...bearer, origin: 'http://attacker.example' })).toBe(403);
    expect(await state({ ...bearer, origin: `http://${url.host}` })).toBe(200);

    expect(await openSocket(url, ['framegauge', `token.${token}`])).toBe('open');
    expect(await openSocket(url, ['framegauge', 'token.wrong'])).toBe('401');
    expect(await openSocket(url, ['framegauge'])).toBe('401');
    expect(await openSocket(url, ['framegauge', `token.${token}`], { origin: 'http://attacker.example' })).toBe('403');
    expect(await openSocket(url, ['framegauge', `token.${token}`], { host: 'attacker.example' })).toBe('421');
  });

  it('opens no WebSocket where none is served', async () => {
    const { url, token } = await serve();
    const protocols = ['framegauge', `token.${token}`];
    for (const path of ['/', '/nothing', '/api/v1/jobs', '/api/v1/nothing', '/addons/nothing/x', '/healthz'])
      expect([path, await openSocket(url, protocols, {}, path)]).toEqual([path, '404']);
    for (const path of ['/api/v1/socket', '/api/v1/socket?cursor=0', '/worker'])
      expect([path, await openSocket(url, protocols, {}, path)]).toEqual([path, 'open']);
  });

  it('gives the page without a token, kept out of frames, and nothing else of the disk', async () => {
    const { url } = await serve();
    const page = await ask(url, '/', { host: url.host });
    expect(page.status).toBe(200);
    expect(page.body).toContain('Content-Security-Policy');
    expect(page.headers['x-frame-options']).toBe('DENY');
    for (const path of [
      '/../package.json',
      '/%2e%2e/package.json',
      '/..%2fpackage.json',
      '/assets/../../main/cli.js',
      '/etc/passwd',
    ]) {
      expect((await ask(url, path, { host: url.host })).status).toBeGreaterThanOrEqual(400);
    }
  });

  it('answers wrong requests with one clear sentence', async () => {
    const { url, token } = await serve();
    const call = async (operation: string, body: string): Promise<{ status: number; error: { message: string } }> => {
      const response = await fetch(new URL(`/api/v1/operations/${operation}`, url), {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      });
      return { status: response.status, ...((await response.json()) as { error: { message: string } }) };
    };
    expect(await call('job.cancel', '{"id":7}')).toMatchObject({
      status: 404,
      detail: 'There is no job 7.',
      error: { message: 'There is no job 7.' },
    });
    expect(await call('job.cancel', '{"id":"7"}')).toMatchObject({
      status: 400,
      error: { message: expect.stringMatching(/^job\.cancel was asked wrongly: id: /) as unknown },
    });
    expect(await call('no.such', '{}')).toMatchObject({
      status: 400,
      error: { message: 'There is no operation “no.such”.' },
    });
    expect((await call('job.cancel', '{"id":')).status).toBe(400);
  });

  it('takes no request over the socket that is larger than any, when parsed', async () => {
    const { url, token } = await serve();
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const socket = new WebSocket(`ws://${url.host}/api/v1/socket`, ['framegauge', `token.${token}`]);
      await once(socket, 'open');
      const closed = once(socket, 'close');
      socket.send(`{"call":1,"operation":"host.state","input":${open.repeat(100)}1${close.repeat(100)}}`);
      expect(await closed).toEqual([1003, Buffer.from('not a request')]);
    }
    const socket = new WebSocket(`ws://${url.host}/api/v1/socket`, ['framegauge', `token.${token}`]);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    socket.send(`{"call":1,"operation":"host.state","input":{"list":[${'0,'.repeat(30_000)}0]}}`);
    expect(await closed).toEqual([1003, Buffer.from('not a request')]);
  });
});
