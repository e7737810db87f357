import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Addon } from '../../src/shared/addons';
import { createFixture, type Fixture, writeAddon } from '../main/addons/fixture';
import { discoverAddons } from '../../src/main/addons/discover';
import { temporaryFolder } from '../helpers/temporary-folder';
import { complaints } from './plain';

let fixture: Fixture;
afterEach(() => fixture?.close());

/** Things that are thrown, as JavaScript. */
const THROWN = [
  "'a text'",
  "''",
  'null',
  'undefined',
  '5',
  '{}',
  '[]',
  '() => {}',
  'Symbol("x")',
  'Object.create(null)',
  'new Error()',
  'new Error(undefined)',
  'new Error({})',
  'new Error("several\\nlines\\n    at run (file.js:1:2)")',
  'Object.assign(new Error(), { message: { a: 1 } })',
  '({ get message() { throw 1; } })',
  '({ toString() { throw 1; } })',
  'new Proxy({}, { get() { throw 1; } })',
  'new (class extends Error { get message() { return null; } })()',
];

/** What a person reads of an add-on in the list and the panel; the log is for whoever wrote it. */
const readOf = ({ reason, status, warnings }: Addon): string =>
  [reason, status?.text, ...(status?.details ?? []).flatMap(({ label, value }) => [label, value]), ...warnings]
    .filter((text) => typeof text === 'string')
    .join('\n');

const MISTAKES = [
  'nothing.such.thing',
  'undefined()',
  'null.x',
  'ctx.nothing()',
  'ctx.metrics.gauge()',
  'ctx.handlers.on("nothing", 5)',
  'ctx.preferences.get()',
  'ctx.status(5)',
  'ctx.status({})',
  'const x = 1; x = 2',
  'JSON.parse("{")',
  'JSON.parse(undefined)',
  'require("x")',
  '(function f() { f(); })()',
  'new Array(-1)',
  'for (const x of 5);',
  'ctx.onDispose(5)',
  'ctx.handlers.on(undefined, () => {})',
];

test('whatever register throws, the reason is a sentence', async () => {
  const code = [...THROWN.map((thrown) => `throw ${thrown}`), ...MISTAKES];
  fixture = await createFixture(
    Object.fromEntries(
      code.map((line, index) => [`bad-${index}`, { main: `export function register(ctx) { ${line} }` }]),
    ),
  );
  const found: string[] = [];
  for (const [index, line] of code.entries()) {
    const addon = await fixture.manager.enable(`bad-${index}`);
    found.push(...complaints(readOf(addon)).map((text) => `${line}: ${text}`));
    if (addon.state === 'failed' && (addon.reason ?? '').trim() === '') found.push(`${line}: no reason`);
  }
  expect(found).toEqual([]);
});

test.each([
  ['in no call of anybody', (line: string) => `export function register() { setTimeout(() => { ${line} }, 10); }`],
  [
    'by a promise',
    (line: string) =>
      `export function register() { setTimeout(() => void Promise.resolve().then(() => { ${line} }), 10); }`,
  ],
])('what is thrown %s ends the add-on with a sentence', async (_where, main) => {
  const code = THROWN.map((thrown) => `throw ${thrown}`);
  fixture = await createFixture(Object.fromEntries(code.map((line, index) => [`bad-${index}`, { main: main(line) }])), {
    restarts: { pauses: [] },
  });
  const found: string[] = [];
  for (const [index, line] of code.entries()) {
    await fixture.manager.enable(`bad-${index}`);
    const addon = await fixture.until(`bad-${index}`, ({ state }) => state === 'failed');
    found.push(...complaints(readOf(addon)).map((text) => `${line}: ${text}`));
  }
  expect(found).toEqual([]);
});

test('statuses and metrics of odd things', async () => {
  const values = [
    'undefined',
    'null',
    '{}',
    '[]',
    '5',
    '() => {}',
    'Symbol("x")',
    'Object.create(null)',
    '({ toString: 1 })',
    'NaN',
  ];
  const addons = Object.fromEntries(
    values.map((value, index) => [
      `odd-${index}`,
      {
        main: `export function register(ctx) {
          const tries = [() => ctx.status({ level: 'ok', text: ${value} }), () => ctx.status({ level: ${value}, text: 'x' }), () => ctx.status({ level: 'ok', text: 'x', details: [{ label: ${value}, value: ${value} }] }), () => ctx.metrics.source(() => [{ name: 'x', help: 'h', type: 'gauge', values: [{ value: 1, labels: { a: ${value} } }] }, ${value}])];
          for (const one of tries) try { one(); } catch (error) { ctx.log.error('refused'); }
        }`,
      },
    ]),
  );
  fixture = await createFixture({
    ...addons,
    reads: {
      main: `export function register(ctx) { ctx.handlers.on('queue_idle', async () => { await ctx.metrics.collect(); console.log('collected'); }); }`,
    },
  });
  for (const id of [...Object.keys(addons), 'reads']) await fixture.manager.enable(id);
  fixture.emit('queue_idle');
  await fixture.logged('reads', 'collected');
  expect(
    fixture.manager.list().flatMap((addon) => complaints(readOf(addon)).map((text) => `${addon.manifest.id}: ${text}`)),
  ).toEqual([]);
});

test('every field of addon.json with every wrong value', async () => {
  const folder = join(temporaryFolder(), 'addons');
  const fields = [
    'schemaVersion',
    'id',
    'version',
    'name',
    'tagline',
    'author',
    'license',
    'category',
    'api',
    'main',
    'permissions',
    'preferences',
    'hostVersionMin',
    'nothing',
  ];
  const wrong: unknown[] = [
    null,
    5,
    '',
    [],
    {},
    true,
    [null],
    [{}],
    [{ key: 'x' }],
    [{ key: 'x', type: 'enum', label: 'x', default: 'y', values: [] }],
  ];
  let count = 0;
  for (const field of fields)
    for (const value of wrong)
      await writeAddon(join(folder, `a${count++}`), `a${count}`, { main: '', manifest: { [field]: value } as object });
  for (const text of ['', 'null', 'undefined', '[object Object]', '[]', '5', '{', '{"a":}', '\u0000']) {
    await mkdir(join(folder, `t${count}`), { recursive: true });
    await writeFile(join(folder, `t${count++}`, 'addon.json'), text);
  }
  const found = await discoverAddons({ bundledFolder: join(folder, 'none'), userFolder: folder, hostVersion: '0.1.0' });
  expect(found).toHaveLength(count);
  expect(found.flatMap(({ broken }) => (broken === null ? [] : complaints(broken)))).toEqual([]);
});
