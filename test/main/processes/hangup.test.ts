import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { outlivesTerminal } from '../../../src/main/processes/hangup';
import { BIN } from '../../helpers/cli';
import { followText } from '../../helpers/printed-text';
import { temporaryFolder } from '../../helpers/temporary-folder';

describe('a process outlives its terminal', () => {
  const [terminal, file] = [{ isTTY: true }, {}];
  it.each([
    ['not where it writes to one', [terminal, terminal, terminal], 'SigIgn:\t0000000001001000\n', false],
    ['not where it reads from one', [terminal, file, file], null, false],
    ['where it has none', [file, file, file], 'SigIgn:\t0000000001001000\n', true],
    ['where its parent does', [terminal, terminal, terminal], 'Name:\tsh\nSigIgn:\t0000000000000007\n', true],
  ])('%s', (_how, streams, status, expected) => {
    expect(outlivesTerminal(streams, status)).toBe(expected);
  });
});

it.skipIf(process.platform === 'win32')('a host under nohup goes on when its terminal is closed', async () => {
  const child = spawn('nohup', [process.execPath, BIN, 'serve', '--port', '0', '--data', temporaryFolder()], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close') as Promise<[number | null]>;
  const { printed } = followText(
    [child.stdout],
    ended.then(([code]) => `ended with ${code}`),
  );
  const [, url] = await printed(/(http:\/\/\S+)\/#token=/);
  await printed(/Press Ctrl\+C/);
  child.kill('SIGHUP');
  child.kill('SIGHUP');
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  child.kill('SIGTERM');
  expect((await ended)[0]).toBe(0);
});
