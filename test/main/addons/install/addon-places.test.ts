import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  previousFolder,
  putInPlace,
  swapWithPrevious,
  sweepAddonFolder,
} from '../../../../src/main/addons/install/addon-places';
import { temporaryFolder } from '../../../helpers/temporary-folder';

async function folderOf(path: string, version: string): Promise<string> {
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'version'), version);
  return path;
}
const versionIn = (path: string): Promise<string | null> => readFile(join(path, 'version'), 'utf8').catch(() => null);

/** The state of the folder before each rename of an operation: what a crash there would leave. */
function crashPoints(): { name: string; make(folder: string): Promise<void> }[] {
  const old = (folder: string): Promise<string> => folderOf(join(folder, 'a'), 'old');
  const journal = (folder: string): Promise<void> => writeFile(join(folder, '.swap-a.json'), '{"place":"a"}');
  return [
    {
      name: 'while it is unpacked',
      make: async (folder) => void (await old(folder), await folderOf(join(folder, '.incoming-1'), 'new')),
    },
    {
      name: 'after the journal is written',
      make: async (folder) =>
        void (await old(folder), await folderOf(join(folder, '.incoming-1'), 'new'), await journal(folder)),
    },
    {
      name: 'while the place is empty',
      make: async (folder) => {
        await folderOf(join(folder, '.incoming-1'), 'new');
        await folderOf(previousFolder(folder, 'a'), 'old');
        await journal(folder);
      },
    },
    {
      name: 'after the new version is in its place',
      make: async (folder) => {
        await folderOf(join(folder, 'a'), 'new');
        await folderOf(previousFolder(folder, 'a'), 'old');
        await journal(folder);
      },
    },
    {
      name: 'while what was removed is deleted',
      make: async (folder) => void (await old(folder), await folderOf(join(folder, '.removed-1'), 'older')),
    },
    {
      name: 'while it goes back, with the place empty',
      make: async (folder) => {
        await folderOf(previousFolder(folder, 'a'), 'old');
        await folderOf(join(folder, '.going-back-a'), 'older');
        await journal(folder);
      },
    },
    {
      name: 'while it goes back, before anything else',
      make: async (folder) =>
        void (
          await old(folder),
          await mkdir(join(folder, '.previous')),
          await folderOf(join(folder, '.going-back-a'), 'older')
        ),
    },
  ];
}

const CRASHES = crashPoints();

describe('after a crash either version is in its place, and nothing else is left', () => {
  it.each(CRASHES)('$name', async ({ make }) => {
    const folder = temporaryFolder();
    await make(folder);
    expect(await sweepAddonFolder(folder)).toEqual([]);
    expect(await versionIn(join(folder, 'a'))).toMatch(/^(old|new)$/);
    expect((await readdir(folder)).filter((name) => name !== '.previous')).toEqual(['a']);
    // What it would go back to is another version, or nothing.
    expect(await versionIn(previousFolder(folder, 'a'))).not.toBe(await versionIn(join(folder, 'a')));
  });

  it('a hand-named folder comes back under its own name', async () => {
    const folder = temporaryFolder();
    await folderOf(previousFolder(folder, 'a'), 'old');
    await writeFile(join(folder, '.swap-a.json'), '{"place":"My Add-on"}');
    expect(await sweepAddonFolder(folder)).toEqual([]);
    expect(await versionIn(join(folder, 'My Add-on'))).toBe('old');
  });

  it('a journal that cannot be read is told, and add-ons stay', async () => {
    const folder = temporaryFolder();
    await folderOf(join(folder, 'a'), 'old');
    await writeFile(join(folder, '.swap-a.json'), '{"place":"../outside"}');
    expect(await sweepAddonFolder(folder)).toHaveLength(1);
    expect(await versionIn(join(folder, 'a'))).toBe('old');
  });

  it('a folder that is not there has nothing to sweep', async () => {
    expect(await sweepAddonFolder(join(temporaryFolder(), 'none'))).toEqual([]);
  });
});

describe('changing places', () => {
  it('keeps the replaced version, and puts it back where the new one cannot be moved in', async () => {
    const folder = temporaryFolder();
    const place = await putInPlace(folder, 'a', await folderOf(join(folder, '.incoming-1'), '1'), null);
    await putInPlace(folder, 'a', await folderOf(join(folder, '.incoming-2'), '2'), place);
    expect([await versionIn(place), await versionIn(previousFolder(folder, 'a'))]).toEqual(['2', '1']);
    await expect(putInPlace(folder, 'a', join(folder, 'not-there'), place)).rejects.toThrow(/ENOENT/);
    expect(await versionIn(place)).toBe('2');
    expect((await readdir(folder)).sort()).toEqual(['.previous', 'a']);
  });

  it('goes back and forth', async () => {
    const folder = temporaryFolder();
    const hand = await folderOf(join(folder, 'by-hand'), '1');
    const place = await putInPlace(folder, 'a', await folderOf(join(folder, '.incoming-2'), '2'), hand);
    expect(await swapWithPrevious(folder, 'a', place)).toBe(place);
    expect([await versionIn(place), await versionIn(previousFolder(folder, 'a'))]).toEqual(['1', '2']);
    await swapWithPrevious(folder, 'a', place);
    expect([await versionIn(place), await versionIn(previousFolder(folder, 'a'))]).toEqual(['2', '1']);
    await rename(previousFolder(folder, 'a'), join(folder, 'gone'));
    await expect(swapWithPrevious(folder, 'a', place)).rejects.toThrow(/ENOENT/);
    expect(await versionIn(place)).toBe('2');
  });
});
