import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listFiles } from '../../../src/main/scenes/list-files';
import { temporaryFolder } from '../../helpers/temporary-folder';

const NOBODYS = { dataFolder: null, uploads: null };
const unix = process.platform !== 'win32';

it('lists folders, then scenes, as people count', async () => {
  const folder = temporaryFolder();
  for (const name of ['b', 'A', '.hidden']) mkdirSync(join(folder, name));
  for (const name of ['shot10.glb', 'shot2.glb', 'Shot1.BLEND', 'notes.txt', '.x.glb'])
    writeFileSync(join(folder, name), 'four');
  const { entries, left } = await listFiles(folder, ['.glb', '.blend'], NOBODYS);
  expect(entries.map(({ name, kind, bytes }) => [name, kind, bytes])).toEqual([
    ['A', 'folder', 0],
    ['b', 'folder', 0],
    ['Shot1.BLEND', 'scene', 4],
    ['shot2.glb', 'scene', 4],
    ['shot10.glb', 'scene', 4],
  ]);
  expect(left).toBe(0);
});

it.skipIf(!unix)('follows links, and leaves out what is no file', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'real'));
  writeFileSync(join(folder, 'real', 'a.glb'), '');
  symlinkSync('real', join(folder, 'linked'));
  symlinkSync('real/a.glb', join(folder, 'a.glb'));
  symlinkSync('nowhere', join(folder, 'b.glb'));
  execFileSync('mkfifo', [join(folder, 'pipe.glb')]);
  symlinkSync('pipe.glb', join(folder, 'c.glb'));
  expect((await listFiles(folder, ['.glb'], NOBODYS)).entries.map(({ name }) => name)).toEqual([
    'linked',
    'real',
    'a.glb',
  ]);
});

it('lists no more than can be looked through, and tells how many are left', async () => {
  const folder = temporaryFolder();
  for (let i = 0; i < 10_005; i++) writeFileSync(join(folder, `${i}.glb`), '');
  const { entries, left } = await listFiles(folder, ['.glb'], NOBODYS);
  expect([entries.length, left]).toEqual([10_000, 5]);
});

it('shows nothing of the data folder but uploads', async () => {
  const dataFolder = temporaryFolder();
  const uploads = join(dataFolder, 'scenes');
  mkdirSync(join(dataFolder, 'logs'));
  mkdirSync(uploads);
  for (const folder of [dataFolder, join(dataFolder, 'logs'), join(uploads, '..', 'logs')])
    await expect(listFiles(folder, ['.glb'], { dataFolder, uploads })).rejects.toThrow(
      'is Framegauge’s own: choose another.',
    );
  await expect(listFiles(uploads, ['.glb'], { dataFolder, uploads })).resolves.toMatchObject({ entries: [] });
});

it('says what cannot be listed', async () => {
  await expect(listFiles(join(temporaryFolder(), 'none'), ['.glb'], NOBODYS)).rejects.toThrow(
    /The folder .*none cannot be listed/,
  );
});
