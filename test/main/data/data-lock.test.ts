import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { announcedHost } from '../../../src/main/data/announced-host';
import { lockDataFolder } from '../../../src/main/data/data-lock';
import { announceHost } from '../../../src/main/data/running-host';
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

it('removes what a killed host had half written, and nothing of anybody else’s', () => {
  const folder = temporaryFolder();
  const others = ['notes.123.tmp', 'events.2024.tmp', 'preferences.json', 'preferences.json.tmp'];
  for (const name of [...others, 'preferences.json.123.tmp', 'control-token.7.tmp', 'last-scene.json.9.tmp'])
    writeFileSync(join(folder, name), '');
  mkdirSync(join(folder, 'host.json.1.tmp'));
  mkdirSync(join(folder, 'farm'));
  for (const name of ['key.pem', 'key.pem.12.tmp']) writeFileSync(join(folder, 'farm', name), '');
  lockDataFolder(folder)!();
  expect(readdirSync(folder).sort()).toEqual(['farm', 'host.json.1.tmp', 'host.lock', ...others].sort());
  expect(readdirSync(join(folder, 'farm'))).toEqual(['key.pem']);
});

it('is let go when the process that holds it is killed', async () => {
  const folder = temporaryFolder();
  const code = `import Database from 'libsql'; process.umask(0o077); const d = new Database(process.argv[1] + '/host.lock'); d.exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => d.open, 1e6);`;
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

/** Only root can be another user. */
describe.skipIf(process.getuid?.() !== 0)('another user of the machine', () => {
  const NOBODY = 65_534;
  const LIBSQL = resolve(import.meta.dirname, '../../../node_modules/libsql');

  /** Holds the lock of a data folder as somebody else, as far as the rights allow. */
  async function holdAsNobody(folder: string): Promise<string> {
    const code = `
      process.setgid(${NOBODY}); process.setuid(${NOBODY});
      try { const d = new (require(process.argv[2]))(process.argv[1] + '/host.lock', { readonly: true }); d.exec('BEGIN'); d.prepare('SELECT count(*) FROM sqlite_master').get(); console.log('held'); setInterval(() => d.open, 1e6); }
      catch (error) { console.log('refused: ' + error.message); }`;
    // It loads its library while it is still root, for the checkout may be root's alone.
    const child = spawn(process.execPath, ['-e', `require(process.argv[2]); ${code}`, folder, LIBSQL], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [data] = (await once(child.stdout, 'data')) as [Buffer];
    return String(data).trim();
  }

  it('cannot hold the lock', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    lockDataFolder(folder)!();
    expect(await holdAsNobody(folder)).toMatch(/^refused: /);
    const unlock = lockDataFolder(folder);
    expect(unlock).not.toBeNull();
    unlock!();
  });

  it('who holds the lock of a folder that an earlier version left open loses it', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    const old = new Database(join(folder, 'host.lock'));
    old.exec('CREATE TABLE one (two)');
    old.close();
    chmodSync(join(folder, 'host.lock'), 0o644);
    expect(await holdAsNobody(folder)).toBe('held');
    const unlock = lockDataFolder(folder);
    expect(unlock).not.toBeNull();
    unlock!();
  });

  it('cannot pass for a host', async () => {
    const folder = temporaryFolder();
    await announceHost(folder, { pid: process.pid, url: 'http://127.0.0.1:1', token: 'x' });
    expect(announcedHost(folder)).not.toBeNull();
    chownSync(join(folder, 'host.json'), NOBODY, NOBODY);
    expect(announcedHost(folder)).toBeNull();
  });
});
