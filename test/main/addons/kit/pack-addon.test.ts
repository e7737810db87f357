import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { packAddon } from '../../../../src/main/addons/kit/pack-addon';
import { readManifest } from '../../../../src/main/addons/manifest';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { authorFolder } from './author-folder';

const FILES = {
  'main.mjs': 'export const register = () => undefined;\n'.repeat(200),
  'README.md': '# Studio Notes\n',
  'assets/sound.wav': 'RIFF',
  'types/framegauge-addon.d.ts': '',
  'test/main.test.mjs': '',
  'lib/part.test.mjs': '',
  'lib/part.mjs': '',
  'src/main.ts': '',
  '.gitignore': 'node_modules\n',
  '.git/config': '',
  'tsconfig.json': '{}',
  'package.json': '{"type": "module", "dependencies": {"a": "1"}, "devDependencies": {"typescript": "7"}}',
  'node_modules/.bin/a': '#!/bin/sh',
  'node_modules/.package-lock.json': '{}',
  'node_modules/typescript/package.json': '{}',
  'node_modules/a/package.json': '{"dependencies": {"b": "1"}, "optionalDependencies": {"not-there": "1"}}',
  'node_modules/a/index.js': '',
  'node_modules/a/index.d.ts': '',
  'node_modules/a/node_modules/b/package.json': '{}',
  'node_modules/a/node_modules/b/index.js': '',
  'node_modules/b/package.json': '{"version": "2.0.0"}',
};

async function pack(folder: string, out: string): Promise<Awaited<ReturnType<typeof packAddon>>> {
  return packAddon(folder, await readManifest(folder, '0.1.0'), out);
}

describe('packing an add-on', () => {
  it('takes what it needs to run, and names what it leaves out', async () => {
    const folder = authorFolder(FILES);
    const packed = await pack(folder, temporaryFolder());
    const expected = [
      'README.md',
      'addon.json',
      'assets/sound.wav',
      'lib/part.mjs',
      'main.mjs',
      'node_modules/a/index.js',
      'node_modules/a/node_modules/b/index.js',
      'node_modules/a/node_modules/b/package.json',
      'node_modules/a/package.json',
      'package.json',
    ];
    expect(packed.files).toEqual(expected);
    expect(packed.leftOut).toContain('test/');
    const zip = readFileSync(packed.file);
    expect(packed.file).toMatch(/studio-notes-1\.2\.3\.zip$/);
    expect(packed.bytes).toBe(zip.length);
    expect(packed.sha256).toBe(createHash('sha256').update(zip).digest('hex'));
    const inside = unzipSync(zip);
    expect(Object.keys(inside)).toEqual(expected);
    expect(Buffer.from(inside['main.mjs']!).toString()).toBe(FILES['main.mjs']);
  });

  it('makes the same bytes of the same files, whenever and wherever', async () => {
    const folder = authorFolder(FILES);
    const copy = join(temporaryFolder(), 'elsewhere');
    cpSync(folder, copy, { recursive: true });
    utimesSync(join(copy, 'main.mjs'), 1_000_000_000, 1_000_000_000);
    const out = temporaryFolder();
    const first = await pack(folder, join(out, 'a.zip'));
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Pacific/Auckland';
    try {
      expect((await pack(copy, join(out, 'b.zip'))).sha256).toBe(first.sha256);
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
    // Known bytes: a change of them is a change for everybody who compares.
    const known = authorFolder({ 'main.mjs': 'export const register = () => undefined;\n' });
    expect((await pack(known, join(out, 'c.zip'))).sha256).toBe(
      '21d4c25b1f75fb50bff0d62c28b65cceccc1b3be09c621e65b5de5108b93ace9',
    );
  });

  it('refuses a package that is a link', async () => {
    const folder = authorFolder({ 'main.mjs': '', 'package.json': '{"dependencies": {"linked": "file:../linked"}}' });
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(temporaryFolder(), join(folder, 'node_modules/linked'));
    await expect(pack(folder, temporaryFolder())).rejects.toThrow('The package “linked” is a link');
  });

  it('says where it cannot be written', async () => {
    const folder = authorFolder({ 'main.mjs': '' });
    await expect(pack(folder, '/not/there/x.zip')).rejects.toThrow('“/not/there/x.zip” could not be written');
  });
});
