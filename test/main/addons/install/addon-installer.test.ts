import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isAlive } from '../../../../src/main/processes/is-alive';
import { mainEntry, manifestEntry, rawZip, type RawEntry } from '../../../helpers/raw-zip';
import { createFixture, type Fixture, writeAddon } from '../fixture';

let f: Fixture;
afterEach(() => f?.close());

/** Writes the .zip of a version, whose status says which one runs. @returns its path */
async function zip(
  version: string,
  more: Readonly<Record<string, unknown>> = {},
  extra: RawEntry[] = [],
): Promise<string> {
  const file = join(f.folder, `small-${version}.zip`);
  await writeFile(file, rawZip([manifestEntry({ version, ...more }), mainEntry(`this is ${version}`), ...extra]));
  return file;
}
const addonFolder = (): string => join(f.folder, 'addons');
/** What lies in the folder of add-ons, hidden things too. */
const there = async (): Promise<string[]> => (await readdir(addonFolder())).sort();

describe('installing', () => {
  it('adds an add-on that is off, lists it by its name after the bundled ones, and tells of it', async () => {
    f = await createFixture({ zebra: { main: '', manifest: { name: 'Zebra' } } });
    const result = await f.manager.install(await zip('1.0.0'), []);
    expect(result).toMatchObject({
      outcome: 'installed',
      replaced: null,
      addon: { manifest: { id: 'small' }, state: 'off', enabled: false, bundled: false, previousVersion: null },
    });
    const names = f.manager.list().map(({ manifest }) => manifest.name);
    expect(names.slice(-2)).toEqual(['Small', 'Zebra']);
    expect(
      f.manager
        .list()
        .slice(0, -2)
        .every(({ bundled }) => bundled),
    ).toBe(true);
    await f.until('small', () => f.told.at(-1)?.some(({ manifest }) => manifest.id === 'small') ?? false);
    expect(await there()).toEqual(['small', 'zebra']);
    expect(await f.manager.enable('small')).toMatchObject({ state: 'running' });
    await f.until('small', ({ status }) => status?.text === 'this is 1.0.0');
  });

  it('takes a folder as well, without what is no part of an add-on, and refuses links in it', async () => {
    f = await createFixture();
    const source = join(f.folder, 'source');
    await writeAddon(source, 'mine', { main: 'export function register() {}' });
    await mkdir(join(source, '.git'));
    await writeFile(join(source, '.git', 'HEAD'), 'x');
    await mkdir(join(source, 'lib'));
    await writeFile(join(source, 'lib', 'data.txt'), 'data');
    await f.manager.install(source, []);
    expect((await readdir(join(addonFolder(), 'mine'), { recursive: true })).sort()).toEqual([
      'addon.json',
      'lib',
      'lib/data.txt',
      'main.mjs',
    ]);
    expect(await readFile(join(addonFolder(), 'mine', 'lib', 'data.txt'), 'utf8')).toBe('data');
    await symlink('/etc/passwd', join(source, 'lib', 'link'));
    await expect(f.manager.install(source, [])).rejects.toThrow(
      '“source” cannot be installed: “lib/link” is a link, which could lead anywhere.',
    );
    expect(await there()).toEqual(['mine']);
  });

  it('never replaces a bundled one, nor a folder that is no add-on', async () => {
    f = await createFixture();
    await expect(f.manager.install(await zip('1.0.0', { id: 'prometheus' }), [])).rejects.toThrow(
      '“Prometheus Metrics” comes with Framegauge and cannot be replaced: give the add-on another id.',
    );
    await mkdir(join(addonFolder(), 'small'), { recursive: true });
    await expect(f.manager.install(await zip('1.0.0'), [])).rejects.toThrow(
      `The folder ${join(addonFolder(), 'small')} is in the way, and is not this add-on: move it elsewhere, then install again.`,
    );
    expect(await there()).toEqual(['small']);
  });

  it('repairs one whose addon.json cannot be used, and leaves it off', async () => {
    f = await createFixture({}, { stored: { small: { enabled: true, values: {} } } });
    await f.manager.install(await zip('1.0.0'), []);
    await writeFile(join(addonFolder(), 'small', 'addon.json'), '{');
    const folder = f.folder;
    await f.manager.close();
    const broken = await createFixture(
      {},
      { userFolder: join(folder, 'addons'), stored: { small: { enabled: true, values: {} } } },
    );
    const old = f;
    f = broken;
    expect(f.manager.get('broken-small').reason).toContain('is not JSON');
    await f.manager.install(join(folder, 'small-1.0.0.zip'), []);
    expect(f.manager.list().filter(({ bundled }) => !bundled)).toMatchObject([
      { manifest: { id: 'small' }, enabled: false, reason: null },
    ]);
    await old.close();
  });

  it('of many at once carries out one after another', async () => {
    f = await createFixture();
    const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'];
    const files = await Promise.all(versions.map((version) => zip(version)));
    const results = await Promise.all(files.map((file) => f.manager.install(file, [])));
    const replaced = results.map((result) => result.outcome === 'installed' && result.replaced);
    expect(replaced.filter((version) => version === null)).toHaveLength(1);
    expect(new Set(replaced).size).toBe(4);
    expect(await there()).toEqual(['.previous', 'small']);
  });
});

describe('updating', () => {
  it('stops a running one, starts the new version, and keeps preferences and data', async () => {
    f = await createFixture();
    await f.manager.startEnabled();
    const preferences = [{ key: 'word', type: 'string', label: 'Word', default: 'a' }];
    await f.manager.install(await zip('1.0.0', { preferences }), []);
    await mkdir(join(f.folder, 'addon-storage', 'small'), { recursive: true });
    await writeFile(join(f.folder, 'addon-storage', 'small', 'kept'), 'x');
    await f.manager.enable('small');
    await f.manager.setPreference('small', 'word', 'mine');
    await f.until('small', ({ status }) => status?.text === 'this is 1.0.0');
    const result = await f.manager.install(await zip('2.0.0', { preferences }), []);
    expect(result).toMatchObject({
      outcome: 'installed',
      replaced: '1.0.0',
      addon: { state: 'running', enabled: true, previousVersion: '1.0.0', preferences: { word: 'mine' } },
    });
    await f.until('small', ({ status }) => status?.text === 'this is 2.0.0');

    expect(await f.manager.rollBack('small')).toMatchObject({
      manifest: { version: '1.0.0' },
      previousVersion: '2.0.0',
      state: 'running',
      preferences: { word: 'mine' },
    });
    await f.until('small', ({ status }) => status?.text === 'this is 1.0.0');
    expect(await f.manager.rollBack('small')).toMatchObject({
      manifest: { version: '2.0.0' },
      previousVersion: '1.0.0',
    });
    expect(await there()).toEqual(['.previous', 'small']);
    expect(await readdir(join(f.folder, 'addon-storage', 'small'))).toContain('kept');
  });

  it('that asks for more changes nothing until a person has agreed to just that', async () => {
    f = await createFixture();
    await f.manager.install(await zip('1.0.0', { permissions: { files: 'It reads.' } }), []);
    const asking = await zip('2.0.0', {
      permissions: { files: 'It reads more.', network: 'It sends.', processes: 'It starts.' },
    });
    const consent = {
      outcome: 'consent',
      id: 'small',
      name: 'Small',
      version: '2.0.0',
      installed: '1.0.0',
      asks: [
        { permission: 'network', reason: 'It sends.' },
        { permission: 'processes', reason: 'It starts.' },
      ],
    };
    expect(await f.manager.install(asking, [])).toEqual(consent);
    expect(await f.manager.install(asking, ['network'])).toEqual(consent);
    expect(f.manager.get('small').manifest.version).toBe('1.0.0');
    expect(await there()).toEqual(['small']);
    expect(await f.manager.install(asking, ['network', 'processes'])).toMatchObject({ outcome: 'installed' });
    expect(f.manager.get('small').manifest.version).toBe('2.0.0');
  });

  it('to a version that fails leaves it failed, and going back runs the old one again', async () => {
    f = await createFixture({}, { restarts: { pauses: [] } });
    await f.manager.startEnabled();
    await f.manager.install(await zip('1.0.0'), []);
    await f.manager.enable('small');
    const bad = join(f.folder, 'bad.zip');
    await writeFile(
      bad,
      rawZip([
        manifestEntry({ version: '2.0.0' }),
        { name: 'main.mjs', data: `export function register() { throw new Error('not today'); }` },
      ]),
    );
    expect(await f.manager.install(bad, [])).toMatchObject({ addon: { state: 'failed', enabled: true } });
    expect(f.manager.get('small').reason).toContain('not today');
    expect(await f.manager.rollBack('small')).toMatchObject({ state: 'running', manifest: { version: '1.0.0' } });
  });

  it('that goes back to a version that may do more stays off until a person agrees', async () => {
    f = await createFixture();
    await f.manager.startEnabled();
    await f.manager.install(await zip('1.0.0', { permissions: { network: 'It sends.' } }), []);
    await f.manager.enable('small');
    await f.manager.install(await zip('2.0.0'), []);
    await f.until('small', ({ state }) => state === 'running');
    expect(await f.manager.rollBack('small')).toMatchObject({
      manifest: { version: '1.0.0' },
      state: 'off',
      reason: expect.stringContaining('It asks for more than you agreed to when you enabled it: network (“It sends.”)'),
    });
    expect(f.stored.get('small')).toMatchObject({ enabled: true, consented: {} });
    expect(await f.manager.enable('small')).toMatchObject({ state: 'running' });
    expect(f.stored.get('small')).toMatchObject({ consented: { network: 'It sends.' } });
  });

  it('of a linked folder is refused, for the files there are somebody’s own', async () => {
    f = await createFixture();
    const own = join(f.folder, 'own');
    await writeAddon(own, 'small', { main: '' });
    await f.manager.close();
    await mkdir(addonFolder(), { recursive: true });
    await symlink(own, join(addonFolder(), 'small'));
    const linked = await createFixture({}, { userFolder: addonFolder() });
    try {
      await expect(linked.manager.install(await zip('2.0.0'), [])).rejects.toThrow(/is a link to a folder of your own/);
      await linked.manager.uninstall('small', false);
      expect(await there()).toEqual([]);
      expect(await readdir(own)).toContain('addon.json');
    } finally {
      await linked.close();
    }
  });

  it('has nothing to go back to after the first installation', async () => {
    f = await createFixture();
    await f.manager.install(await zip('1.0.0'), []);
    await expect(f.manager.rollBack('small')).rejects.toThrow(/There is no earlier version of “Small” to go back to/);
  });
});

describe('uninstalling', () => {
  it('stops it, deletes it with its earlier version, and keeps its data unless told otherwise', async () => {
    f = await createFixture();
    await f.manager.startEnabled();
    await f.manager.install(await zip('1.0.0'), []);
    await f.manager.install(await zip('1.1.0'), []);
    await mkdir(join(f.folder, 'addon-storage', 'small'), { recursive: true });
    const log = `export function register(ctx) { ctx.log.info('pid ' + process.pid); }`;
    const pidZip = join(f.folder, 'pid.zip');
    await writeFile(pidZip, rawZip([manifestEntry({ version: '1.2.0' }), { name: 'main.mjs', data: log }]));
    await f.manager.install(pidZip, []);
    await f.manager.enable('small');
    await f.logged('small', 'pid ');
    const pid = Number(
      f
        .log('small')
        .find((line) => line.startsWith('pid '))!
        .slice(4),
    );
    await f.manager.uninstall('small', false);
    expect(isAlive(pid)).toBe(false);
    expect(f.manager.list().every(({ bundled }) => bundled)).toBe(true);
    expect(() => f.manager.get('small')).toThrow(/There is no add-on “small”/);
    expect(await readdir(addonFolder())).toEqual([]);
    expect(f.stored.get('small')).toEqual({ enabled: false, values: {} });
    expect((await stat(join(f.folder, 'addon-storage', 'small'))).isDirectory()).toBe(true);

    await f.manager.install(pidZip, []);
    await f.manager.uninstall('small', true);
    expect(f.stored.has('small')).toBe(false);
    expect(await readdir(join(f.folder, 'addon-storage'))).toEqual([]);
  });

  it('refuses bundled ones and those that are not there', async () => {
    f = await createFixture();
    await expect(f.manager.uninstall('prometheus', false)).rejects.toThrow(
      '“Prometheus Metrics” comes with Framegauge and cannot be uninstalled: disable it instead.',
    );
    await expect(f.manager.uninstall('nobody', false)).rejects.toThrow(/There is no add-on “nobody”/);
  });

  it('from two windows at once does it once', async () => {
    f = await createFixture();
    await f.manager.install(await zip('1.0.0'), []);
    await Promise.all([f.manager.uninstall('small', false), f.manager.uninstall('small', false)]);
    expect(await there()).toEqual([]);
  });
});
