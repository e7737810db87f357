import { expect, it } from 'vitest';
import { arrived, isSame } from '../../../../src/main/jobs/output/output-stamps';

const stamp = (bytes: number, modifiedAt: number, inode?: number) => ({
  path: '/out/0001.png',
  bytes,
  modifiedAt,
  ...(inode === undefined ? {} : { inode }),
});

it.each([
  ['exactly', 5_000.25, 5_000.25, true],
  ['to another moment', 5_000.25, 5_001.25, false],
  ['to whole seconds, rounded down', 5_999.7, 5_000, true],
  ['to two seconds, as FAT keeps them', 5_700.5, 4_000, true],
  ['to a whole second much later', 5_000.25, 9_000, false],
])('takes a file for the same whose time was kept %s', (_what, written, found, same) => {
  expect(isSame(stamp(7, written), stamp(7, found))).toBe(same);
  expect(isSame(stamp(7, written), stamp(8, found))).toBe(false);
});

it('knows a file that was about to be placed by its number, whatever the clock says', () => {
  expect(arrived(stamp(7, 5_000.25, 42), stamp(7, 1_234.5, 42))).toBe(true);
  expect(arrived(stamp(7, 5_000.25, 42), stamp(8, 1_234.5, 42))).toBe(false);
  expect(arrived(stamp(7, 5_000.25, 42), stamp(7, 1_234.5, 43))).toBe(false);
  // File systems without numbers have 0 for all.
  expect(arrived(stamp(7, 5_000.25, 0), stamp(7, 1_234.5, 0))).toBe(false);
});
