import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { isAlive } from '../../../src/main/processes/is-alive';

it('tells a process that runs from one that has ended', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  expect([isAlive(process.pid), isAlive(child.pid!)]).toEqual([true, true]);
  const exited = once(child, 'exit');
  child.stdin.end();
  await exited;
  expect(isAlive(child.pid!)).toBe(false);
});

it.skipIf(process.platform !== 'linux')('takes one that has ended unnoticed for one that has ended', async () => {
  // The shell becomes a program that asks nobody for the end of the child that the shell had started.
  const parent = spawn('sh', ['-c', '(read line <&3) & echo $!; exec sleep 600'], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [line] = (await once(createInterface(parent.stdout!), 'line')) as [string];
  const child = Number(line);
  await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8'), { timeout: 30_000 }).toBe('sleep\n');
  expect(isAlive(child)).toBe(true);
  (parent.stdio[3] as Writable).end();
  await expect.poll(() => isAlive(child), { timeout: 30_000 }).toBe(false);
  // It is there all the same.
  expect(() => process.kill(child, 0)).not.toThrow();
});
