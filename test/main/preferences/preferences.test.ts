import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openPreferences } from '../../../src/main/preferences/preferences';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('gives defaults, and keeps what was set for the next start', async () => {
  const folder = temporaryFolder();
  const first = await openPreferences(folder);
  expect(first.host()).toMatchObject({ 'render.workers': 0, 'render.workerTimeout': 60 });
  let told = 0;
  first.onHostChange(() => told++);
  expect(await first.setHost('render.workers', '3')).toBe(3);
  await first.saveAddon('prometheus', { enabled: true, values: { address: ':9000' } });
  expect(told).toBe(1);
  const second = await openPreferences(folder);
  expect(second.host()['render.workers']).toBe(3);
  expect(second.addon('prometheus')).toEqual({ enabled: true, values: { address: ':9000' } });
  expect(second.addon('another')).toEqual({ enabled: false, values: {} });
});

it('refuses what does not fit and leaves what was there', async () => {
  const preferences = await openPreferences(temporaryFolder());
  await expect(preferences.setHost('render.workers', 65)).rejects.toThrow(/65.*64/);
  await expect(preferences.setHost('render.nothing', 1)).rejects.toThrow(
    'There is no preference “render.nothing”: the host has render.outputDirectory, render.workers, render.workerTimeout, render.sceneFolders, queue.onStart',
  );
  expect(preferences.host()['render.workers']).toBe(0);
});

it('loses none of many changes made at once', async () => {
  const folder = temporaryFolder();
  const preferences = await openPreferences(folder);
  await Promise.all(
    Array.from({ length: 50 }, (_value, index) =>
      preferences.saveAddon(`addon-${index}`, { enabled: true, values: { index } }),
    ),
  );
  const again = await openPreferences(folder);
  for (let index = 0; index < 50; index++) expect(again.addon(`addon-${index}`).values).toEqual({ index });
  expect(readdirSync(folder)).toEqual(['preferences.json']);
  // Passwords may be in it.
  if (process.platform !== 'win32') expect(statSync(join(folder, 'preferences.json')).mode & 0o777).toBe(0o600);
});

it.each([
  ['cut short', '{"version":1,"host":{"render.wor'],
  ['of another kind', '[1,2,3]'],
  ['with a value that cannot be', '{"version":1,"addons":{"prometheus":{"enabled":"perhaps"}}}'],
  ['of a newer version', '{"version":99}'],
])('sets a file %s aside, whole', async (_what, text) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'preferences.json'), text);
  const preferences = await openPreferences(folder);
  expect(preferences.notice).toMatch(/could not be read \(.+\)\. They were set aside as .+; the defaults are in use\./);
  const aside = readdirSync(folder).find((name) => name.includes('set-aside'))!;
  expect(readFileSync(join(folder, aside), 'utf8')).toBe(text);
  await preferences.setHost('render.workers', 1);
  expect(readFileSync(join(folder, aside), 'utf8')).toBe(text);
});

it('brings a file without a version up to date, and keeps keys that it does not know', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'preferences.json'), '{"host":{"render.workers":2},"later":{"kept":true}}');
  const preferences = await openPreferences(folder);
  expect(preferences.notice).toBeNull();
  expect(preferences.host()['render.workers']).toBe(2);
  await preferences.setHost('render.workers', 4);
  expect(JSON.parse(readFileSync(join(folder, 'preferences.json'), 'utf8'))).toMatchObject({
    version: 1,
    later: { kept: true },
  });
});

it('uses the defaults in the place of stored values that cannot be, says which, and leaves them in the file', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'preferences.json');
  const host = {
    'queue.stuckMinutes': 'ten',
    'render.workers': 1e9,
    'farm.listen': 'nowhere',
    'render.workerTimeout': '90',
    'of.tomorrow': 1,
  };
  writeFileSync(file, JSON.stringify({ version: 1, host, addons: {} }));
  const defaults = (await openPreferences(temporaryFolder())).host();
  const preferences = await openPreferences(folder);
  expect(preferences.host()).toEqual({ ...defaults, 'render.workerTimeout': 90 });
  expect(preferences.notice).toMatch(
    /^The stored value of some preferences cannot be used.*render\.workers.*queue\.stuckMinutes.*farm\.listen/,
  );
  await preferences.setHost('queue.stuckMinutes', 20);
  expect(preferences.host()['queue.stuckMinutes']).toBe(20);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ host: { ...host, 'queue.stuckMinutes': 20 } });
});
