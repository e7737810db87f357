import { truncateSync } from 'node:fs';
import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createBlenderFinder } from '../../../../src/main/engines/blender/find-blender';
import { rememberVersions } from '../../../../src/main/engines/blender/remembered-versions';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const LARGE = 20e6;

/** A program that counts how often it is asked for its version, padded to a size. */
async function program(path: string, version: string, bytes: number): Promise<void> {
  await writeFile(path, `#!/bin/sh\necho asked >> "${path}.asked"\necho "Blender ${version}"\nexit 0\n`);
  await chmod(path, 0o755);
  if (bytes > 0) truncateSync(path, bytes);
}

async function machine() {
  const folder = temporaryFolder();
  const path = join(folder, 'blender');
  const file = join(folder, 'cache', 'blenders.json');
  return {
    folder,
    path,
    file,
    /** As after another start of the host. */
    finder: () =>
      createBlenderFinder({
        registered: () => path,
        locations: { env: { PATH: '' }, platform: 'linux', home: folder, root: join(folder, 'root') },
        remembered: rememberVersions(file),
      }),
    asked: async () => (await readFile(`${path}.asked`, 'utf8').catch(() => '')).split('\n').length - 1,
  };
}

it('asks a Blender for its version once, over starts of the host, until its program changes', async () => {
  const { path, file, finder, asked } = await machine();
  await program(path, '4.2.3 LTS', LARGE);
  const first = await finder().list();
  expect(first).toMatchObject([{ version: '4.2.3', name: 'Blender 4.2.3 LTS', problem: null }]);
  expect(await finder().list()).toEqual(first);
  expect(await asked()).toBe(1);
  expect((await stat(file)).mode & 0o777).toBe(0o600);

  await program(path, '4.5.1', LARGE + 1);
  expect(await finder().list()).toMatchObject([{ version: '4.5.1' }]);
  expect(await asked()).toBe(2);
});

it('asks again when a person searches again', async () => {
  const { path, finder, asked } = await machine();
  await program(path, '4.2.3', LARGE);
  await finder().list();
  await finder().list(true);
  expect(await asked()).toBe(2);
});

it('does not remember a script or a link that starts some Blender', async () => {
  const { folder, path, finder, asked } = await machine();
  await program(path, '4.2.3', 0);
  await finder().list();
  await finder().list();
  expect(await asked()).toBe(2);

  const launcher = join(folder, 'snap');
  await program(launcher, '4.2.3', LARGE);
  const linked = await machine();
  await symlink(launcher, linked.path);
  await linked.finder().list();
  await linked.finder().list();
  expect((await readFile(`${launcher}.asked`, 'utf8')).split('\n').length - 1).toBe(2);
});

it.each([
  ['nonsense', '{]'],
  ['another form', '[{"key":"a"}]'],
  ['a version that is none', '[{"key":"a","version":"../..","name":"Blender"}]'],
  ['too much', JSON.stringify('x'.repeat(100_000))],
])('asks, and writes anew, where the file holds %s', async (_what, content) => {
  const { folder, path, file, finder, asked } = await machine();
  await mkdir(join(folder, 'cache'));
  await writeFile(file, content);
  await program(path, '4.2.3', LARGE);
  expect(await finder().list()).toMatchObject([{ version: '4.2.3' }]);
  await finder().list();
  expect(await asked()).toBe(1);
});

it('works where nothing can be written', async () => {
  const { folder, path, finder } = await machine();
  await writeFile(join(folder, 'cache'), 'a file is in the way');
  await program(path, '4.2.3', LARGE);
  expect(await finder().list()).toMatchObject([{ version: '4.2.3', problem: null }]);
});
