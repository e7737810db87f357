import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

it.skipIf(process.platform === 'win32')('a signal opens no inspector in the host', async () => {
  const host = spawn(process.execPath, ['scripts/run-ts.mjs', join(import.meta.dirname, 'debugged-host.ts')], {
    cwd: ROOT,
    stdio: 'pipe',
  });
  onTestFinished(() => void host.kill('SIGKILL'));
  let errors = '';
  host.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const said = host.stdout.setEncoding('utf8');
  expect(await once(said, 'data')).toEqual(['ready\n']);
  host.kill('SIGUSR1');
  host.stdin.write('tell');
  expect(await once(said, 'data')).toEqual(['closed 1\n']);
  await once(host, 'close');
  expect(errors).not.toContain('Debugger listening');
});
