import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildAddon } from '../../../../src/main/addons/kit/build-addon';
import { checkAddon } from '../../../../src/main/addons/kit/check-addon';
import { createAddon } from '../../../../src/main/addons/kit/create-addon';
import { temporaryFolder } from '../../../helpers/temporary-folder';

describe.each(['javascript', 'typescript'] as const)('a new add-on in %s', (language) => {
  it('is in order, and its own test passes', async () => {
    const { folder, files } = await createAddon({
      folder: join(temporaryFolder(), 'studio-2-notes'),
      language,
      author: 'Ada "the first" \\ Lovelace',
    });
    expect(files).toContain('.gitignore');
    const manifest = JSON.parse(readFileSync(join(folder, 'addon.json'), 'utf8')) as { main: string };
    expect(manifest).toMatchObject({
      id: 'studio-2-notes',
      name: 'Studio 2 Notes',
      author: 'Ada "the first" \\ Lovelace',
    });
    await buildAddon(folder, manifest);
    expect(readFileSync(join(folder, manifest.main), 'utf8')).toContain('studio_2_notes_frames_total');
    const { findings } = await checkAddon(folder, '0.1.0');
    expect(findings.filter(({ level }) => level !== 'note')).toEqual([]);
    const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts: { test: string } };
    const [, ...args] = scripts.test.split(' ');
    expect(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })).toMatch(/pass 2\b/);
    expect(files.map((file) => readFileSync(join(folder, file), 'utf8')).join('')).not.toMatch(/my.addon|Your name/i);
  });
});

describe('creating an add-on', () => {
  it('refuses a name that is no id, and a folder with something in it', async () => {
    const parent = temporaryFolder();
    const create = (name: string): Promise<unknown> =>
      createAddon({ folder: join(parent, name), language: 'javascript', author: 'me' });
    await expect(create('Studio Notes')).rejects.toThrow('“Studio Notes” cannot be the id of an add-on');
    mkdirSync(join(parent, 'taken'));
    writeFileSync(join(parent, 'taken', 'notes.txt'), 'mine');
    await expect(create('taken')).rejects.toThrow('has something in it');
    writeFileSync(join(parent, 'file'), '');
    await expect(create('file')).rejects.toThrow('cannot be used (a part of the path is a file, not a folder)');
    mkdirSync(join(parent, 'empty'));
    await create('empty');
  });
});
