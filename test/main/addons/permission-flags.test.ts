import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { closesNetwork, permissionFlag, permissionFlags, type Places } from '../../../src/main/addons/permission-flags';
import type { AddonPermissions } from '../../../src/shared/addons';
import { temporaryFolder } from '../../helpers/temporary-folder';

const PLACES: Places = {
  read: [
    { path: '/addons/one', folder: true },
    { path: '/etc/web.yml', folder: false },
  ],
  write: [{ path: '/storage/one', folder: true }],
};

describe('the flag that switches Node’s permission model on', () => {
  it('is the stable one where there is one', () => {
    expect(permissionFlag(new Set(['--permission', '--experimental-permission']))).toBe('--permission');
    expect(permissionFlag(new Set(['--experimental-permission']))).toBe('--experimental-permission');
    expect(permissionFlag(new Set())).toBeNull();
  });

  it('is there in the Node that runs this', () => {
    expect(permissionFlag()).not.toBeNull();
  });
});

describe('the flags for an add-on', () => {
  it('name what it may read and write, folders with a separator before the wildcard', () => {
    expect(permissionFlags('--permission', {}, PLACES)).toEqual([
      '--permission',
      '--disable-warning=ExperimentalWarning',
      '--disable-warning=SecurityWarning',
      '--allow-fs-read=/addons/one/*',
      '--allow-fs-read=/etc/web.yml',
      '--allow-fs-read=/storage/one/*',
      '--allow-fs-write=/storage/one/*',
    ]);
  });

  it('allow other programs, threads and native modules with the permission “processes” only', () => {
    const extra = permissionFlags(
      '--permission',
      { processes: 'It starts ffmpeg.', network: 'x' },
      PLACES,
      new Set(),
    ).slice(7);
    expect(extra).toEqual(['--allow-child-process', '--allow-worker', '--allow-addons']);
  });

  it('allow the network with the permission for it, where Node closes it otherwise', () => {
    const all = new Set(['--permission', '--allow-net']);
    const net = (permissions: AddonPermissions, allowed = all): boolean =>
      permissionFlags('--permission', permissions, PLACES, allowed).includes('--allow-net');
    expect([net({ network: 'It sends.' }), net({}), net({ network: 'It sends.' }, new Set())]).toEqual([
      true,
      false,
      false,
    ]);
    expect(closesNetwork('--permission', all)).toBe(true);
    expect(closesNetwork(null, all)).toBe(false);
    expect(closesNetwork('--permission', new Set())).toBe(false);
  });

  it('are none where Node has no permission model', () => {
    expect(permissionFlags(null, {}, PLACES)).toEqual([]);
  });

  it('name each path once, since Node aborts otherwise', () => {
    const folder = temporaryFolder();
    const place = (folder_: boolean) => ({ path: folder, folder: folder_ });
    const flags = permissionFlags(
      permissionFlag(),
      {},
      { read: [place(false), place(true), place(true)], write: [place(true), place(false)] },
    );
    expect(flags.filter((flag) => flag.includes(folder))).toEqual([
      `--allow-fs-read=${folder}/*`,
      `--allow-fs-write=${folder}/*`,
    ]);
    execFileSync(process.execPath, [...flags, '-e', '']);
  });

  it('leave out what lies in a folder that is named, since Node would take that folder away', () => {
    const outer = { path: '/program/addon', folder: true };
    const flags = permissionFlags(
      '--permission',
      {},
      {
        read: [outer, { path: '/program/addon/prometheus', folder: true }, { path: '/program/addons', folder: true }],
        write: [{ path: '/program/addon/prometheus/out', folder: true }],
      },
    );
    expect(flags.slice(3)).toEqual([
      '--allow-fs-read=/program/addon/*',
      '--allow-fs-read=/program/addons/*',
      '--allow-fs-write=/program/addon/prometheus/out/*',
    ]);
  });

  it('hold in the Node that runs this, for names that begin alike too', () => {
    const folder = temporaryFolder();
    for (const name of ['own', 'own-other', 'storage', 'storage2']) mkdirSync(join(folder, name));
    for (const name of ['own', 'own-other']) writeFileSync(join(folder, name, 'file'), 'x');
    const flags = permissionFlags(
      permissionFlag(),
      {},
      {
        read: [{ path: join(folder, 'own'), folder: true }],
        write: [{ path: join(folder, 'storage'), folder: true }],
      },
    );
    const script = `
      const fs = require('node:fs');
      const can = (task) => { try { task(); return true; } catch (error) { return error.code; } };
      console.log(JSON.stringify([
        ...['own/file', 'own-other/file'].map((name) => can(() => fs.readFileSync(${JSON.stringify(folder)} + '/' + name))),
        ...['storage/new', 'storage2/new', 'own/new', 'storage/../storage2/new'].map((name) => can(() => fs.writeFileSync(${JSON.stringify(folder)} + '/' + name, ''))),
        can(() => require('node:child_process').execSync('true')),
        can(() => new (require('node:worker_threads').Worker)('1', { eval: true })),
      ]));`;
    const main = join(folder, 'own', 'main.cjs');
    writeFileSync(main, script);
    const denied = 'ERR_ACCESS_DENIED';
    expect(JSON.parse(execFileSync(process.execPath, [...flags, main], { encoding: 'utf8' }))).toEqual([
      true,
      denied,
      true,
      denied,
      denied,
      denied,
      denied,
      denied,
    ]);
  });
});
