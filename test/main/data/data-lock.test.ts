import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lockDataFolder } from '../../../src/main/data/data-lock';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('keeps others out until it is let go', () => {
  const folder = temporaryFolder();
  const unlock = lockDataFolder(folder);
  expect(unlock).not.toBeNull();
  expect(lockDataFolder(folder)).toBeNull();
  unlock!();
  const again = lockDataFolder(folder);
  expect(again).not.toBeNull();
  again!();
});

it('is let go when the process that holds it is killed', async () => {
  const folder = temporaryFolder();
  const code = `import Database from 'libsql'; const d = new Database(process.argv[1] + '/host.lock'); d.exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => d.open, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, folder], {
    cwd: resolve(import.meta.dirname, '../../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  expect(lockDataFolder(folder)).toBeNull();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const unlock = lockDataFolder(folder);
  expect(unlock).not.toBeNull();
  unlock!();
});
