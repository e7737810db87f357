import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyPng } from '../../src/main/images/verify-image';
import { BIN, TURNTABLE, runCli, startCli } from '../helpers/cli';
import { freePort } from '../helpers/free-port';
import { temporaryFolder } from '../helpers/temporary-folder';

const oneLine = /^[^\n]+\n$/;
const small = ['--size', '64x36', '--samples', '1'];

/** The value of a series without labels; null where nobody answers. */
async function scrape(address: string, series: string): Promise<number | null> {
  const response = await fetch(`http://${address}/metrics`).catch(() => null);
  const line = (await response?.text())?.split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? null : Number(line.slice(series.length + 1));
}

describe('render', () => {
  it('leaves the images asked for and prints one JSON object', async () => {
    const folder = temporaryFolder();
    const output = join(folder, 'x', '####.png');
    const result = await runCli([
      'render',
      TURNTABLE,
      '--frames',
      '1-10',
      '--size',
      '320x180',
      '--samples',
      '1',
      '--output',
      output,
      '--json',
      '--data',
      join(folder, 'data'),
    ]);
    expect(result.code, result.stderr).toBe(0);
    const files = Array.from({ length: 10 }, (_value, index) =>
      join(folder, 'x', `${String(index + 1).padStart(4, '0')}.png`),
    );
    const outcome = JSON.parse(result.stdout) as Record<string, unknown>;
    expect(outcome).toMatchObject({ job: 1, state: 'completed', frames: { total: 10, done: 10, failed: 0 }, files });
    expect(outcome['seconds']).toBeGreaterThan(0);
    for (const file of files) await verifyPng(readFileSync(file), 320, 180);
    expect(readdirSync(join(folder, 'x'))).toHaveLength(10);

    const again = await runCli([
      'render',
      TURNTABLE,
      '--frames',
      '9-11',
      '--size',
      '320x180',
      '--samples',
      '1',
      '--output',
      output,
      '--json',
      '--data',
      join(folder, 'data'),
    ]);
    expect(JSON.parse(again.stdout)).toMatchObject({ frames: { total: 3, done: 1, skipped: 2 } });
    expect(again.code).toBe(0);
  });

  it('prints a line for each frame where there is no terminal', async () => {
    const folder = temporaryFolder();
    const { code, stdout } = await runCli([
      'render',
      TURNTABLE,
      '--frames',
      '3,1',
      '--order',
      'list',
      ...small,
      '--output',
      join(folder, 'x'),
      '--data',
      join(folder, 'data'),
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Frame 3: .*x0003\.png \([\d.]+ s\)\nFrame 1: .*x0001\.png \([\d.]+ s\)\n2 of 2 frames rendered in [\d.]+ s\.\n$/,
    );
  });

  it.each([
    ['a missing scene', (folder: string) => [join(folder, 'missing.glb')], 2, /missing\.glb/],
    [
      'a file that is no scene',
      (folder: string) => [join(folder, 'notes.txt')],
      2,
      /notes\.txt cannot be opened: a scene ends with/,
    ],
    ['a corrupt .glb', (folder: string) => [join(folder, 'corrupt.glb')], 1, /corrupt\.glb/],
    ['a reversed range', () => [TURNTABLE, '--frames', '10-1'], 2, /runs backwards: write 1-10/],
    ['a range of no numbers', () => [TURNTABLE, '--frames', 'all'], 2, /is not a frame range/],
    ['a size of no sense', () => [TURNTABLE, '--size', 'big'], 2, /--size cannot be “big”: write width and height/],
    [
      'too many samples',
      () => [TURNTABLE, '--samples', '1000000'],
      2,
      /takes at most 4096 samples for each pixel, not 1000000/,
    ],
    ['a camera that is not there', () => [TURNTABLE, '--camera', 'Nobody'], 2, /has no camera “Nobody”/],
    [
      'another file format',
      (folder: string) => [TURNTABLE, '--output', join(folder, 'x.mp4')],
      2,
      /glTF scenes are rendered to PNG/,
    ],
    [
      'an output that cannot be written',
      (folder: string) => [TURNTABLE, '--output', join(folder, 'notes.txt', '####.png')],
      1,
      /cannot be written to/,
    ],
  ])('ends with one clear line for %s, and nothing half written', async (_what, args, code, line) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'notes.txt'), 'notes');
    writeFileSync(
      join(folder, 'corrupt.glb'),
      Buffer.concat([readFileSync(TURNTABLE).subarray(0, 5_000), Buffer.alloc(100)]),
    );
    const before = readdirSync(folder);
    const result = await runCli(['render', ...args(folder), '--data', join(folder, 'data')], { HOME: folder });
    expect(result.stdout).toBe('');
    expect(result.stderr).toMatch(oneLine);
    expect(result.stderr).toMatch(line);
    expect(result.code).toBe(code);
    // Node 22 and later keep compiled code in the home folder.
    expect(readdirSync(folder).filter((name) => name !== 'data' && name !== '.cache')).toEqual(before);
  });

  it('explains an unknown option and ends with 2', async () => {
    const result = await runCli(['render', TURNTABLE, '--frame', '1']);
    expect(result.stderr).toMatch(/unknown option '--frame'/);
    expect(result.code).toBe(2);
  });

  it('is cancelled by Ctrl+C, keeps what is done and leaves no part of a frame', async () => {
    const folder = temporaryFolder();
    const cli = startCli([
      'render',
      TURNTABLE,
      ...small,
      '--output',
      join(folder, 'x', '####.png'),
      '--data',
      join(folder, 'data'),
    ]);
    await cli.printed(/Frame 2: /);
    cli.process.kill('SIGINT');
    const result = await cli.ended;
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/Job 1 was cancelled/);
    for (const name of readdirSync(join(folder, 'x'))) {
      expect(name).toMatch(/^\d{4}\.png$/);
      await verifyPng(readFileSync(join(folder, 'x', name)), 64, 36);
    }
  });
});

const FULL_DEVICE = '/dev/full';

describe.skipIf(!existsSync(FULL_DEVICE))('a render whose output goes to a full disk', () => {
  it('is carried out', async () => {
    const folder = temporaryFolder();
    const full = openSync(FULL_DEVICE, 'w');
    const child = spawn(
      process.execPath,
      [
        BIN,
        'render',
        TURNTABLE,
        '--frames',
        '1-3',
        ...small,
        '--output',
        join(folder, 'x', '####.png'),
        '--data',
        join(folder, 'data'),
      ],
      { stdio: ['ignore', full, full] },
    );
    closeSync(full);
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(readdirSync(join(folder, 'x'))).toEqual(['0001.png', '0002.png', '0003.png']);
  });
});

describe.skipIf(!existsSync(FULL_DEVICE))('a list that goes to a full disk', () => {
  it.each([[['jobs', '--json']], [['prefs', 'get']], [['--help']]])('is not called printed: %s', async (args) => {
    const full = openSync(FULL_DEVICE, 'w');
    const child = spawn(process.execPath, [BIN, ...args, '--data', temporaryFolder()], {
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    const [text, [code]] = await Promise.all([child.stderr!.toArray(), once(child, 'close')]);
    expect([code, Buffer.concat(text as Buffer[]).toString()]).toEqual([
      1,
      'What is printed here could not be written (no space is left on the device).\n',
    ]);
  });
});

it.runIf(process.platform === 'linux')(
  'a folder that was deleted is named as the reason, not by its system call',
  async () => {
    const gone = join(temporaryFolder(), 'gone');
    const command = `mkdir "$0" && cd "$0" && rmdir "$0" && exec "$@"`;
    const child = spawn('sh', ['-c', command, gone, process.execPath, BIN, 'inspect', 'x.glb'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [text, [code]] = await Promise.all([child.stderr.toArray(), once(child, 'close')]);
    expect([code, Buffer.concat(text as Buffer[]).toString()]).toEqual([
      1,
      'The current folder is there no more: go to another one.\n',
    ]);
  },
);

describe('a host that serves', () => {
  it('lets the metrics be switched on, moved and switched off while it renders', async () => {
    const folder = temporaryFolder();
    const data = join(folder, 'data');
    const fallback = `127.0.0.1:${await freePort()}`;
    const other = `127.0.0.1:${await freePort()}`;
    const env = { FRAMEGAUGE_PROMETHEUS_FALLBACK: fallback };
    const host = startCli(['serve', '--port', '0', '--data', data], env);
    await host.printed(/serves its UI at http:\/\/127\.0\.0\.1:\d+\/#token=\S+/);

    expect((await runCli(['prefs', 'set', 'addons.prometheus.address', fallback, '--data', data])).code).toBe(0);
    expect((await runCli(['addons', 'enable', 'prometheus', '--data', data])).stdout).toContain(
      `Serving metrics on ${fallback}`,
    );
    expect(await scrape(fallback, 'Blender_Render')).toBe(0);
    expect(await scrape(fallback, 'Frame_Counter_total')).toBe(0);

    const render = startCli([
      'render',
      TURNTABLE,
      '--frames',
      '1-12',
      ...small,
      '--output',
      join(folder, 'x', '####.png'),
      '--json',
      '--data',
      data,
    ]);
    await render.ended;
    expect(await scrape(fallback, 'Blender_Render')).toBe(0);
    expect(await scrape(fallback, 'Frame_Counter_total')).toBe(12);

    const long = startCli(['render', TURNTABLE, ...small, '--output', join(folder, 'y', '####.png'), '--data', data]);
    await long.printed(/Frame 1: /);
    expect(await scrape(fallback, 'Blender_Render')).toBe(1);

    expect((await runCli(['prefs', 'set', 'addons.prometheus.address', other, '--data', data])).code).toBe(0);
    expect(await scrape(other, 'Blender_Render')).not.toBeNull();
    expect(await scrape(fallback, 'Blender_Render')).toBeNull();
    for (const bad of ['nonsense', '127.0.0.1:99999', 'no.such.host.invalid:1']) {
      const set = await runCli(['prefs', 'set', 'addons.prometheus.address', bad, '--data', data]);
      expect(set.stdout).toContain(`addons.prometheus.address = ${bad}`);
      expect(set.stdout).toContain(fallback);
      expect(await scrape(fallback, 'Blender_Render')).not.toBeNull();
      expect(await scrape(other, 'Blender_Render')).toBeNull();
    }

    expect((await long.ended).code).toBe(0);
    expect(await scrape(fallback, 'Frame_Counter_total')).toBe(60);
    expect((await runCli(['addons', 'disable', 'prometheus', '--data', data])).stdout).toContain('off');
    expect(await scrape(fallback, 'Blender_Render')).toBeNull();
  });

  it('goes on after kill -9 and ends with every frame there once', async () => {
    const folder = temporaryFolder();
    const data = join(folder, 'data');
    const out = join(folder, 'x');
    const first = startCli(['serve', '--port', '0', '--data', data]);
    await first.printed(/serves its UI/);
    const render = startCli(['render', TURNTABLE, ...small, '--output', join(out, '####.png'), '--data', data]);
    await render.printed(/Frame 5: /);
    first.process.kill('SIGKILL');
    const lost = await render.ended;
    expect(lost).toMatchObject({ code: 1, stderr: expect.stringMatching(/^The host .*ended.*\n$/) as unknown });
    const done = readdirSync(out).filter((name) => name.endsWith('.png'));
    expect(done.length).toBeLessThan(48);
    const stamps = done.map((name) => [name, readFileSync(join(out, name)).toString('base64')] as const);

    const second = startCli(['serve', '--port', '0', '--data', data]);
    await second.printed(/serves its UI/);
    // Whoever asks for the same frames now finds them there, or waits for the job that renders them.
    const follow = await runCli([
      'render',
      TURNTABLE,
      ...small,
      '--output',
      join(out, '####.png'),
      '--json',
      '--data',
      data,
    ]);
    expect(JSON.parse(follow.stdout)).toMatchObject({
      state: 'completed',
      frames: { total: 48, done: 0, skipped: 48 },
    });
    expect(readdirSync(out)).toEqual(
      Array.from({ length: 48 }, (_value, index) => `${String(index + 1).padStart(4, '0')}.png`),
    );
    for (const [name, bytes] of stamps) expect(readFileSync(join(out, name)).toString('base64')).toBe(bytes);
  });

  it('is found by a second one, which says where it is and ends', async () => {
    const data = temporaryFolder();
    const first = startCli(['serve', '--port', '0', '--data', data]);
    const [address] = await first.printed(/http:\/\/\S+/);
    const second = await runCli(['serve', '--port', '0', '--data', data]);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(address);
    first.process.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);
    expect(existsSync(join(data, 'host.json'))).toBe(false);
  });
});

describe.skipIf(process.platform === 'win32')('a host that is asked to end twice at once, as it is under npm', () => {
  it('takes that for one request, and ends in order', async () => {
    const data = temporaryFolder();
    const host = startCli(['serve', '--port', '0', '--data', data]);
    await host.printed(/Press Ctrl\+C/);
    // Two kinds: of one, the system may deliver a single signal.
    host.process.kill('SIGINT');
    host.process.kill('SIGTERM');
    expect((await host.ended).code).toBe(0);
    expect(existsSync(join(data, 'host.json'))).toBe(false);
  });
});

describe('preferences without a host', () => {
  it('are stored, checked and shown', async () => {
    const data = temporaryFolder();
    const prefs = (...args: string[]): ReturnType<typeof runCli> => runCli(['prefs', ...args, '--data', data]);
    expect((await prefs('get', 'addons.prometheus.address')).stdout).toBe('0.0.0.0:8000\n');
    expect(await prefs('set', 'addons.prometheus.address', '127.0.0.1:9123')).toMatchObject({
      code: 0,
      stdout: 'addons.prometheus.address = 127.0.0.1:9123\n',
    });
    expect((await prefs('get', 'addons.prometheus.address')).stdout).toBe('127.0.0.1:9123\n');
    expect((await prefs('set', 'render.workers', '2')).code).toBe(0);
    expect(JSON.parse((await prefs('get', '--json')).stdout)).toMatchObject({
      'render.workers': 2,
      'addons.prometheus.address': '127.0.0.1:9123',
    });
    for (const [key, value] of [
      ['render.workers', 'many'],
      ['render.nothing', '1'],
      ['addons.nobody.x', '1'],
      ['addons.prometheus.nothing', '1'],
    ] as const) {
      const refused = await prefs('set', key, value);
      expect(refused.stderr).toMatch(oneLine);
      expect(refused.code).toBe(2);
    }
    expect(await runCli(['addons', 'enable', 'prometheus', '--data', data])).toMatchObject({ code: 0 });
    expect((await runCli(['addons', 'list', '--data', data])).stdout).toMatch(/^\[x\] prometheus/m);
  });

  it('that cannot be read are set aside, not overwritten', async () => {
    const data = temporaryFolder();
    writeFileSync(join(data, 'preferences.json'), '{ "version": 1, "host": ');
    expect((await runCli(['prefs', 'get', 'render.workers', '--data', data])).stdout).toBe('0\n');
    const aside = readdirSync(data).find((name) => name.includes('set-aside'));
    expect(readFileSync(join(data, aside!), 'utf8')).toBe('{ "version": 1, "host": ');
  });
});
