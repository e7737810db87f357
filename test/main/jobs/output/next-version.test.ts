import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { nextVersion } from '../../../../src/main/jobs/output/next-version';
import { temporaryFolder } from '../../../helpers/temporary-folder';

it.each([
  ['a folder beside images without a version', 'shot/####.png', [], 'shot/v002/####.png'],
  [
    'above the folders that are there',
    'shot/####.png',
    ['shot/v002/0001.png', 'shot/v004/0001.png'],
    'shot/v005/####.png',
  ],
  [
    'the version of the name',
    'shot_v001_####.png',
    ['shot_v001_0001.png', 'shot_v002_0001.png', 'other_v009_0001.png'],
    'shot_v003_####.png',
  ],
  [
    'the version of the folder',
    'shot/v001/####.png',
    ['shot/v001/0001.png', 'shot/v002/0001.png'],
    'shot/v003/####.png',
  ],
  [
    'both, where both say it',
    'shot_v07/shot_v07_####.png',
    ['shot_v08/shot_v08_0001.png'],
    'shot_v09/shot_v09_####.png',
  ],
  ['a word with a v is no version', 'river2/rev001x_####.png', [], 'river2/v002/rev001x_####.png'],
])('chooses %s', async (_what, output, files, expected) => {
  const folder = temporaryFolder();
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  expect(await nextVersion(join(folder, output), [])).toBe(join(folder, expected));
});

it('leaves out versions that other jobs are going to write', async () => {
  const folder = temporaryFolder();
  expect(
    await nextVersion(join(folder, 'shot', '####.png'), [
      join(folder, 'shot', 'v002', '####.png'),
      join(folder, 'other', 'v009', '####.png'),
    ]),
  ).toBe(join(folder, 'shot', 'v003', '####.png'));
});
