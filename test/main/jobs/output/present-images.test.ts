import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { framesPresent, namesIn } from '../../../../src/main/jobs/output/present-images';
import { frameNumbers } from '../../../../src/shared/frame-range';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** The frames of 1–20 that a folder with files of these names has. */
async function present(names: readonly string[], pattern = 'shot_####.png', views = ['']): Promise<number[]> {
  const folder = temporaryFolder();
  for (const name of names) writeFileSync(join(folder, name), '');
  const found = await framesPresent({ output: join(folder, pattern), format: 'png', views }, frameNumbers('1-20'));
  return [...found].sort((a, b) => a - b);
}

describe('the frames that something is in the place of', () => {
  it('are those that are asked for, by their names alone', async () => {
    expect(await present(['shot_0003.png', 'shot_0020.png', 'shot_0021.png', 'shot_3.png', 'other_0004.png'])).toEqual([
      3, 20,
    ]);
  });

  it('are found by however many digits their numbers have', async () => {
    expect(await present(['000000000003.png', '0004.png'], '############.png')).toEqual([3]);
  });

  it('have one of their views there', async () => {
    expect(await present(['0001_L.png', '0002_R.png', '0002_L.png', '0003.png'], '####.png', ['_L', '_R'])).toEqual([
      1, 2,
    ]);
  });

  it('count also where a folder is in the place', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, '0005.png'));
    const settings = { output: join(folder, '####.png'), format: 'png' as const, views: [''] };
    expect([...(await framesPresent(settings, frameNumbers('1-20')))]).toEqual([5]);
  });
});

describe('a folder’s names', () => {
  const namesOf = async (folder: string): Promise<string[]> => {
    const names: string[] = [];
    for await (const name of namesIn(folder)) names.push(name);
    return names;
  };

  it('are none where it isn’t there, or a file is in its way', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    expect(await namesOf(join(folder, 'none'))).toEqual([]);
    expect(await namesOf(join(folder, 'file'))).toEqual([]);
    expect(await namesOf(folder)).toEqual(['file']);
  });

  it('are not taken for none where they can’t be read', async () => {
    await expect(namesOf(join(temporaryFolder(), 'x'.repeat(300)))).rejects.toThrow('ENAMETOOLONG');
  });
});
