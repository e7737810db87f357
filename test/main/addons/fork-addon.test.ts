import { readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { forkAddon } from '../../../src/main/addons/fork-addon';
import { temporaryFolder } from '../../helpers/temporary-folder';

/** Opens the channel in a script. */
const CHANNEL = `const channel = new (require('node:net').Socket)({ fd: 3 });\n`;

/** A process that runs a script in a folder of its own, ended with the test, and what it sends. */
function forked(script: string, execArgv: readonly string[] = [], env: NodeJS.ProcessEnv = { PATH: process.env.PATH }) {
  const folder = realpathSync(temporaryFolder());
  const bootstrap = join(folder, 'bootstrap.cjs');
  writeFileSync(bootstrap, script);
  const { child, pipe, gone } = forkAddon(bootstrap, folder, {
    program: process.execPath,
    arguments: execArgv,
    env,
  });
  const chunks: Buffer[] = [];
  pipe.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdout!.resume();
  child.stderr!.resume();
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  return { child, pipe, gone, folder, sent: () => Buffer.concat(chunks).toString() };
}

describe('how a process ended', () => {
  it('is clean with exit code 0', async () => {
    expect(await forked('process.exit(0)').gone).toEqual({
      text: 'its process ended by itself with exit code 0',
      clean: true,
      outOfMemory: false,
    });
  });

  it('is told with another exit code', async () => {
    expect(await forked('process.exit(7)').gone).toEqual({
      text: 'its process ended by itself with exit code 7',
      clean: false,
      outOfMemory: false,
    });
  });

  it('is told with the signal', async () => {
    const { child, gone } = forked('setInterval(() => {}, 1_000)');
    child.kill('SIGKILL');
    expect(await gone).toEqual({ text: 'its process was ended by SIGKILL', clean: false, outOfMemory: false });
  });

  it('is for lack of memory where Node ended it for that', async () => {
    const { gone } = forked('const all = []; for (;;) all.push(new Array(1e5).fill(all.length));', [
      '--max-old-space-size=32',
    ]);
    expect(await gone).toMatchObject({
      text: expect.stringContaining('more memory than it may have'),
      outOfMemory: true,
    });
  });

  it('is that it could not be started, where that is so', async () => {
    const folder = temporaryFolder();
    const { gone } = forkAddon(join(folder, 'bootstrap.cjs'), join(folder, 'nowhere'), {
      program: process.execPath,
      arguments: [],
      env: {},
    });
    expect(await gone).toEqual({
      text: expect.stringMatching(/^its process could not be started: .*ENOENT/),
      clean: false,
      outOfMemory: false,
    });
  });

  it('is known once its last messages are read', async () => {
    const { gone, sent } = forked(
      `${CHANNEL}for (let n = 0; n < 500; n++) channel.write('one'); channel.write('last', () => process.exit(0));`,
    );
    await gone;
    expect(sent()).toBe(`${'one'.repeat(500)}last`);
  });

  it('is known also where a process that it started holds its channel open', async () => {
    const { gone, sent } = forked(`${CHANNEL}
      const { spawn } = require('node:child_process');
      const heir = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20_000)'], { stdio: ['ignore', 'ignore', 'ignore', 3], detached: true });
      channel.write(String(heir.pid), () => process.exit(4));
    `);
    onTestFinished(() => void process.kill(Number(sent()), 'SIGKILL'));
    expect(await gone).toMatchObject({ text: 'its process ended by itself with exit code 4' });
  });
});

describe('what a process gets', () => {
  it('is its folder, its flags, and a channel for bytes both ways', async () => {
    const { pipe, gone, sent, folder } = forked(
      `${CHANNEL}channel.once('data', (given) =>
        channel.write(JSON.stringify({ given: String(given), cwd: process.cwd(), flags: process.execArgv }), () => process.exit(0)));`,
      ['--no-warnings', '--stack-size=500'],
    );
    pipe.write('word');
    await gone;
    expect(JSON.parse(sent())).toEqual({ given: 'word', cwd: folder, flags: ['--no-warnings', '--stack-size=500'] });
  });

  it('is the environment it is given and nothing of the host’s own', async () => {
    const { gone, sent } = forked(`${CHANNEL}channel.write(JSON.stringify(process.env), () => process.exit(0));`, [], {
      ONE: 'word',
    });
    await gone;
    expect(JSON.parse(sent())).toEqual({ ONE: 'word' });
  });

  it('is no way to pass on open files, nor Node’s own channel', async () => {
    const open = (): number => readdirSync('/proc/self/fd').length;
    const { sent } = forked(`
      const { Pipe, constants } = process.binding('pipe_wrap');
      const { WriteWrap } = process.binding('stream_wrap');
      const own = new Pipe(constants.IPC);
      own.open(3);
      const server = require('node:net').createServer().listen(0, '127.0.0.1', () => {
        const write = (text, handle) => {
          const error = own.writeUtf8String(new WriteWrap(), text, handle);
          if (error !== 0) process.exit(9);
        };
        for (let count = 0; count < 50; count++) write('file', server._handle);
        write(String(process.send));
      });
    `);
    const before = open();
    await expect.poll(sent).toBe(`${'file'.repeat(50)}undefined`);
    expect(open()).toBeLessThanOrEqual(before);
  });
});
