import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import { exposureOf, keepPrivate, makePrivateFile, makePrivateFolder } from '../../../src/main/data/private-files';
import { startControlHost } from '../../helpers/control-host';
import { temporaryFolder } from '../../helpers/temporary-folder';

const modeOf = (path: string): string => (lstatSync(path).mode & 0o777).toString(8);

/** Everything in a folder that others than its owner may do something with. */
function openToOthers(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !lstatSync(path).isSymbolicLink() && (lstatSync(path).mode & 0o077) !== 0)
    .map((path) => `${path} ${modeOf(path)}`);
}

it.skipIf(process.platform === 'win32')(
  'what a host keeps is its owner’s alone, also what an earlier version left open',
  async () => {
    const before = process.umask(0);
    try {
      const folder = temporaryFolder();
      const data = join(folder, 'data');
      mkdirSync(join(data, 'logs', 'frames', '7'), { recursive: true, mode: 0o777 });
      mkdirSync(join(data, 'addons', 'mine'), { recursive: true, mode: 0o777 });
      mkdirSync(join(data, 'scenes'), { mode: 0o755 });
      for (const file of [
        'logs/host.log',
        'logs/frames/7/1_1_1.log',
        'scenes/a.glb',
        'host.lock',
        'read-token',
        'preferences.json.7.tmp',
      ])
        writeFileSync(join(data, file), '', { mode: 0o666 });
      writeFileSync(join(data, 'addons', 'mine', 'tool'), '', { mode: 0o755 });
      chmodSync(join(data, 'addons', 'mine', 'tool'), 0o755);
      for (const name of ['queue.sqlite', 'events.sqlite']) {
        const database = new Database(join(data, name));
        database.exec('PRAGMA journal_mode = WAL; CREATE TABLE one (two); DROP TABLE one');
        database.close();
      }
      const beside = join(folder, 'beside.txt');
      writeFileSync(beside, '', { mode: 0o644 });
      symlinkSync(beside, join(data, 'scenes', 'link.glb'));

      const control = await startControlHost({ dataFolder: data });
      expect((await control.ask('PUT', '/api/v1/preferences/queue.attempts', { body: { value: 2 } })).status).toBe(200);
      const upload = await fetch(`${control.url}/api/v1/scenes?name=new.glb`, {
        method: 'POST',
        body: 'glTF',
        headers: { authorization: `Bearer ${control.tokens.control}`, 'content-type': 'application/octet-stream' },
      });
      expect(upload.status).toBe(201);
      expect(modeOf(data)).toBe('700');
      expect(openToOthers(data)).toEqual([]);
      expect(readdirSync(data)).toEqual(
        expect.arrayContaining([
          'queue.sqlite-wal',
          'queue.sqlite-shm',
          'events.sqlite-wal',
          'host.json',
          'control-token',
          'preferences.json',
        ]),
      );
      expect(modeOf(join(data, 'addons', 'mine', 'tool'))).toBe('700');
      expect(modeOf(beside)).toBe('644');
    } finally {
      process.umask(before);
    }
  },
);

it.skipIf(process.platform === 'win32')('makes what is not there, and nothing of it is for others', async () => {
  const folder = join(temporaryFolder(), 'a', 'b');
  makePrivateFolder(folder);
  makePrivateFile(join(folder, 'file'));
  await keepPrivate(folder);
  expect([modeOf(folder), modeOf(join(folder, 'file'))]).toEqual(['700', '600']);
});

describe.skipIf(process.platform === 'win32')('a folder that was there before', () => {
  it('keeps its other files as they are', async () => {
    const folder = temporaryFolder();
    for (const name of ['preferences.json', 'page.html']) writeFileSync(join(folder, name), '');
    for (const name of ['preferences.json', 'page.html']) chmodSync(join(folder, name), 0o644);
    await keepPrivate(folder);
    expect([modeOf(join(folder, 'preferences.json')), modeOf(join(folder, 'page.html'))]).toEqual(['600', '644']);
  });

  it('is not taken where others need it', () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o1777);
    expect(() => makePrivateFolder(folder)).toThrow(`The folder ${folder} is there for everybody on this machine`);
    expect(modeOf(folder)).toBe('777');
  });

  it.skipIf(process.getuid?.() !== 0)('is not called private where it is another user’s', () => {
    const folder = temporaryFolder();
    expect(exposureOf(folder)).toBeNull();
    chownSync(folder, 65_534, 65_534);
    makePrivateFolder(folder);
    expect(exposureOf(folder)).toContain('Other users of this machine can look into the data folder');
  });
});
