import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeFileAtomically } from '../../../src/main/data/write-file-atomically';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('replaces a file and leaves nothing else behind', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'preferences.json');
  writeFileSync(file, 'old');
  await writeFileAtomically(file, 'new');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(readdirSync(folder)).toEqual(['preferences.json']);
});

it.skipIf(process.platform === 'win32')(
  'makes a file that its owner alone may read, unless told otherwise',
  async () => {
    const folder = temporaryFolder();
    await writeFileAtomically(join(folder, 'secret'), new Uint8Array([1, 2]));
    await writeFileAtomically(join(folder, 'open'), '', 0o644);
    const mode = (name: string): number => statSync(join(folder, name)).mode & 0o777;
    expect([mode('secret'), mode('open') & 0o600]).toEqual([0o600, 0o600]);
    expect(readFileSync(join(folder, 'secret'))).toEqual(Buffer.from([1, 2]));
  },
);

it('removes its temporary file when it can’t be renamed', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'taken', 'inside'), { recursive: true });
  await expect(writeFileAtomically(join(folder, 'taken'), 'text')).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(['taken']);
});
