import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { createFixture, type Fixture, writeAddon } from './fixture';

let fixture: Fixture;
afterEach(() => fixture?.close());

const saying = (word: string): string => `export const register = (ctx) => ctx.log.info('${word}');`;

async function workbench(word = 'one', id = 'draft'): Promise<string> {
  const folder = join(temporaryFolder(), 'work');
  await writeAddon(folder, id, {
    main: saying(word),
    preferences: [{ key: 'word', type: 'string', default: 'a' }],
  });
  return folder;
}

describe('a linked add-on', () => {
  it('runs at once, is started afresh when asked, and leaves nothing in the host', async () => {
    fixture = await createFixture();
    const { manager, stored } = fixture;
    const before = manager.list();
    const folder = await workbench();
    expect(await manager.link(folder, true)).toMatchObject({ state: 'running', enabled: true, bundled: false });
    await fixture.logged('draft', 'one');
    await manager.setPreference('draft', 'word', 'b');
    await writeFile(join(folder, 'main.mjs'), saying('two'));
    await manager.link(folder, false);
    expect(fixture.log('draft')).not.toContain('two');
    expect(await manager.link(folder, true)).toMatchObject({ state: 'running', preferences: { word: 'b' } });
    await fixture.logged('draft', 'two');
    await manager.disable('draft');
    await manager.unlink('draft');
    expect(manager.list()).toEqual(before);
    expect([...stored.keys()]).toEqual([]);
    expect(existsSync(join(fixture.folder, 'addon-storage', 'draft'))).toBe(false);
    expect((await readdir(folder)).sort()).toEqual(['addon.json', 'main.mjs']);
    await manager.unlink('draft');
  });

  it('is gone when nobody renews its link', async () => {
    fixture = await createFixture({}, { linksLast: 300 });
    await fixture.manager.link(await workbench(), true);
    await expect
      .poll(() => fixture.manager.list().map(({ manifest }) => manifest.id), { timeout: 10_000 })
      .toEqual(expect.not.arrayContaining(['draft']));
  });

  it('can be neither uninstalled nor replaced', async () => {
    fixture = await createFixture();
    const { manager } = fixture;
    const folder = await workbench();
    await manager.link(folder, true);
    const sentence = /is linked from “.*work” while its author works on it/;
    await expect(manager.uninstall('draft', true)).rejects.toThrow(sentence);
    await expect(manager.rollBack('draft')).rejects.toThrow(sentence);
    await expect(manager.install(folder, [])).rejects.toThrow(sentence);
    expect(existsSync(join(folder, 'main.mjs'))).toBe(true);
    expect(await readdir(join(fixture.folder, 'addons')).catch(() => [])).not.toContain('draft');
  });

  it('has an id of its own', async () => {
    fixture = await createFixture({ taken: { main: saying('installed') } });
    const { manager } = fixture;
    await expect(manager.link(await workbench('x', 'taken'), true)).rejects.toThrow('--own');
    await manager.link(await workbench('x'), true);
    await expect(manager.link(await workbench('y'), true)).rejects.toThrow('is linked from');
    await expect(manager.link('/not/there', true)).rejects.toThrow('There is no folder');
  });

  it('may change its id, and does not stay under the old one', async () => {
    fixture = await createFixture();
    const folder = await workbench();
    await fixture.manager.link(folder, true);
    await mkdir(folder, { recursive: true });
    await writeAddon(folder, 'renamed', { main: saying('one') });
    await fixture.manager.link(folder, true);
    const ids = fixture.manager.list().map(({ manifest }) => manifest.id);
    expect(ids).toContain('renamed');
    expect(ids).not.toContain('draft');
  });

  it('stays when it fails, so that its author sees why', async () => {
    fixture = await createFixture();
    const folder = await workbench();
    await writeFile(join(folder, 'main.mjs'), `export const register = () => { throw new Error('not yet'); };`);
    expect(await fixture.manager.link(folder, true)).toMatchObject({ state: 'failed', reason: 'not yet' });
    await writeFile(join(folder, 'main.mjs'), saying('now'));
    expect(await fixture.manager.link(folder, true)).toMatchObject({ state: 'running' });
  });
});
