import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Addon } from '../../../../src/shared/addons';
import { type CliResult, runCli, startCli } from '../../../helpers/cli';
import { freePort } from '../../../helpers/free-port';
import { mainEntry, manifestEntry, rawZip } from '../../../helpers/raw-zip';
import { temporaryFolder } from '../../../helpers/temporary-folder';

function onFolder(): {
  folder: string;
  cli(...args: string[]): Promise<CliResult>;
  zip(version: string, more?: object): Promise<string>;
} {
  const folder = temporaryFolder();
  return {
    folder,
    cli: (...args) => runCli([...args, '--data', join(folder, 'data')]),
    async zip(version, more = {}) {
      const file = join(folder, `small-${version}.zip`);
      await writeFile(file, rawZip([manifestEntry({ version, ...more }), mainEntry(version)]));
      return file;
    },
  };
}
const inAddons = (folder: string): Promise<string[]> => readdir(join(folder, 'data', 'addons'));

describe('add-ons on the command line', () => {
  it('are installed, listed, updated with consent, rolled back and uninstalled without a host', async () => {
    const { folder, cli, zip } = onFolder();
    expect(await cli('addons', 'install', await zip('1.0.0', { permissions: { files: 'It reads.' } }))).toEqual({
      code: 0,
      stdout:
        'Small 1.0.0 is installed; “framegauge addons enable small” switches it on.\n  It asks for files: It reads.\n',
      stderr: '',
    });
    const listed = JSON.parse((await cli('addons', 'list', '--json')).stdout) as Addon[];
    expect(listed.find(({ manifest }) => manifest.id === 'small')).toMatchObject({ enabled: false, bundled: false });
    expect((await cli('addons', 'enable', 'small')).code).toBe(0);

    const asking = await zip('2.0.0', { permissions: { network: 'It sends.' } });
    expect(await cli('addons', 'install', asking)).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Small 2.0.0 asks for more than 1.0.0, which is installed:\n  network: It sends.\nNothing was changed: Small 1.0.0 stays. Add --yes to agree.\n',
    });
    expect(await cli('addons', 'install', asking, '--yes')).toEqual({
      code: 0,
      stdout: 'Small 2.0.0 is installed in place of 1.0.0; “framegauge addons rollback small” goes back.\n',
      stderr: '',
    });
    expect(await cli('addons', 'rollback', 'small')).toEqual({
      code: 0,
      stdout: 'Small is at version 1.0.0 again; the same command returns to 2.0.0.\n',
      stderr: '',
    });
    // It is still enabled after all of that.
    expect((await cli('addons', 'list')).stdout).toMatch(/^\[x\] small /m);
    expect(await cli('addons', 'uninstall', 'small', '--keep-data', '--remove-data')).toMatchObject({ code: 2 });
    expect(await cli('addons', 'uninstall', 'small', '--remove-data')).toEqual({
      code: 0,
      stdout: 'Small is uninstalled; its preferences and data are deleted.\n',
      stderr: '',
    });
    expect(await cli('addons', 'uninstall', 'small')).toMatchObject({ code: 2 });
    expect(await inAddons(folder)).toEqual([]);
  });

  it('are refused with a sentence and exit code 2', async () => {
    const { folder, cli } = onFolder();
    const bad = join(folder, 'bad.zip');
    await writeFile(bad, 'no zip');
    expect(await cli('addons', 'install', bad)).toEqual({
      code: 2,
      stdout: '',
      stderr: '“bad.zip” cannot be installed: it is damaged, or no .zip.\n',
    });
    expect(await cli('addons', 'install', join(folder, 'none.zip'))).toMatchObject({ code: 2 });
    expect(await inAddons(folder)).toEqual([]);
  });

  it('are changed on a running host, which starts the new version', async () => {
    const { folder, cli, zip } = onFolder();
    const serve = startCli(['serve', '--port', '0', '--data', join(folder, 'data')]);
    await serve.printed(/http:\/\/\S+/);
    expect((await cli('addons', 'install', await zip('1.0.0'))).code).toBe(0);
    expect((await cli('addons', 'enable', 'small')).code).toBe(0);
    const updated = await cli('addons', 'install', await zip('1.1.0'));
    expect(updated).toMatchObject({ code: 0, stderr: '' });
    expect(updated.stdout).toMatch(/^Small 1\.1\.0 is installed in place of 1\.0\.0;.*\nSmall .*running/);
    expect((await cli('addons', 'uninstall', 'small')).stdout).toBe(
      'Small is uninstalled; its preferences and data are kept.\n',
    );
  });
});

describe('kill -9 in the middle of an installation', () => {
  it('leaves the old version, or the new one, and nothing else', async () => {
    const { folder, cli } = onFolder();
    const source = async (version: string): Promise<string> => {
      const path = join(folder, version);
      await mkdir(path);
      await writeFile(join(path, 'addon.json'), manifestEntry({ version }).data!);
      await writeFile(join(path, 'main.mjs'), mainEntry(version).data!);
      // Enough files that an installation takes a while.
      for (let n = 0; n < 1_000; n++) await writeFile(join(path, `file-${n}`), version);
      return path;
    };
    const paths = [await source('1.0.0'), await source('2.0.0')];
    expect((await cli('addons', 'install', paths[0]!)).code).toBe(0);
    let inTheMiddle = 0;
    for (let round = 0; round < 4; round++) {
      const installing = startCli(['addons', 'install', paths[(round + 1) % 2]!, '--data', join(folder, 'data')]);
      // Killed at another moment each round: when the first, or a later, file of the new version is there.
      for (let over = false; !over;) {
        const hidden = (await inAddons(folder)).find((name) => name.startsWith('.incoming-'));
        const files = hidden ? await readdir(join(folder, 'data', 'addons', hidden)).catch(() => []) : [];
        if (files.length > round * 250) {
          inTheMiddle++;
          over = true;
        } else
          over = await Promise.race([
            installing.ended.then(() => true),
            new Promise<false>((go) => setImmediate(go, false)),
          ]);
      }
      installing.process.kill('SIGKILL');
      await installing.ended;
      const listed = JSON.parse((await cli('addons', 'list', '--json')).stdout) as Addon[];
      expect(listed.find(({ manifest }) => manifest.id === 'small')).toMatchObject({ reason: null });
      const version = listed.find(({ manifest }) => manifest.id === 'small')!.manifest.version;
      const left = (await inAddons(folder)).filter((name) => name !== '.previous');
      expect(left).toEqual(['small']);
      expect(await readdir(join(folder, 'data', 'addons', 'small'))).toHaveLength(1_002);
      expect(['1.0.0', '2.0.0']).toContain(version);
    }
    expect(inTheMiddle).toBeGreaterThan(0);
  });
});

describe('a repository on the command line', () => {
  it('is made, searched, installed from, and updated from', async () => {
    const { folder, cli } = onFolder();
    const shelf = join(folder, 'shelf');
    await mkdir(shelf);
    const add = (version: string, more: object = {}): Promise<void> =>
      writeFile(join(shelf, `small-${version}.zip`), rawZip([manifestEntry({ version, ...more }), mainEntry(version)]));
    await add('1.0.0');
    expect(await cli('addons', 'install', 'small')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^There is no repository to take “small” from/) as unknown,
    });
    expect((await cli('addons', 'search')).stdout).toMatch(/^There are no repositories/);
    expect(await cli('addons', 'index', shelf)).toEqual({
      code: 0,
      stdout: `small 1.0.0  small-1.0.0.zip\n1 add-on in ${join(shelf, 'index.json')}\n`,
      stderr: '',
    });
    expect((await cli('prefs', 'set', 'repositories.addresses', shelf)).code).toBe(0);
    expect((await cli('addons', 'search', 'SMALL')).stdout).toBe('small            1.0.0    Small: For a test\n');
    expect((await cli('addons', 'search', 'nothing')).stdout).toBe('No add-on in the repositories fits.\n');
    expect((await cli('addons', 'install', 'small')).code).toBe(0);
    expect((await cli('addons', 'update')).stdout).toBe('Everything is up to date.\n');

    await add('1.1.0', { permissions: { network: 'It sends.' } });
    await cli('addons', 'index', shelf);
    expect((await cli('addons', 'search')).stdout).toMatch(/\(update of 1\.0\.0\)\n$/);
    expect(await cli('addons', 'update')).toMatchObject({ code: 1, stdout: '' });
    expect(await cli('addons', 'update', 'small', '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Small 1\.1\.0 is installed in place of 1\.0\.0/) as unknown,
    });
    expect((await cli('addons', 'update', 'other')).code).toBe(2);
    expect((await cli('addons', 'rollback', 'small')).code).toBe(0);
    expect((await cli('addons', 'uninstall', 'small')).code).toBe(0);
  });

  it('at an address is asked once it was added, for to add it is to allow that', async () => {
    const { cli } = onFolder();
    const address = `http://127.0.0.1:${await freePort()}/`;
    expect((await cli('prefs', 'get', 'repositories.onlineAccess')).stdout).toBe('false\n');
    await cli('prefs', 'set', 'repositories.addresses', address);
    expect((await cli('prefs', 'get', 'repositories.onlineAccess')).stdout).toBe('true\n');
    expect(await cli('addons', 'search')).toMatchObject({
      code: 1,
      stderr: `The repository ${address} cannot be used: nobody answers there.\n`,
    });
    await cli('prefs', 'set', 'repositories.onlineAccess', 'false');
    expect((await cli('addons', 'search')).stderr).toBe(
      `${address}: Online access is off: allow it to use this repository.\n`,
    );
  });
});
