import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isAlive } from '../../../src/main/processes/is-alive';

const ROOT = join(import.meta.dirname, '../../..');

it.skipIf(process.platform === 'win32')('ends a process when its host is killed', async () => {
  const script = join(import.meta.dirname, 'host-with-child.ts');
  const host = spawn(process.execPath, ['scripts/run-ts.mjs', script], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let child = 0;
  try {
    const [printed] = (await once(host.stdout.setEncoding('utf8'), 'data')) as [string];
    child = Number(printed);
    expect(isAlive(child)).toBe(true);
    // Both hold its output.
    const over = once(host, 'close');
    host.kill('SIGKILL');
    await over;
  } finally {
    host.kill('SIGKILL');
    if (child > 1 && isAlive(child)) process.kill(child, 'SIGKILL');
  }
});
