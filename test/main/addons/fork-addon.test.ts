import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { forkAddon } from '../../../src/main/addons/fork-addon';
import { temporaryFolder } from '../../helpers/temporary-folder';

/** A process that runs a script in a folder of its own, ended with the test, and what it sends. */
function forked(script: string, execArgv: readonly string[] = [], env: NodeJS.ProcessEnv = { PATH: process.env.PATH }) {
  const folder = realpathSync(temporaryFolder());
  const bootstrap = join(folder, 'bootstrap.cjs');
  writeFileSync(bootstrap, script);
  const { child, gone } = forkAddon(bootstrap, folder, { program: process.execPath, arguments: execArgv, env });
  const messages: unknown[] = [];
  child.on('message', (message) => messages.push(message));
  child.stdout!.resume();
  child.stderr!.resume();
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  return { child, gone, messages, folder };
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
    const { gone, messages } = forked(
      `for (let n = 0; n < 500; n++) process.send(n); process.send('last', () => process.exit(0));`,
    );
    await gone;
    expect([messages.length, messages.at(-1)]).toEqual([501, 'last']);
  });

  it('is known also where a process that it started holds its channel open', async () => {
    const { gone, messages } = forked(`
      const { spawn } = require('node:child_process');
      const heir = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20_000)'], { stdio: ['ignore', 'ignore', 'ignore', 3], detached: true });
      process.send(heir.pid, () => process.exit(4));
    `);
    onTestFinished(() => void process.kill(messages[0] as number, 'SIGKILL'));
    expect(await gone).toMatchObject({ text: 'its process ended by itself with exit code 4' });
  });
});

describe('what a process gets', () => {
  it('is its folder, its flags, and a channel for all that can be cloned', async () => {
    const { child, gone, messages, folder } = forked(
      `process.on('message', (given) => process.send({ given, cwd: process.cwd(), flags: process.execArgv }, () => process.exit(0)));`,
      ['--no-warnings', '--stack-size=500'],
    );
    child.send({ map: new Map([['one', 1n]]), bytes: new Uint8Array([1, 2]) });
    await gone;
    expect(messages).toEqual([
      {
        given: { map: new Map([['one', 1n]]), bytes: new Uint8Array([1, 2]) },
        cwd: folder,
        flags: ['--no-warnings', '--stack-size=500'],
      },
    ]);
  });

  it('is the environment it is given and nothing of the host’s own', async () => {
    const { gone, messages } = forked('process.send(process.env, () => process.exit(0));', [], { ONE: 'word' });
    await gone;
    const { NODE_CHANNEL_FD: _fd, NODE_CHANNEL_SERIALIZATION_MODE: _mode, ...env } = messages[0] as NodeJS.ProcessEnv;
    expect(env).toEqual({ ONE: 'word' });
  });
});
