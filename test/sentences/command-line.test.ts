import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Command } from 'commander';
import { PassThrough } from 'node:stream';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { createProgram } from '../../src/main/cli/program';
import { messageOf } from '../../src/shared/user-error';
import { TURNTABLE, runCli } from '../helpers/cli';
import { startControlHost } from '../helpers/control-host';
import { temporaryFolder } from '../helpers/temporary-folder';
import { complaints } from './plain';

const exitCode = process.exitCode;
afterEach(() => {
  process.exitCode = exitCode;
});

/** Runs a command in this process, as src/main/cli.ts does, and gives everything that it wrote. */
async function run(args: readonly string[]): Promise<string> {
  let text = '';
  const stream = (): NodeJS.WriteStream => {
    const through = new PassThrough();
    through.setEncoding('utf8').on('data', (part: string) => (text += part));
    return Object.assign(through, { isTTY: false, columns: 80 }) as unknown as NodeJS.WriteStream;
  };
  const input = Object.assign(new PassThrough(), { isTTY: false }) as unknown as NodeJS.ReadStream;
  const stop = new AbortController();
  const program = createProgram({ in: input, out: stream(), err: stream(), signal: stop.signal });
  const write = (part: string): void => void (text += part);
  for (const command of commandsOf(program)) command.configureOutput({ writeOut: write, writeErr: write });
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    text += `${messageOf(error)}\n`;
  }
  return text;
}

function commandsOf(command: Command): Command[] {
  return [command, ...command.commands.flatMap((inner) => commandsOf(inner as Command))];
}

/** Options of a command that want a value, as the program itself has them. */
function optionsOf(name: string): string[] {
  const quiet = { in: process.stdin, out: process.stdout, err: process.stderr, signal: new AbortController().signal };
  const command = createProgram(quiet).commands.find((one) => one.name() === name)!;
  return command.options
    .filter((option) => option.required && !['--host', '--token'].includes(option.long ?? ''))
    .map((option) => option.long!);
}

const WORDS = ['', 'nonsense', '-1', '0', '1.5', '1e9', '1-', '5-1', '99999999999999999999', '../x', 'ä🎬', '[]', '{}'];

test('hundreds of wrong words in every place of a command, on a host that runs', async () => {
  const { folder } = await startControlHost();
  const data = ['--data', join(folder, 'data')];
  writeFileSync(join(folder, 'text.glb'), 'no scene');
  mkdirSync(join(folder, 'folder.glb'));
  const commands: string[][] = [
    ...optionsOf('submit').flatMap((option) =>
      WORDS.map((word) => [
        'submit',
        TURNTABLE,
        `${option}=${word}`,
        ...(option === '--output' ? [] : ['--output', join(folder, 'images', '####.png')]),
      ]),
    ),
    ...optionsOf('edit').flatMap((option) => WORDS.map((word) => ['edit', '1', `${option}=${word}`])),
    ...['job', 'cancel', 'pause', 'resume', 'requeue', 'duplicate', 'delete', 'move', 'edit', 'logs'].flatMap(
      (command) => WORDS.map((word) => [command, word]),
    ),
    ...[
      'render.workers',
      'queue.onStart',
      'blender.path',
      'addons.prometheus.address',
      'addons.prometheus.fallback',
      'addons.prometheus.textfileSeconds',
      'addons.nothing.x',
      'nothing',
    ].flatMap((key) => WORDS.map((word) => ['prefs', 'set', key, word])),
    ...WORDS.flatMap((word) => [
      ['prefs', 'get', word],
      ['addons', 'enable', word],
      ['addons', 'disable', word],
      ['completion', word],
      ['jobs', word],
      ['queue', word],
      ['frobnicate', word],
    ]),
    ...['text.glb', 'folder.glb', 'missing.glb', 'missing.blend', 'x.fbx', ''].map((name) => [
      'submit',
      join(folder, name),
    ]),
    ['submit'],
    ['prefs'],
    ['addons'],
    ['--nothing'],
    [],
  ];
  const found: string[] = [];
  for (const command of commands)
    found.push(
      ...complaints(await run([...command, ...data]), [folder]).map((text) => `${command.join(' ')}: ${text}`),
    );
  expect(found).toEqual([]);
  expect(commands.length).toBeGreaterThan(400);
});

test('hosts elsewhere that are none, and ports that refuse', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address() as AddressInfo;
  closed.close();
  const odd = createServer((socket) => socket.end('nonsense\n')).listen(0, '127.0.0.1');
  await once(odd, 'listening');
  onTestFinished(() => void odd.close());
  const found: string[] = [];
  for (const host of [
    `http://127.0.0.1:${port}`,
    `https://127.0.0.1:${port}`,
    `http://127.0.0.1:${(odd.address() as AddressInfo).port}`,
    `https://127.0.0.1:${(odd.address() as AddressInfo).port}`,
    'http://',
    '::',
    'ftp://x',
    'http://nowhere.invalid',
    'x y',
    '',
    'http://127.0.0.1:99999',
  ]) {
    for (const more of [[], ['--token', 'x'], ['--token', ''], ['--token', 'ä']])
      found.push(...complaints(await run(['jobs', '--host', host, ...more])).map((text) => `${host}: ${text}`));
  }
  expect(found).toEqual([]);
});

test.each<[string, (data: string) => void]>([
  ['preferences that are no JSON', (data) => writeFileSync(join(data, 'preferences.json'), '[object Object]')],
  ['preferences that are undefined', (data) => writeFileSync(join(data, 'preferences.json'), 'undefined')],
  ['preferences that are null', (data) => writeFileSync(join(data, 'preferences.json'), 'null')],
  [
    'preferences of other types',
    (data) => writeFileSync(join(data, 'preferences.json'), '{"version":null,"host":5,"addons":[null]}'),
  ],
  ['a queue that is none', (data) => writeFileSync(join(data, 'framegauge.sqlite'), 'not a database '.repeat(100))],
  ['a queue that is a folder', (data) => mkdirSync(join(data, 'framegauge.sqlite'))],
  ['events that are none', (data) => writeFileSync(join(data, 'events.sqlite'), Buffer.alloc(8_192, 7))],
  ['a token that is empty', (data) => writeFileSync(join(data, 'control-token'), '')],
  ['a running host that is none', (data) => writeFileSync(join(data, 'host.json'), '{"pid":null}')],
  ['logs that are a file', (data) => writeFileSync(join(data, 'logs'), '')],
  ['add-ons that are a file', (data) => writeFileSync(join(data, 'addons'), '')],
  ['a folder that may not be written', (data) => chmodSync(data, 0o500)],
])('a data folder with %s', async (_what, damage) => {
  const data = join(temporaryFolder(), 'data');
  mkdirSync(data);
  damage(data);
  for (const command of [['jobs'], ['prefs', 'get'], ['addons', 'list'], ['submit', TURNTABLE]]) {
    const { stdout, stderr } = await runCli([...command, '--data', data]);
    expect(complaints(`${stdout}${stderr}`, [data])).toEqual([]);
  }
  chmodSync(data, 0o700);
});

test.each([
  ['a file', (path: string) => writeFileSync(path, '')],
  ['nowhere', () => undefined],
] as const)('a data folder that is %s', async (_what, make) => {
  const path = join(temporaryFolder(), 'x');
  make(path);
  const { stdout, stderr } = await runCli(['jobs', '--data', join(path, 'data')]);
  expect(complaints(`${stdout}${stderr}`, [path])).toEqual([]);
});
