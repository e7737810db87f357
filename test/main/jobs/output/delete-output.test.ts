import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deleteFiles, unchangedFiles } from '../../../../src/main/jobs/output/delete-output';
import { type FileStamp, stampOf } from '../../../../src/main/jobs/output/output-stamps';
import { temporaryFolder } from '../../../helpers/temporary-folder';

async function written(count: number): Promise<FileStamp[]> {
  const folder = temporaryFolder();
  const stamps: FileStamp[] = [];
  for (let number = 1; number <= count; number++) {
    const path = join(folder, `${number}.png`);
    writeFileSync(path, `image ${number}`);
    stamps.push((await stampOf(path))!);
  }
  return stamps;
}

it('finds the files that are still as they were written, each once', async () => {
  // More than are looked at together.
  const stamps = await written(70);
  writeFileSync(stamps[3]!.path, 'painted over by somebody');
  rmSync(stamps[68]!.path);
  rmSync(stamps[69]!.path);
  mkdirSync(stamps[69]!.path);
  const expected = stamps.filter((_stamp, at) => ![3, 68, 69].includes(at));
  expect(await unchangedFiles([...stamps, ...stamps.slice(0, 5)])).toEqual(expected);
});

it('deletes none that was changed after it was looked at', async () => {
  const stamps = await written(3);
  const found = await unchangedFiles(stamps);
  writeFileSync(stamps[1]!.path, 'painted over by somebody');
  expect(await deleteFiles(found)).toBe(2);
  expect(stamps.map(({ path }) => existsSync(path))).toEqual([false, true, false]);
});
