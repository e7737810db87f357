import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { movedWithVersion, nextVersion } from '../../../../src/main/jobs/output/next-version';
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

it.each([
  ['below the image’s folder', 'shot/####.png', 'shot/v002/####.png', 'shot/passes/z1.exr', 'shot/v002/passes/z1.exr'],
  ['beside the image', 'shot/####.png', 'shot/v003/####.png', 'shot/z1.exr', 'shot/v003/z1.exr'],
  ['elsewhere', 'shot/####.png', 'shot/v002/####.png', 'passes/z1.exr', 'passes/v002/z1.exr'],
  ['below a folder with the version', 'v01/####.png', 'v02/####.png', 'v01/z/z1.exr', 'v02/z/z1.exr'],
  ['in a folder of its own with the version', 'rgb/v01/####.png', 'rgb/v02/####.png', 'z/v01/z1.exr', 'z/v02/z1.exr'],
  ['further below one', 'rgb/v01/####.png', 'rgb/v02/####.png', 'z/v01/near/z1.exr', 'z/v02/near/z1.exr'],
  ['with the version in its name', 'shot_v01_####.png', 'shot_v02_####.png', 'z/z_v01_1.exr', 'z/z_v02_1.exr'],
  ['beside, without it', 'shot_v01_####.png', 'shot_v02_####.png', 'z1.exr', 'v02/z1.exr'],
  ['in both', 's_v1x/s_v01_##.png', 's_v1x/s_v02_##.png', 's_v1x/z_v01_1.exr', 's_v1x/z_v02_1.exr'],
  ['below a folder and in the name', 'v01/s_v01_##.png', 'v02/s_v02_##.png', 'v01/z/z_v01_1.exr', 'v02/z/z_v02_1.exr'],
  ['with another version', 'v01/####.png', 'v02/####.png', 'z/v07/z1.exr', 'z/v07/v02/z1.exr'],
])('moves a further file %s along with the image', (_where, versionOf, output, file, expected) => {
  // A version above of both is not the image's.
  const folder = join(temporaryFolder(), 'v01');
  const [from, to] = [join(folder, versionOf), join(folder, output)];
  expect(movedWithVersion(join(folder, file), { versionOf: from, output: to })).toBe(join(folder, expected));
  expect(movedWithVersion(join(folder, file), { versionOf: null, output: to })).toBe(join(folder, file));
});
