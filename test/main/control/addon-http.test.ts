import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Addon } from '../../../src/shared/addons';
import { type Answer, type ControlHost, startControlHost } from '../../helpers/control-host';
import { eventually } from '../../helpers/eventually';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { writeAddon } from '../addons/fixture';

const EXAMPLE = resolve(import.meta.dirname, '../../../examples/addons/rest-example');

/** A host with add-ons that are enabled. */
async function withAddon(id: string, main: string | null, others: Record<string, string> = {}): Promise<ControlHost> {
  const dataFolder = join(temporaryFolder(), 'data');
  mkdirSync(join(dataFolder, 'addons'), { recursive: true });
  if (main === null) cpSync(EXAMPLE, join(dataFolder, 'addons', id), { recursive: true });
  else await writeAddon(join(dataFolder, 'addons', id), id, { main });
  for (const [other, code] of Object.entries(others))
    await writeAddon(join(dataFolder, 'addons', other), other, { main: code });
  const control = await startControlHost({ dataFolder });
  for (const other of Object.keys(others)) await control.ask('POST', `/api/v1/addons/${other}/enable`);
  const enabled = await control.ask('POST', `/api/v1/addons/${id}/enable`);
  expect(enabled.json).toMatchObject({ state: 'running' } satisfies Partial<Addon>);
  return control;
}

/** A sample of the host's HTTP metrics, as the snapshot of an operation that collects them has it. */
async function counted(control: ControlHost, pattern: RegExp): Promise<number> {
  const port = await control.ask('GET', '/addons/probe/metrics', { token: 'read' });
  return Number(pattern.exec(port.text)?.[1] ?? NaN);
}

const PROBE = `export function register(ctx) {
  ctx.http.route('GET', '/metrics', { access: 'read', metrics: false }, async () => {
    const families = await ctx.metrics.collect();
    const lines = families.flatMap(({ name, values }) =>
      values.map(({ metricName, labels, value }) => (metricName ?? name) + JSON.stringify(labels) + ' ' + value));
    return { body: lines.join('\\n') };
  });
`;

const problem = (answer: Answer): string => `${answer.status} ${(answer.json as { detail: string }).detail}`;

describe('the REST example', () => {
  it('answers numbers to the read token, keeps one route for the control token, and counts', async () => {
    const control = await withAddon('rest-example', null);
    const ask = (path: string, token: 'control' | 'read' | 'none' = 'read'): Promise<Answer> =>
      control.ask('GET', `/addons/rest-example${path}`, { token });
    expect((await ask('/square/-7')).json).toEqual({ n: -7, square: 49 });
    expect((await ask('/even/10')).json).toEqual({ n: 10, even: true });
    expect((await ask('/auth', 'control')).json).toEqual({ right: 'control' });
    expect((await ask('/auth', 'read')).status).toBe(403);
    expect((await ask('/square/7', 'none')).status).toBe(401);
    const misfit = await ask('/square/seven');
    expect(problem(misfit)).toBe('400 The request does not fit: “params/n” must be integer.');
    expect(misfit.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(problem(await ask('/cube/7'))).toBe('404 There is nothing at /addons/rest-example/cube/7.');
    const refused = await control.ask('DELETE', '/addons/rest-example/auth');
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD']);

    const { paths } = (await control.ask('GET', '/addons/openapi.json', { token: 'read' })).json as {
      paths: Record<string, { get: { parameters: unknown[]; summary: string } }>;
    };
    expect(Object.keys(paths)).toEqual(['/rest-example/square/{n}', '/rest-example/even/{n}', '/rest-example/auth']);
    expect(paths['/rest-example/square/{n}']!.get.parameters).toEqual([
      { name: 'n', in: 'path', required: true, schema: { type: 'integer', minimum: -1_000_000, maximum: 1_000_000 } },
    ]);
    expect((await control.ask('GET', '/addons/openapi.json', { token: 'none' })).status).toBe(401);

    await control.ask('POST', '/api/v1/addons/rest-example/disable');
    expect((await ask('/square/7')).status).toBe(404);
    expect((await control.ask('GET', '/addons/openapi.json')).json).toMatchObject({ paths: {} });
  });

  it('has a Prometheus job that keeps what it is about', () => {
    expect(readFileSync(join(EXAMPLE, 'prometheus.yml'), 'utf8')).toMatch(/rest_example_\.\*[^]*action: keep/);
  });
});

describe('a route of an add-on', () => {
  it('is counted by its pattern, with failures, and only if it wants to be', async () => {
    const control = await withAddon(
      'probe',
      `${PROBE}
  ctx.http.route('GET', '/fail/:n', { access: 'read', params: { type: 'object', properties: { n: { type: 'integer' } } } },
    ({ params }) => { if (params.n > 1) throw new Error('secret reason'); return { body: 'fine' }; });
  ctx.http.route('GET', '/later', {}, () => ({ status: 503, headers: { 'retry-after': 5 } }));
  const odd = [{ status: 101 }, { headers: { etag: 'x'.repeat(3_000) } }, { headers: { etag: {} } }, { type: 7, body: 1 }];
  ctx.http.route('GET', '/odd/:n', {}, ({ params }) => odd[params.n]);
}`,
    );
    for (const n of [1, 2, 3]) {
      const answer = await control.ask('GET', `/addons/probe/fail/${n}`);
      expect(answer.status).toBe(n === 1 ? 200 : 500);
      expect(answer.text).not.toContain('secret reason');
    }
    await control.ask('GET', '/addons/probe/not-there');
    const later = await control.ask('GET', '/addons/probe/later');
    expect([later.status, later.headers.get('retry-after')]).toEqual([503, '5']);
    for (const n of [0, 1, 2, 3]) expect((await control.ask('GET', `/addons/probe/odd/${n}`)).status).toBe(500);
    const of = (name: string, code: string): RegExp =>
      new RegExp(`^${name}\\{"method":"GET","route":"/addons/probe/fail/:n"${code}\\} (.*)$`, 'm');
    expect(await counted(control, of('framegauge_http_requests_total', ',"code":"200"'))).toBe(1);
    expect(await counted(control, of('framegauge_http_requests_total', ',"code":"500"'))).toBe(2);
    expect(await counted(control, of('framegauge_http_exceptions_total', ''))).toBe(2);
    expect(await counted(control, of('framegauge_http_requests_in_progress', ''))).toBe(0);
    const all = (await control.ask('GET', '/addons/probe/metrics')).text;
    expect(all).toMatch(/requests_total\{"method":"GET","route":"unknown","code":"404"\} 1/);
    expect(all).not.toContain('not-there');
    expect(all).not.toContain('/addons/probe/metrics');
    const log = (await control.ask('GET', '/api/v1/addons/probe/log')).text;
    expect(log).toContain('The route GET /fail/:n failed: Error: secret reason');
    expect(log).toContain(
      'The route GET /odd/:n failed: Error: A handler returned an answer that cannot be sent: “status”',
    );
    expect(log).toContain('“headers.etag” is wrong');
  });

  it('has so many names in the metrics at most, which go with its add-on', async () => {
    const values = Array.from({ length: 99 }, (_, n) => `v${n}`);
    const routes = `export function register(ctx) {
      const labels = { of: { from: 'query', name: 'of', values: ${JSON.stringify(values.slice(0, 50))} } };
      for (let n = 0; n < 5; n++) ctx.http.route('GET', '/r' + n, { access: 'read', labels }, () => ({ body: 1 }));
    }`;
    const control = await withAddon('probe', `${PROBE}}`, { many: routes });
    for (let n = 0; n < 5; n++)
      for (const value of values.slice(0, 50)) await control.ask('GET', `/addons/many/r${n}?of=${value}`);
    const names = async (): Promise<string[]> => {
      const { text } = await control.ask('GET', '/addons/probe/metrics');
      const found = text.match(/^framegauge_http_requests_total\{.*"\/addons\/many\/.*$/gm) ?? [];
      return found.map((line) => line.replace(/,"code".*/, ''));
    };
    const kept = await names();
    expect(kept).toHaveLength(201);
    expect(kept.at(-1)).toContain('"/addons/many/other"');
    expect((await control.ask('DELETE', '/api/v1/addons/many')).status).toBeLessThan(300);
    await eventually('its series to go', async () => ((await names()).length === 0 ? true : null), 60_000);
  });

  it('has labels of its own in the metrics, with no value that a client makes up', async () => {
    const control = await withAddon(
      'probe',
      `${PROBE}
  const labels = { team: 'lighting', size: { from: 'query', name: 'size', values: ['small', 'large'] }, kind: { from: 'params', name: 'kind', values: ['exr'] } };
  ctx.http.route('GET', '/file/:kind', { labels }, ({ query }) => { if (query.size === 'huge') throw new Error('no'); return { body: 1 }; });
}`,
    );
    for (const path of ['exr?size=small', 'exr?size=small', 'png?size=a"b', 'toString', 'exr?size=huge'])
      await control.ask('GET', `/addons/probe/file/${path}`);
    const { text } = await control.ask('GET', '/addons/probe/metrics');
    const samples = text.split('\n').flatMap((line) => {
      const [, name, labels, value] = /^framegauge_http_(\w+)(\{.*\}) (.*)$/.exec(line) ?? [];
      const of = labels === undefined ? {} : (JSON.parse(labels) as Record<string, string>);
      return of['route'] === '/addons/probe/file/:kind' ? [{ name, of, value }] : [];
    });
    const route = { method: 'GET', route: '/addons/probe/file/:kind', team: 'lighting' };
    const requests = samples.filter(({ name }) => name === 'requests_total').map(({ of, value }) => ({ ...of, value }));
    expect(requests).toEqual([
      { ...route, size: 'small', kind: 'exr', code: '200', value: '2' },
      { ...route, size: 'other', kind: 'other', code: '200', value: '2' },
      { ...route, size: 'other', kind: 'exr', code: '500', value: '1' },
    ]);
    expect(samples).toContainEqual({
      name: 'exceptions_total',
      of: { ...route, size: 'other', kind: 'exr' },
      value: '1',
    });
    expect(samples.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['request_duration_seconds_count', 'requests_in_progress', 'response_size_bytes_total']),
    );
    expect(new Set(samples.map(({ of }) => of['team']))).toEqual(new Set(['lighting']));
  });

  it.each([
    ['{ route: "x" }', 'none of method, route, code'],
    ['{ "a-b": "x" }', 'letters, digits and _'],
    ['{ a: { from: "header", name: "x", values: ["y"] } }', 'a label is a text, or'],
    ['{ a: "", b: "", c: "", d: "", e: "", f: "" }', '5 labels of its own at most'],
    [
      '{ a: { from: "query", name: "a", values: [..."abcdefghij"] }, b: { from: "query", name: "b", values: [..."abcdefghij"] } }',
      '100 combinations at most',
    ],
  ])('is refused with the labels %s', async (labels, reason) => {
    const dataFolder = join(temporaryFolder(), 'data');
    await writeAddon(join(dataFolder, 'addons', 'bad'), 'bad', {
      main: `export const register = (ctx) => void ctx.http.route('GET', '/x', { labels: ${labels} }, () => undefined);`,
    });
    const control = await startControlHost({ dataFolder });
    const enabled = (await control.ask('POST', '/api/v1/addons/bad/enable')).json as Addon;
    expect(enabled.reason).toContain(reason);
  });

  it('that hangs or is busy is a 5xx, and the client who leaves is told to it', async () => {
    const control = await withAddon(
      'slow',
      `let hanging = [];
export function register(ctx) {
  ctx.http.route('GET', '/hang', {}, ({ signal }) => new Promise((resolve) => {
    signal.addEventListener('abort', () => ctx.log.info('aborted'));
    hanging.push(resolve);
  }));
  ctx.http.route('POST', '/release', {}, () => { for (const go of hanging) go({ body: 'late' }); hanging = []; return { body: 1 }; });
}`,
    );
    const hang = (): Promise<Answer> => control.ask('GET', '/addons/slow/hang');
    expect(problem(await hang())).toBe('504 The add-on “slow” did not answer within 10 s.');
    const leaving = new AbortController();
    const left = fetch(`${control.url}/addons/slow/hang`, {
      headers: { authorization: `Bearer ${control.tokens.control}` },
      signal: leaving.signal,
    }).catch(() => 'left');
    const log = async (): Promise<string> => (await control.ask('GET', '/api/v1/addons/slow/log')).text;
    await expect.poll(log, { timeout: 10_000 }).toMatch(/aborted/);
    await control.ask('POST', '/addons/slow/release');
    leaving.abort();
    expect(await left).toBeTruthy();

    // These are cut off when the host ends.
    for (let n = 0; n < 16; n++) void hang().catch(() => undefined);
    await expect.poll(async () => (await hang()).status, { timeout: 9_000 }).toBe(503);
  });

  it('whose add-on dies is a 502', async () => {
    const control = await withAddon(
      'dying',
      `export const register = (ctx) => ctx.http.route('POST', '/die', {}, () => process.exit(1));`,
    );
    expect(problem(await control.ask('POST', '/addons/dying/die'))).toBe(
      '502 The add-on “dying” ended before it had answered.',
    );
  });

  it('is given the body, the query and harmless headers', async () => {
    const control = await withAddon(
      'echo',
      `export function register(ctx) {
  const body = { type: 'object', properties: { size: { type: 'integer' } }, required: ['size'], additionalProperties: false };
  const query = { type: 'object', properties: { tags: { type: 'array', items: { type: 'string' } }, deep: { type: 'boolean' } } };
  ctx.http.route('POST', '/echo/:name', { body, query }, ({ params, query, body, headers, right }) =>
    ({ status: 201, headers: { ETag: '"a"' }, body: { params, query, body, headers, right } }));
  ctx.http.route('PUT', '/raw', {}, ({ body }) => ({ body }));
  ctx.http.route('GET', '/none', {}, () => {});
  ctx.http.route('GET', '/refuse', {}, () => { throw Object.assign(new Error('It is asleep.'), { status: 409 }); });
}`,
    );
    const echoed = await control.ask('POST', '/addons/echo/echo/a%20b?tags=x&deep=true&__proto__=1', {
      body: { size: 3 },
      headers: { cookie: 'a=b', 'if-match': 'z' },
    });
    expect(echoed.status).toBe(201);
    expect(echoed.headers.get('etag')).toBe('"a"');
    const { headers, ...rest } = echoed.json as { headers: Record<string, string> };
    expect(rest).toMatchObject({
      params: { name: 'a b' },
      query: { tags: ['x'], deep: true },
      body: { size: 3 },
      right: 'control',
    });
    expect(headers).toMatchObject({ 'if-match': 'z', 'content-type': 'application/json' });
    expect(Object.keys(headers)).not.toContain('authorization');
    expect(Object.keys(headers)).not.toContain('cookie');
    const wrong = await control.ask('POST', '/addons/echo/echo/a', { body: { size: 'x' } });
    expect(problem(wrong)).toBe('422 The request does not fit: “#/size” must be integer.');
    expect((await control.ask('POST', '/addons/echo/echo/a', { body: '{' })).status).toBe(400);
    const raw = await control.ask('PUT', '/addons/echo/raw', { body: 'bytes', headers: { 'content-type': 'x/y' } });
    expect([raw.headers.get('content-type'), raw.text]).toEqual(['application/octet-stream', 'bytes']);
    const large = await control.ask('PUT', '/addons/echo/raw', { body: 'x'.repeat(1024 * 1024 + 1) });
    expect(large.status).toBe(413);
    expect((await control.ask('GET', '/addons/echo/none')).status).toBe(204);
    expect(problem(await control.ask('GET', '/addons/echo/refuse'))).toBe('409 It is asleep.');
    expect((await control.ask('HEAD', '/addons/echo/none')).status).toBe(204);
  });

  it('cannot answer with what would run, set a cookie or lead away', async () => {
    const control = await withAddon(
      'evil',
      `const answers = {
  html: { type: 'text/html', body: '<script>1</script>' },
  svg: { type: 'image/svg+xml; x', body: '<svg/>' },
  js: { type: 'text/javascript', body: '1' },
  cookie: { headers: { 'Set-Cookie': 'a=b' }, body: 1 },
  csp: { headers: { 'content-security-policy': 'x' }, body: 1 },
  split: { headers: { etag: 'a\\r\\nset-cookie: a=b' }, body: 1 },
  away: { status: 302, headers: { location: '//evil.example/' } },
  up: { status: 302, headers: { location: '/addons/evil/../../api/v1/queue' } },
  large: { body: new Uint8Array(9 * 1024 * 1024) },
  odd: 'just a text',
  status: { status: 101 },
  own: { status: 303, headers: { location: '/addons/evil/a/html' } },
  text: { body: '<script>1</script>' },
};
export function register(ctx) {
  ctx.http.route('GET', '/a/:name', {}, ({ params }) => answers[params.name]);
}`,
    );
    const ask = (name: string): Promise<Response> =>
      fetch(`${control.url}/addons/evil/a/${name}`, {
        headers: { authorization: `Bearer ${control.tokens.control}` },
        redirect: 'manual',
      });
    for (const name of ['html', 'svg', 'js', 'cookie', 'csp', 'split', 'away', 'up', 'large', 'odd']) {
      const answer = await ask(name);
      expect([name, answer.status >= 500]).toEqual([name, true]);
      expect(answer.headers.get('set-cookie'), name).toBeNull();
      expect(answer.headers.get('location'), name).toBeNull();
    }
    const own = await ask('own');
    expect([own.status, own.headers.get('location')]).toEqual([303, '/addons/evil/a/html']);
    const text = await ask('text');
    expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(text.headers.get('x-content-type-options')).toBe('nosniff');
    expect(text.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/);
  });

  it.each([
    ['a path that is none', `ctx.http.route('GET', 'x', {}, () => {})`, 'The route GET x cannot be used'],
    ['a method that is none', `ctx.http.route('TRACE', '/x', {}, () => {})`, 'The route TRACE /x cannot be used'],
    ['no handler', `ctx.http.route('GET', '/x', {})`, 'The route GET /x has no handler'],
    ['a remote reference', `ctx.http.route('GET', '/x', { query: { $ref: 'http://a' } }, () => {})`, '“$ref”'],
    [
      'no schema',
      `ctx.http.route('GET', '/x', { query: { type: 'objet' } }, () => {})`,
      'The schema of “query” cannot',
    ],
    ['too many', `for (let n = 0; n < 51; n++) ctx.http.route('GET', '/x' + n, {}, () => {})`, 'may have 50 routes'],
  ])('is refused with a sentence: %s', async (_what, code, sentence) => {
    const dataFolder = join(temporaryFolder(), 'data');
    await writeAddon(join(dataFolder, 'addons', 'bad'), 'bad', { main: `export function register(ctx) { ${code}; }` });
    const control = await startControlHost({ dataFolder });
    const { json } = await control.ask('POST', '/api/v1/addons/bad/enable');
    expect(json).toMatchObject({ state: 'failed', reason: expect.stringContaining(sentence) as string });
  });
});
