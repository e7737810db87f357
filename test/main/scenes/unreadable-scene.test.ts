import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRegularFile } from '../../../src/main/data/open-regular-file';
import { unreadableScene } from '../../../src/main/scenes/unreadable-scene';
import { temporaryFolder } from '../../helpers/temporary-folder';

async function refusalFor(path: string): Promise<unknown> {
  return unreadableScene(await openRegularFile(path).catch((error: unknown) => error), path, 'a .blend file');
}

it('is not found where there is none, also below a file', async () => {
  const folder = temporaryFolder();
  const gone = join(folder, 'gone.blend');
  expect(await refusalFor(gone)).toMatchObject({
    kind: 'not-found',
    message: `There is no file “${gone}”: check its name.`,
  });
  expect(await refusalFor(join(import.meta.filename, 'x.blend'))).toMatchObject({ kind: 'not-found' });
});

it('says what to give in place of a folder', async () => {
  const folder = join(temporaryFolder(), 'x.blend');
  mkdirSync(folder);
  expect(await refusalFor(folder)).toMatchObject({
    kind: 'failed',
    message: `“${folder}” is not a file: give a .blend file.`,
  });
});

it('names what the system says that has no sentence of its own', () => {
  const error = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
  expect(unreadableScene(error, '/x.glb', 'a .glb file')?.message).toBe(
    '“/x.glb” cannot be read (EIO): see whether its disk is in order.',
  );
});

it('has no word for what is not the system’s', () => {
  expect(unreadableScene(new TypeError('nothing to read'), import.meta.filename, 'a .glb file')).toBeNull();
});
