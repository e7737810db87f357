import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../../src/main/data/make-folder';
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
