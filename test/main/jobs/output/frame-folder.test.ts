import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  frameFolder,
  makeFrameFolder,
  removeLeftover,
  removeLeftovers,
} from '../../../../src/main/jobs/output/frame-folder';
import { stage } from '../../../../src/main/jobs/output/stage-file';
import { needs } from '../../../helpers/needs';
import { smallDisk } from '../../../helpers/small-disk';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const tried = (lease: number, host = 'ab12') => ({ host, jobId: 3, frame: 1, lease });

it('gives each try a folder of its own, also where the output folder is gone', async () => {
  const image = join(temporaryFolder(), 'gone', '0001.png');
  const folders = [await makeFrameFolder(image, tried(7)), await makeFrameFolder(image, tried(8))];
  expect(folders).toEqual([7, 8].map((lease) => join(dirname(image), `.framegauge-ab12-job-3-frame-1-lease-${lease}`)));
  expect(folders.map((folder) => readdirSync(folder))).toEqual([[], []]);
});

it('empties a folder that is there already', async () => {
  const image = join(temporaryFolder(), '0001.png');
  mkdirSync(frameFolder(image, tried(7)));
  writeFileSync(join(frameFolder(image, tried(7)), 'image.png'), 'of another time');
  expect(readdirSync(await makeFrameFolder(image, tried(7)))).toEqual([]);
});

it('removes what any try of a frame left, older versions’ too, and nothing else', async () => {
  const folder = temporaryFolder();
  const own = ['', '-2', '-lease-7', '-lease-8'].map((end) => `.framegauge-job-3-frame-1${end}`);
  own.push('.framegauge-ab12-job-3-frame-1-lease-8');
  const copies = ['-copy-a.png', '-lease-7-copy-a\n.png'].map((end) => `.framegauge-job-3-frame-1${end}`);
  const others = [
    '.framegauge-cd34-job-3-frame-1-lease-7',
    '.framegauge-job-3-frame-10-lease-7',
    '.framegauge-job-3-frame-1x',
    '.framegauge-job-33-frame-1',
    '.framegauge-job-3-frame-1-lease-x',
    '0001.png',
  ];
  for (const name of own) mkdirSync(join(folder, name, 'below'), { recursive: true });
  for (const name of copies) writeFileSync(join(folder, name), '');
  for (const name of others) mkdirSync(join(folder, name));
  await removeLeftovers(folder, 'ab12', 3, 1);
  expect(readdirSync(folder).sort()).toEqual(others.sort());
});

it('leaves what can’t be removed, and removes the rest', async (context) => {
  const image = join(temporaryFolder(), '0001.png');
  const stuck = join(frameFolder(image, tried(1)), '@eaDir');
  mkdirSync(stuck, { recursive: true });
  writeFileSync(join(stuck, 'x'), '');
  if (process.getuid?.() === 0) {
    // Nothing but this keeps root from removing it.
    const { status } = spawnSync('chattr', ['+i', join(stuck, 'x')]);
    if (status !== 0) context.skip('root, and no chattr on this file system');
    onTestFinished(() => void spawnSync('chattr', ['-i', join(stuck, 'x')]));
  } else {
    chmodSync(stuck, 0o500);
    onTestFinished(() => chmodSync(stuck, 0o700));
  }
  const folder = await makeFrameFolder(image, tried(2));
  expect(readdirSync(folder)).toEqual([]);
  await removeLeftovers(dirname(image), 'ab12', 3, 1);
  expect([existsSync(folder), existsSync(stuck)]).toEqual([false, true]);
});

needs.smallDisk('a disk that is read-only for a while', () => {
  it('holds nothing of a try once the next one beside it began', async () => {
    const image = join(await smallDisk(1), '0001.png');
    const disk = dirname(image);
    const remount = (how: string): unknown => spawnSync('mount', ['-o', `remount,${how}`, disk]).status;
    const folder = await makeFrameFolder(image, tried(1));
    writeFileSync(join(folder, 'image.png'), 'of the first try');
    // The image that was moved out of its folder to be renamed, and the folder.
    const { from } = await stage(join(folder, 'image.png'), image, tried(1), { own: true });
    expect(dirname(from)).toBe(disk);
    expect(remount('ro')).toBe(0);
    await expect(removeLeftover(folder)).rejects.toThrow('EROFS');
    await expect(removeLeftover(from)).rejects.toThrow('EROFS');
    expect(remount('rw')).toBe(0);
    const next = frameFolder(image, tried(2));
    expect(await makeFrameFolder(image, tried(2))).toBe(next);
    expect(readdirSync(disk)).toEqual([basename(next)]);
  });
});
