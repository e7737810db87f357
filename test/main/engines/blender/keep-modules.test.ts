import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepModules } from '../../../../src/main/engines/blender/keep-modules';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const MODULES = { 'driver/one.py': 'ONE = 1\n', 'driver/two.py': 'TWO = 2\n' };

describe('modules that are kept', () => {
  it('are in the same folder at each start, and are not written again', async () => {
    const caches = temporaryFolder();
    const folder = (await keepModules(MODULES, caches))!;
    const { ino, mtimeMs } = await stat(join(folder, 'driver/one.py'));
    expect(await keepModules(MODULES, caches)).toBe(folder);
    expect(await stat(join(folder, 'driver/one.py'))).toMatchObject({ ino, mtimeMs });
    expect((await readdir(join(folder, 'driver'))).sort()).toEqual(['one.py', 'two.py']);
  });

  it('are in another folder where they differ', async () => {
    const caches = temporaryFolder();
    expect(await keepModules({ ...MODULES, 'driver/two.py': 'TWO = 3\n' }, caches)).not.toBe(
      await keepModules(MODULES, caches),
    );
  });

  it('are whole where several start at once, and mended where one was damaged', async () => {
    const caches = temporaryFolder();
    const [folder, ...others] = await Promise.all(Array.from({ length: 8 }, () => keepModules(MODULES, caches)));
    expect(new Set(others)).toEqual(new Set([folder]));
    await writeFile(join(folder!, 'driver/two.py'), 'TW');
    await keepModules(MODULES, caches);
    for (const [path, text] of Object.entries(MODULES)) expect(await readFile(join(folder!, path), 'utf8')).toBe(text);
  });

  it.skipIf(process.platform === 'win32')('are not kept where others can write', async () => {
    const caches = temporaryFolder();
    const folder = (await keepModules(MODULES, caches))!;
    await chmod(folder, 0o777);
    expect(await keepModules(MODULES, caches)).toBeNull();
    const elsewhere = temporaryFolder();
    await mkdir(join(elsewhere, 'blender-modules'));
    await symlink(folder, join(elsewhere, 'blender-modules', folder.split('/').at(-1)!));
    expect(await keepModules(MODULES, elsewhere)).toBeNull();
    expect(await keepModules(MODULES, '/proc/none')).toBeNull();
  });
});
