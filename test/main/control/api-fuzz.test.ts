import { join } from 'node:path';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { expect, it, onTestFinished, vi } from 'vitest';
import { operations } from '../../../src/shared/host-api';
import { TURNTABLE } from '../../helpers/cli';
import { type ControlHost, startControlHost } from '../../helpers/control-host';
import { type JsonSchema, type OpenApiRoute, readOpenApi } from '../../helpers/open-api';

/** Requests of a run; more where there is time. The seed is fixed, so that a failure comes again. */
const RUNS = 500 * Number(process.env['FRAMEGAUGE_FUZZ_FACTOR'] ?? 1);
const SETTINGS = { seed: 20_261_121, numRuns: RUNS, endOnFailure: true } as const;

/** Text that programs trip over. */
const hostileText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '.',
    '..',
    '../../etc/passwd',
    '/',
    '//',
    '\\',
    '%00',
    '%',
    'a\0b',
    '\n',
    '__proto__',
    'constructor',
    'toString',
    'NaN',
    '-0',
    '1e999',
    '0x10',
    'null',
    '[]',
    '🎞️',
    '\u202e',
    '﷽',
    "';--",
    '$(id)',
    '{{x}}',
    'x'.repeat(5_000),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom(
    null,
    true,
    -1,
    0,
    1.5,
    -0,
    1e308,
    2 ** 53,
    -(2 ** 63),
    [],
    {},
    [[[[]]]],
    { __proto__: null },
    { length: -1 },
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** What a schema allows, more or less: constraints that it can't say are left to chance. */
function fitting(schema: JsonSchema): fc.Arbitrary<unknown> {
  const {
    type,
    anyOf,
    properties = {},
    required = [],
    items,
    minimum,
    maximum,
  } = schema as {
    type?: string;
    anyOf?: JsonSchema[];
    properties?: Record<string, JsonSchema>;
    required?: string[];
    items?: JsonSchema;
    minimum?: number;
    maximum?: number;
  };
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  if (anyOf) return fc.oneof(...anyOf.map(fitting));
  switch (type) {
    case 'object': {
      const optional = Object.keys(properties).filter((name) => !required.includes(name));
      // A few at a time: of many, one is nearly always wrong.
      return fc
        .subarray(optional, { maxLength: Math.min(3, optional.length) })
        .chain((chosen) =>
          fc.record(Object.fromEntries([...required, ...chosen].map((name) => [name, mixed(name, properties[name]!)]))),
        );
    }
    case 'array':
      return fc.array(fitting(items ?? {}), { maxLength: 4 });
    case 'integer':
      return fc.integer({ min: Math.max(minimum ?? 0, -1), max: Math.min(maximum ?? 12, 12) });
    case 'number':
      return fc.double({ min: minimum ?? -10, max: maximum ?? 1_000, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return hostileText;
  }
}

/** Words whose values decide where something is written, or that mean something only if they fit. */
const WORDS: Readonly<Record<string, readonly unknown[]>> = {
  // Mostly something that is there: most of what can be refused is refused later than a number that nothing has.
  id: [1, 2, 3, 1, 2, 3, 4, 0, 'prometheus', 'none'],
  scene: [TURNTABLE, '/nowhere.glb', '/dev/null', 'relative.glb', `${TURNTABLE}\0.glb`],
  path: [TURNTABLE, '/nowhere.glb', '/etc/passwd', '/dev/null/x.gltf', '.glb', 'a\0b.glb'],
  frames: ['1-3', '1,2,7', '5-1', '1-48x5', 'all', '1-5000', '1-99999999999', '٣'],
  size: ['64x36', '1x1', '0x0', 'x', '99999999x1', '１x１'],
  startAt: [null, 0, '+2h', '22:00', 'now', '1999-01-01', '+1e9d', 8.64e15],
  order: ['sequence', 'every-2', 'every-0', 'middle-out'],
  format: ['png', 'exr', 'gif'],
  key: [
    'render.workers',
    'queue.attempts',
    'render',
    '__proto__',
    'addons.prometheus',
    'addons..x',
    'addons.none.key',
    'addons.prometheus.toString',
  ],
  operation: [...Object.keys(operations), 'toString', '__proto__', 'job'],
  name: ['a.glb', '../b.gltf', 'c\0.glb', '.glb', 'd.exe'],
};

/** Values that would leave the test's folder, or run something, are never made. */
const confined = (folder: string): Readonly<Record<string, readonly unknown[]>> => ({
  output: [join(folder, 'images', '####.png'), join(folder, 'x'), 'relative/####.png', '/dev/null/####.png', ''],
  folder: [join(folder, 'kit'), '/dev/null/kit', `${folder}\0kit`, ''],
});
let confinement: Readonly<Record<string, readonly unknown[]>> = {};

function mixed(name: string, schema: JsonSchema): fc.Arbitrary<unknown> {
  if (Object.hasOwn(confinement, name)) return fc.constantFrom(...confinement[name]!);
  const good = Object.hasOwn(WORDS, name) ? fc.constantFrom(...WORDS[name]!) : fitting(schema);
  return fc.oneof({ weight: 9, arbitrary: good }, { weight: 1, arbitrary: hostile });
}

interface Wild {
  readonly route: OpenApiRoute;
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
  readonly type: string;
}

/** Half of a character, which no address can carry. */
const LONE_SURROGATE = /\p{Cs}/gu;

const inAddress = (value: unknown): string =>
  encodeURIComponent(
    (Array.isArray(value)
      ? value.join(',')
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value)
    ).replaceAll(LONE_SURROGATE, '\ufffd'),
  );

function wildRequest(route: OpenApiRoute): fc.Arbitrary<Wild> {
  const { parameters = [], requestBody } = route.operation;
  const words = fc.record(Object.fromEntries(parameters.map(({ name, schema }) => [name, mixed(name, schema)])), {
    requiredKeys: parameters.filter(({ required }) => required).map(({ name }) => name),
  });
  const [[type, media]] = Object.entries(requestBody?.content ?? { '': {} }) as [[string, { schema?: JsonSchema }]];
  const json = type === 'application/json';
  const body = json
    ? fc.oneof(
        { weight: 8, arbitrary: fitting(media.schema ?? {}).map((value) => JSON.stringify(value)) },
        { weight: 1, arbitrary: hostile.map((value) => JSON.stringify(value)) },
        { weight: 1, arbitrary: hostileText },
      )
    : fc.constant('bytes');
  return fc
    .record({
      words,
      body: route.method === 'GET' ? fc.constant(undefined) : body,
      method: fc.oneof(
        { weight: 20, arbitrary: fc.constant(route.method) },
        { weight: 1, arbitrary: fc.constantFrom('PUT', 'DELETE', 'OPTIONS', 'PATCH') },
      ),
      type: fc.oneof(
        { weight: 20, arbitrary: fc.constant(type || 'application/json') },
        {
          weight: 1,
          arbitrary: fc.constantFrom('text/plain', 'application/json; charset=nonsense', 'multipart/form-data', 'x'),
        },
      ),
      more: fc.oneof(
        { weight: 10, arbitrary: fc.constant('') },
        { weight: 1, arbitrary: hostileText.map((text) => `${inAddress(text)}=1`) },
      ),
    })
    .map(({ words, body, method, type, more }) => {
      const given = words as Record<string, unknown>;
      const place = (where: string): [string, unknown][] =>
        parameters
          .filter(({ name, in: at }) => at === where && Object.hasOwn(given, name))
          .map(({ name }) => [name, given[name]]);
      const path = place('path').reduce(
        (text, [name, value]) => text.replace(`{${name}}`, () => inAddress(value)),
        route.path,
      );
      const query = [
        ...place('query').map(([name, value]) => `${name}=${inAddress(value)}`),
        ...(more === '' ? [] : [more]),
      ].join('&');
      return {
        route,
        method,
        path: `/api/v1${path}${query === '' ? '' : `?${query}`}`,
        body: method === 'GET' ? undefined : body,
        type,
      };
    });
}

/** A host that finds no program of the machine's, with an add-on that may be enabled. */
async function startTarget(): Promise<ControlHost> {
  vi.stubEnv('FRAMEGAUGE_BLENDER', 'none');
  onTestFinished(() => void vi.unstubAllEnvs());
  const control = await startControlHost();
  await control.host.call('preferences.set', { key: 'addons.prometheus.address', value: '127.0.0.1:0' });
  confinement = confined(control.folder);
  for (let count = 0; count < 3; count++)
    await control.host.call('job.submit', {
      scene: TURNTABLE,
      frames: '1-4',
      width: 64,
      height: 36,
      output: join(control.folder, String(count), '####.png'),
    });
  return control;
}

it('whatever is sent to any route, there is a problem document or an answer as the document has it, and never a fault', async () => {
  const control = await startTarget();
  const api = await readOpenApi(control);
  const endless = new Set(['followEvents', 'openSocket']);
  const wild = fc.oneof(...api.routes.filter(({ operation }) => !endless.has(operation.operationId)).map(wildRequest));
  const seen = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(wild, async ({ route, method, path, body, type }) => {
      const answer = await control.ask(method, path, {
        body,
        headers: body === undefined ? {} : { 'content-type': type },
      });
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      // A part that is empty, “.” or “..” makes it another path.
      const asMeant =
        method === route.method && !path.includes('//') && new URL(control.url + path).pathname === path.split('?')[0];
      if (answer.status >= 400) {
        expect(answer.status, answer.text).toBeLessThan(500);
        // An answer to HEAD has no body; nobody asks so here.
        expect(answer.headers.get('content-type'), answer.text).toMatch(/^application\/problem\+json/);
        expect(answer.json).toMatchObject({
          status: answer.status,
          title: expect.stringMatching(/./) as unknown,
          detail: expect.stringMatching(/./) as unknown,
        });
      } else if (asMeant) api.expectAllowed(route, answer);
    }),
    SETTINGS,
  );
  // It did reach the inside: else the test would prove nothing.
  expect(seen.get(200)! + (seen.get(201) ?? 0)).toBeGreaterThan(RUNS / 10);
  expect([...seen.keys()]).toEqual(expect.arrayContaining([200, 201, 400, 404, 409, 422]));
  expect((await control.ask('GET', '/api/v1/queue')).status).toBe(200);
  expect((await control.ask('GET', '/healthz', { token: 'none' })).status).toBe(200);
}, 3_600_000);

it('whatever is sent over the WebSocket, it answers or hangs up, and never a fault', async () => {
  const { url, tokens, ask } = await startTarget();
  /** Sends one message over a connection of its own. @returns the answer, or the code that it hung up with */
  const send = (message: string | Buffer): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/socket`, [
        'framegauge',
        `token.${tokens.control}`,
      ]);
      socket.on('open', () => socket.send(message));
      socket.on('message', (data: Buffer) => {
        const answer = JSON.parse(String(data)) as { reply?: unknown };
        if (answer.reply === undefined) return;
        socket.close();
        resolve(answer.reply);
      });
      socket.on('close', (code) => resolve(code));
      socket.on('error', reject);
    });
  // What writes or runs something where it is told to is left to the test above, which knows where that is.
  const names = Object.keys(operations).filter(
    (name) => !/^(monitoring\.save|preferences\.set|job\.submit|job\.edit|addon\.enable)$/.test(name),
  );
  const call = fc.record(
    {
      call: fc.oneof({ weight: 8, arbitrary: fc.integer() }, { weight: 1, arbitrary: hostile }),
      operation: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: hostile }),
      input: fc.oneof(fc.constant({}), fc.record({ id: fc.integer({ min: 0, max: 5 }) }), hostile),
    },
    { requiredKeys: [] },
  );
  const message = fc.oneof(
    { weight: 6, arbitrary: call.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: hostile.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: hostileText },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)) },
  );
  await fc.assert(
    fc.asyncProperty(message, async (text) => {
      const answer = await send(text);
      if (typeof answer === 'number') expect([1003, 1009]).toContain(answer);
      else expect(answer).not.toMatchObject({ error: { kind: 'internal' } });
    }),
    { ...SETTINGS, numRuns: Math.ceil(RUNS / 2) },
  );
  expect(await send(' '.repeat(1024 * 1024 + 1))).toBe(1009);
  expect((await ask('GET', '/api/v1/queue')).status).toBe(200);
}, 3_600_000);
