import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addonManifestSchema } from '../../../src/shared/addons';
import { discoverAddons } from '../../../src/main/addons/discover';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { writeAddon } from './fixture';

const find = (bundledFolder: string, userFolder: string): ReturnType<typeof discoverAddons> =>
  discoverAddons({ bundledFolder, userFolder, hostVersion: '1.0.0' });

test('folders without an addon.json, and files, are passed by; folders that are missing hold nothing', async () => {
  const folder = temporaryFolder();
  await mkdir(join(folder, 'empty'));
  await writeFile(join(folder, 'bootstrap.js'), '');
  expect(await find(folder, join(folder, 'missing'))).toEqual([]);
});

test('bundled ones come first, each group by its folders’ names; links count as folders', async () => {
  const [bundled, user] = [temporaryFolder(), temporaryFolder()];
  for (const id of ['zeta', 'alpha']) await writeAddon(join(bundled, id), id, { main: '' });
  for (const id of ['mine', 'beta']) await writeAddon(join(user, id), id, { main: '' });
  const elsewhere = join(temporaryFolder(), 'elsewhere');
  await writeAddon(elsewhere, 'linked', { main: '' });
  await symlink(elsewhere, join(user, 'linked'));
  const found = await find(bundled, user);
  expect(found.map((addon) => [addon.manifest.id, addon.bundled, addon.broken])).toEqual([
    ['alpha', true, null],
    ['zeta', true, null],
    ['beta', false, null],
    ['linked', false, null],
    ['mine', false, null],
  ]);
});

test('broken ones are found with a reason, a manifest that holds, and an id of their own', async () => {
  const [bundled, user] = [temporaryFolder(), temporaryFolder()];
  await writeAddon(join(bundled, 'one'), 'taken', { main: '' });
  await writeAddon(join(user, 'A thief!'), 'taken', { main: '' });
  await writeAddon(join(user, 'double-1'), 'double', { main: '' });
  await writeAddon(join(user, 'double-2'), 'double', { main: '' });
  for (const name of ['123', 'ääh', 'broken']) {
    await mkdir(join(user, name));
    await writeFile(join(user, name, 'addon.json'), '{');
  }
  const found = await find(bundled, user);
  const ids = found.map((addon) => addon.manifest.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(['taken', 'double', 'broken-a-thief-', 'broken-double-2']));
  for (const { manifest } of found) expect(addonManifestSchema.safeParse(manifest).success).toBe(true);
  const reason = (name: string): string | null => found.find((addon) => addon.folder.endsWith(name))!.broken;
  expect(reason('A thief!')).toBe(
    'The add-on in “A thief!” cannot be used: its id “taken” belongs to an add-on that comes with Framegauge.',
  );
  expect(reason('double-2')).toContain('belongs to the add-on in “double-1”');
  expect(reason('123')).toContain('is not JSON');
  expect(reason('double-1')).toBeNull();
});
