import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port';
import { pathOf } from './needs';
import { temporaryFolder } from './temporary-folder';

/** A redis-server of a test, which is ended with it. */
export interface TestRedis {
  readonly port: number;
  readonly process: ChildProcess;
}

/** @param settings on its command line */
export async function startRedis(settings: readonly string[] = []): Promise<TestRedis> {
  const port = await freePort();
  const where = ['--dir', temporaryFolder(), '--bind', '127.0.0.1', '--port', String(port), '--save', ''];
  const server = spawn(pathOf('redis'), [...where, ...settings], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  });
  for await (const text of server.stdout.setEncoding('utf8'))
    if (String(text).includes('Ready to accept connections')) break;
  return { port, process: server };
}
