import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder, makeFolderSync } from '../../../src/main/data/make-folder';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('makes a folder and those above it, also when many ask at once', async () => {
  const folder = temporaryFolder();
  for (let round = 0; round < 200; round++) {
    const deep = join(folder, String(round), 'a', 'b', 'c');
    await Promise.all(Array.from({ length: 10 }, () => makeFolder(deep)));
    expect(existsSync(deep)).toBe(true);
  }
});

it('says so where none can be made', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  await expect(makeFolder(join(folder, 'file', 'x', 'y'))).rejects.toThrow(/ENOTDIR/);
  await expect(makeFolder(join(folder, 'file'))).rejects.toThrow(/EEXIST/);
});

it('tells the uppermost that it made, and gives all of them the mode', async () => {
  const folder = temporaryFolder();
  expect(await makeFolder(join(folder, 'a', 'b'), 0o700)).toBe(join(folder, 'a'));
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700);
  expect(await makeFolder(join(folder, 'a', 'b'))).toBeUndefined();
});

it('does the same where nothing can be waited for', () => {
  const folder = temporaryFolder();
  makeFolderSync(join(folder, 'a', 'b'), 0o700);
  makeFolderSync(join(folder, 'a', 'b'), 0o700);
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'a', 'b')).mode & 0o777).toBe(0o700);
  writeFileSync(join(folder, 'file'), '');
  expect(() => makeFolderSync(join(folder, 'file', 'x'))).toThrow(/ENOTDIR/);
});

it.skipIf(process.platform !== 'linux')('ends where a file system has folders and lets nobody make one', async () => {
  await expect(makeFolder('/proc/missing/folder')).rejects.toThrow(/ENOENT/);
  expect(() => makeFolderSync('/proc/missing/folder')).toThrow(/ENOENT/);
});
