import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { makeLockedFolder, removeAbandoned } from '../../../src/main/data/locked-folders';
import { temporaryFolder } from '../../helpers/temporary-folder';

const PREFIX = 'work-';

/** A lock that was made an hour ago. */
function age(folder: string): void {
  const then = new Date(Date.now() - 3_600_000);
  utimesSync(join(folder, 'in-use.lock'), then, then);
}

/** A folder whose process is gone. */
function abandoned(parent: string, name: string): string {
  const folder = join(parent, name);
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, 'in-use.lock'), '');
  age(folder);
  return folder;
}

it('is removed by whoever made it, and leaves nothing', async () => {
  const parent = temporaryFolder();
  const { path, remove } = await makeLockedFolder(parent, PREFIX);
  writeFileSync(join(path, 'file'), '');
  await remove();
  await remove();
  expect(readdirSync(parent)).toEqual([]);
});

it('stays while its process runs, this one or another, and is removed when that was killed', async () => {
  const parent = temporaryFolder();
  const own = await makeLockedFolder(parent, PREFIX);
  age(own.path);
  const other = abandoned(parent, `${PREFIX}other`);
  mkdirSync(join(other, 'inner'));
  writeFileSync(join(other, 'inner', 'file'), '');
  const code = `import Database from 'libsql'; const d = new Database(process.argv[1]); d.exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => d.open, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, join(other, 'in-use.lock')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  await removeAbandoned(parent, PREFIX);
  expect(existsSync(own.path) && existsSync(join(other, 'inner', 'file'))).toBe(true);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await removeAbandoned(parent, PREFIX);
  expect(existsSync(other)).toBe(false);
  expect(existsSync(own.path)).toBe(true);
  await own.remove();
});

it('stays where it may not be locked yet, has no lock, is of another name, or is a link', async () => {
  const parent = temporaryFolder();
  const elsewhere = temporaryFolder();
  const target = abandoned(elsewhere, `${PREFIX}target`);
  symlinkSync(target, join(parent, `${PREFIX}link`));
  writeFileSync(join(abandoned(parent, `${PREFIX}young`), 'in-use.lock'), '');
  mkdirSync(join(parent, `${PREFIX}bare`));
  abandoned(parent, 'other-work');
  const linked = abandoned(parent, `${PREFIX}linked`);
  renameSync(join(linked, 'in-use.lock'), join(elsewhere, 'lock'));
  symlinkSync(join(elsewhere, 'lock'), join(linked, 'in-use.lock'));
  const before = readdirSync(parent);
  await removeAbandoned(parent, PREFIX);
  expect(readdirSync(parent)).toEqual(before);
  expect(existsSync(target)).toBe(true);
  await removeAbandoned(join(parent, 'missing'), PREFIX);
});

/** Only root can make a folder of another user. */
it.skipIf(process.getuid?.() !== 0)('stays where it is another user’s', async () => {
  const parent = temporaryFolder();
  const folder = abandoned(parent, `${PREFIX}foreign`);
  chownSync(folder, 65_534, 65_534);
  await removeAbandoned(parent, PREFIX);
  expect(existsSync(folder)).toBe(true);
});

it('keeps its lock where it cannot be deleted, so that a later look removes it', async () => {
  const parent = temporaryFolder();
  const folder = abandoned(parent, `${PREFIX}busy`);
  const inner = join(folder, 'inner');
  mkdirSync(inner);
  const failing = vi.spyOn(promises, 'rm').mockRejectedValueOnce(new Error('ENOTEMPTY'));
  syncBuiltinESMExports();
  await removeAbandoned(parent, PREFIX);
  failing.mockRestore();
  syncBuiltinESMExports();
  expect(readdirSync(folder).toSorted()).toEqual(['in-use.lock', 'inner']);
  await removeAbandoned(parent, PREFIX);
  expect(existsSync(folder)).toBe(false);
});
