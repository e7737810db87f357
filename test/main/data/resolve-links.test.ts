import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resolveLinks } from '../../../src/main/data/resolve-links';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('follows links as far as a path is there, and keeps the rest', async () => {
  const folder = realpathSync(temporaryFolder());
  mkdirSync(join(folder, 'real'));
  symlinkSync('real', join(folder, 'link'));
  expect(await resolveLinks(join(folder, 'link'))).toBe(join(folder, 'real'));
  expect(await resolveLinks(join(folder, 'link', 'not', 'yet.png'))).toBe(join(folder, 'real', 'not', 'yet.png'));
});
