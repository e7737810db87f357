import { WebSocket } from 'ws';
import { networkInterfaces } from 'node:os';
import fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRefusalCount, guard } from '../../../src/main/control/token-guard';
import type { Authentication } from '../../../src/main/control/http-metrics';
import { problemOf, sendProblem } from '../../../src/main/http/problem';
import { startControlHost } from '../../helpers/control-host';

const STATE = '/api/v1/operations/host.state';
const CONTROL = 'control-token';
const READ = 'read-token';

/** A server with nothing but two guarded parts, so that a test can say where a request comes from. */
async function guarded(limits: { requests: number; refusals: number }): Promise<{
  app: FastifyInstance;
  seen: Authentication[];
  status(token: string | null, from?: string, url?: string): Promise<number>;
}> {
  const app = fastify();
  const seen: Authentication[] = [];
  onTestFinished(() => app.close());
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, problemOf(error)!));
  const countRefusal = await createRefusalCount(app, limits);
  const metrics = { authentication: (result: Authentication) => seen.push(result) };
  for (const prefix of ['/', '/other'])
    await app.register(
      async (part) => {
        await guard(part, { control: CONTROL, read: READ }, metrics, countRefusal, limits);
        part.get('/', { config: { access: 'read' } }, () => 'ok');
      },
      { prefix },
    );
  const status = async (token: string | null, from = '192.0.2.7', url = '/'): Promise<number> =>
    (
      await app.inject({
        url,
        remoteAddress: from,
        headers: token === null ? {} : { authorization: `Bearer ${token}` },
      })
    ).statusCode;
  return { app, seen, status };
}

describe('too many requests', () => {
  it('with a wrong token shut their address out, whatever token comes next; others are not concerned', async () => {
    const { status, seen } = await guarded({ requests: 1_000, refusals: 3 });
    for (let index = 0; index < 3; index++) expect(await status('wrong')).toBe(401);
    expect(await status('wrong')).toBe(429);
    expect(await status(CONTROL)).toBe(429);
    expect(await status(null)).toBe(401);
    expect(await status(CONTROL, '192.0.2.8')).toBe(200);
    expect(seen).toEqual(['wrong', 'wrong', 'wrong', 'blocked', 'blocked', 'missing', 'control']);
  });

  it('with a wrong token do not shut the person at the machine out', async () => {
    const { status } = await guarded({ requests: 1_000, refusals: 1 });
    expect(await status('wrong', '127.0.0.1')).toBe(401);
    expect(await status('wrong', '127.0.0.1')).toBe(429);
    expect(await status(READ, '127.0.0.1')).toBe(200);
  });

  it('with a wrong token count together, whichever part of the server they are sent to', async () => {
    const { status } = await guarded({ requests: 1_000, refusals: 2 });
    expect(await status('wrong')).toBe(401);
    expect(await status('wrong', undefined, '/other')).toBe(401);
    expect([await status('wrong'), await status(READ, undefined, '/other')]).toEqual([429, 429]);
  });

  it('of any kind are told when to come back', async () => {
    const { app, status } = await guarded({ requests: 2, refusals: 5 });
    expect([await status(READ), await status(READ), await status(READ), await status(READ, '192.0.2.8')]).toEqual([
      200, 200, 429, 200,
    ]);
    const refused = await app.inject({
      url: '/',
      remoteAddress: '192.0.2.7',
      headers: { authorization: `Bearer ${READ}` },
    });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.json()).toMatchObject({
      status: 429,
      detail: expect.stringMatching(
        /^Too many requests came from this address: try again in \d+ seconds\.$/,
      ) as unknown,
    });
  });
});

it('says how to authenticate, and what a token lacks', async () => {
  const { ask } = await startControlHost();
  const challenge = async (headers: Record<string, string>): Promise<string | null> =>
    (await ask('POST', STATE, { token: 'none', headers })).headers.get('www-authenticate');
  expect(await challenge({})).toBe('Bearer realm="Framegauge"');
  expect(await challenge({ authorization: 'Bearer wrong' })).toBe('Bearer realm="Framegauge", error="invalid_token"');
  expect((await ask('POST', '/api/v1/jobs', { token: 'read', body: {} })).headers.get('www-authenticate')).toContain(
    'insufficient_scope',
  );
  expect((await ask('POST', STATE, { token: 'read', body: {} })).status).toBe(200);
  expect(
    (
      await ask('POST', '/api/v1/operations/preferences.set', {
        token: 'read',
        body: { key: 'render.workers', value: 1 },
      })
    ).status,
  ).toBe(403);
});

it('a read token looks over the WebSocket too, and changes nothing', async () => {
  const { host, url, tokens, ask } = await startControlHost();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/socket`, ['framegauge', `token.${tokens.read}`]);
  onTestFinished(() => socket.terminate());
  const replies = new Map<number, unknown>();
  const both = new Promise<void>((resolve) =>
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(String(data)) as { call?: number; reply?: unknown };
      if (message.call !== undefined) replies.set(message.call, message.reply);
      if (replies.size === 2) resolve();
    }),
  );
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ call: 1, operation: 'preferences.set', input: { key: 'render.workers', value: 3 } }));
  socket.send(JSON.stringify({ call: 2, operation: 'host.state', input: {} }));
  await both;
  expect(replies.get(1)).toEqual({
    ok: false,
    error: { kind: 'failed', message: 'This token may only look: use the control token to change things.' },
  });
  expect(replies.get(2)).toMatchObject({ ok: true, value: { preferences: { 'render.workers': 0 } } });
  expect(
    await host.call('preferences.set', { key: 'addons.prometheus.pushgatewayPassword', value: 'very-secret' }),
  ).toMatchObject({ ok: true });
  const shown = await ask('GET', '/api/v1/state', { token: 'read' });
  expect(shown.text).toContain('pushgatewayPassword');
  expect(shown.text).not.toContain('very-secret');
  expect(shown.text).not.toContain(tokens.control);
  expect(shown.text).not.toContain(tokens.read);
});

it('answers on every address of the machine, by its own names only', async () => {
  const { ask, url } = await startControlHost({ listen: { host: '0.0.0.0', port: 0 } });
  const { port } = new URL(url);
  const address =
    Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
  expect((await fetch(`http://${address}:${port}/healthz`)).status).toBe(200);
  expect((await ask('GET', '/api/v1/state')).status).toBe(200);
});
