import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { operations } from '../../src/shared/host-api';
import { type ControlHost, startControlHost } from '../helpers/control-host';
import { readOpenApi } from '../helpers/open-api';
import { complaints, textsOf } from './plain';

/** What people and programs put in the place of a value. */
const WRONG: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  1e300,
  '',
  ' ',
  'nonsense',
  '\u0000',
  '1-',
  '../..',
  [],
  [null],
  {},
  { a: null },
  'x'.repeat(3_000),
];

type Schema = {
  readonly type?: string | readonly string[];
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
};

/** Something of the right type. */
function fitting(schema: Schema, name: string, folder: string): unknown {
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return fitting(schema.anyOf[0]!, name, folder);
  if (schema.type === 'object')
    return Object.fromEntries(
      (schema.required ?? []).map((field) => [field, fitting(schema.properties?.[field] ?? {}, field, folder)]),
    );
  if (schema.type === 'array') return [];
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 1, 1);
  if (schema.type === 'boolean') return false;
  return ['scene', 'path', 'folder'].includes(name) ? join(folder, 'missing.glb') : 'something';
}

/** Inputs of an operation that are wrong in one place each, or altogether. */
function wrongInputs(name: keyof typeof operations, folder: string): unknown[] {
  const schema = z.toJSONSchema(operations[name].input, { unrepresentable: 'any', io: 'input' }) as Schema;
  const base = (fitting({ type: 'object', ...schema }, '', folder) ?? {}) as Record<string, unknown>;
  const changed = Object.keys(schema.properties ?? {}).flatMap((field) =>
    WRONG.map((value) => ({ ...base, [field]: value })),
  );
  const nested = Object.entries(schema.properties ?? {}).flatMap(([field, inner]) =>
    Object.keys(inner.properties ?? {}).flatMap((deep) =>
      WRONG.map((value) => ({ ...base, [field]: { [deep]: value } })),
    ),
  );
  return [undefined, ...WRONG, base, { ...base, nothingSuch: 1 }, ...changed, ...nested];
}

async function host(): Promise<ControlHost> {
  const control = await startControlHost();
  // Something to trip over.
  mkdirSync(join(control.folder, 'folder.glb'));
  for (const [name, content] of Object.entries({
    'empty.glb': '',
    'text.glb': 'no scene',
    'nothing.gltf': 'null',
    'list.gltf': '[]',
    'odd.gltf': '{"asset":{"version":"2.0"},"scenes":null,"nodes":[null,5]}',
    'a.blend': 'BLENDER',
  })) {
    writeFileSync(join(control.folder, name), content);
  }
  return control;
}

test('whatever an operation is asked with, it answers in sentences', async () => {
  const { host: asked, folder } = await host();
  const found: string[] = [];
  let refused = 0;
  for (const name of Object.keys(operations) as (keyof typeof operations)[]) {
    for (const input of wrongInputs(name, folder)) {
      const reply = await asked.call(name, input);
      if (reply.ok) continue;
      refused++;
      found.push(
        ...complaints(reply.error.message).map((text) => `${name} ${JSON.stringify(input)?.slice(0, 150)}: ${text}`),
      );
      // A wrong request is no fault of the program's.
      if (reply.error.kind === 'internal')
        found.push(`${name} ${JSON.stringify(input)?.slice(0, 150)}: internal: ${reply.error.message}`);
    }
  }
  for (const name of ['', 'nothing', '__proto__', 'constructor'])
    found.push(...complaints(textsOf(await asked.call(name, {})).join('\n')));
  expect(found).toEqual([]);
  expect(refused).toBeGreaterThan(400);
});

test('scenes that are none', async () => {
  const { host: asked, folder } = await host();
  const found: string[] = [];
  for (const path of [
    'folder.glb',
    'empty.glb',
    'text.glb',
    'nothing.gltf',
    'list.gltf',
    'odd.gltf',
    'a.blend',
    'missing.blend',
    'missing.gltf',
    'x.fbx',
    'text.glb/x.glb',
    '',
    '.',
    'a\u0000b.glb',
  ]) {
    for (const operation of ['scene.inspect', 'scene.open'] as const) {
      const reply = await asked.call(operation, { path: join(folder, path) });
      if (reply.ok) continue;
      found.push(...complaints(reply.error.message).map((text) => `${operation} ${path}: ${text}`));
    }
    const reply = await asked.call('job.submit', { scene: join(folder, path) });
    if (!reply.ok) found.push(...complaints(reply.error.message).map((text) => `job.submit ${path}: ${text}`));
  }
  expect(found).toEqual([]);
});

test('every route of the HTTP interface', async () => {
  const control = await host();
  const document = await readOpenApi(control);
  const found: string[] = [];
  let asked = 0;
  const look = async (method: string, path: string, body?: unknown): Promise<void> => {
    const answer = await control.ask(method, path, body === undefined ? {} : { body });
    asked++;
    if (answer.status < 400) return;
    found.push(
      ...textsOf(answer.json ?? answer.text)
        .flatMap((text) => complaints(text, [path, decodeURIComponent(path)]))
        .map((text) => `${method} ${path} ${JSON.stringify(body)?.slice(0, 100) ?? ''}: ${text}`),
    );
  };
  for (const route of document.routes) {
    const { method, path } = route;
    // They answer without end.
    if (/events|socket|log\b/.test(path) && method === 'GET') continue;
    for (const word of ['0', '999999', 'x', '-1', '%20', 'undefined', 'a%00b'])
      await look(method, path.replace(/\{\w+\}|:\w+/g, word).replaceAll('undefined', 'nothing'));
    if (method === 'GET' || method === 'DELETE') continue;
    for (const body of [
      '{',
      'null',
      '[]',
      '"x"',
      '{"frames":null}',
      '{"scene":5}',
      '{"path":{}}',
      '{"value":null}',
      '{"nothing":1}',
      '{"__proto__":{}}',
    ])
      await look(method, path.replace(/\{\w+\}|:\w+/g, '1'), body);
  }
  for (const query of [
    '?limit=x',
    '?limit=',
    '?limit=-1',
    '?offset=1e9&limit=0',
    '?states=nothing',
    '?order=',
    '?nothing=1',
  ])
    await look('GET', `/api/v1/jobs${query}`);
  expect(found).toEqual([]);
  expect(asked).toBeGreaterThan(100);
});

test('the WebSocket', async () => {
  const { url, tokens } = await host();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/socket`, ['framegauge', `token.${tokens.control}`]);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  const found: string[] = [];
  const replies = new Map<number, (texts: string[]) => void>();
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as { call?: number };
    if (message.call !== undefined) replies.get(message.call)?.(textsOf(message));
  });
  let call = 0;
  for (const operation of [
    'nothing',
    'job.get',
    'job.submit',
    'preferences.set',
    'addon.enable',
    'job.frames',
    'job.edit',
    'scene.open',
  ]) {
    for (const input of WRONG) {
      const id = ++call;
      const answer = new Promise<string[]>((resolve) => replies.set(id, resolve));
      socket.send(JSON.stringify({ call: id, operation, input }));
      found.push(
        ...complaints((await answer).join('\n')).map(
          (text) => `${operation} ${JSON.stringify(input).slice(0, 100)}: ${text}`,
        ),
      );
    }
  }
  expect(found).toEqual([]);
});
