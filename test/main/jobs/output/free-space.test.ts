import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type FreeSpaceOptions, createFreeSpaceWatch } from '../../../../src/main/jobs/output/free-space';
import { needs } from '../../../helpers/needs';
import { smallDisk } from '../../../helpers/small-disk';

const GB = 1e9;

/** A watch whose volumes have what the test says. */
function watchOf(given: Partial<FreeSpaceOptions> & { free?: Record<string, number> }) {
  const { free = {}, ...options } = given;
  const told: (string | null)[] = [];
  const listeners = new Set<() => void>();
  let reads = 0;
  const watch = createFreeSpaceWatch({
    folders: () => Object.keys(free).map((mountPoint) => `${mountPoint}/out`),
    limit: () => GB,
    async read() {
      reads++;
      return Object.entries(free).map(([mountPoint, freeBytes]) => ({ mountPoint, freeBytes, sizeBytes: 100 * GB }));
    },
    onChange(hold) {
      told.push(hold);
      for (const listener of listeners) listener();
    },
    ...options,
  });
  onTestFinished(() => watch.close());
  const change = (): Promise<void> =>
    new Promise((resolve) => {
      listeners.add(resolve);
    });
  return { watch, told, free, change, reads: () => reads };
}

it('holds with less than the limit free, and lets go with a tenth more', async () => {
  const { watch, told, free } = watchOf({ free: { '/data': 2 * GB } });
  await watch.checked();
  expect(told).toEqual([]);
  free['/data'] = 0.4567 * GB;
  await watch.checked();
  expect(watch.hold).toBe(
    'Only 456.7 MB are free on /data, and 1 GB are to stay free: delete something there or choose a smaller limit in the preferences, and the queue goes on by itself.',
  );
  free['/data'] = 1.05 * GB;
  await watch.checked();
  expect(watch.hold).toMatch('Only 1.05 GB are free on /data');
  free['/data'] = 1.1 * GB;
  await watch.checked();
  expect(watch.hold).toBeNull();
  free['/data'] = 1.05 * GB;
  await watch.checked();
  expect(watch.hold).toBeNull();
  expect(told).toHaveLength(3);
});

it('names the volume with the least, and lets go when all have enough', async () => {
  const { watch, free } = watchOf({ free: { '/a': 0.5 * GB, '/b': 0.9999 * GB } });
  await watch.checked();
  expect(watch.hold).toMatch('500 MB are free on /a');
  free['/a'] = 5 * GB;
  await watch.checked();
  expect(watch.hold).toMatch('999.9 MB are free on /b');
  // No job writes there any more.
  delete free['/b'];
  await watch.checked();
  expect(watch.hold).toBeNull();
});

it('never holds with a limit of 0, and lets go when the limit is taken away', async () => {
  let limit = GB;
  const { watch, reads } = watchOf({ free: { '/data': 0 }, limit: () => limit });
  await watch.checked();
  expect(watch.hold).toMatch('Only 0 bytes are free');
  limit = 0;
  await watch.checked();
  expect(watch.hold).toBeNull();
  expect(reads()).toBe(1);
  expect(watch.full('/data/out')).toBe(false);
  expect(watch.hold).toBeNull();
});

it('looks by itself while there is something to render, and not when there is nothing', async () => {
  const { watch, free, change } = watchOf({ free: { '/data': 2 * GB }, every: 5 });
  await watch.checked();
  const held = change();
  free['/data'] = 0;
  await held;
  expect(watch.hold).not.toBeNull();
  const idle = watchOf({ free: {}, every: 1 });
  await idle.watch.checked();
  const later = watchOf({ free: { '/data': 0 }, every: 20 });
  const seen = later.change();
  later.watch.check();
  await seen;
  expect(idle.reads()).toBe(0);
});

it('looks once for many that ask', async () => {
  const { watch, reads, free, change } = watchOf({ free: { '/data': 2 * GB }, least: 1 });
  for (let frame = 0; frame < 1_000; frame++) watch.check();
  await Promise.all([watch.checked(), watch.checked()]);
  expect(reads()).toBe(1);
  free['/data'] = 0;
  const held = change();
  watch.check();
  await held;
  expect(reads()).toBe(2);
});

it('holds when a write found no room although there seems to be some, and tries again after a while', async () => {
  const { watch, told, change } = watchOf({ free: { '/data': 50 * GB }, every: 5, fullFor: 20 });
  expect(watch.full('/data/out')).toBe(true);
  expect(watch.hold).toMatch('could not be written to /data/out');
  await change();
  expect(told.at(-1)).toBeNull();
});

it('lives through a reader that fails', async () => {
  const { watch } = watchOf({ free: { '/data': 0 }, read: () => Promise.reject(new Error('a share that is gone')) });
  await watch.checked();
  expect(watch.hold).toBeNull();
});

needs.smallDisk('on a disk of 8 MB', () => {
  it('sees it filled up and emptied, by a folder that is not there yet', async () => {
    const disk = await smallDisk(8);
    const { watch } = watchOf({ folders: () => [join(disk, 'not', 'yet')], limit: () => 4e6, read: undefined });
    await watch.checked();
    expect(watch.hold).toBeNull();
    await writeFile(join(disk, 'filler'), Buffer.alloc(6_000_000));
    await watch.checked();
    expect(watch.hold).toMatch(`are free on ${disk}, and 4 MB are to stay free`);
    await rm(join(disk, 'filler'));
    await watch.checked();
    expect(watch.hold).toBeNull();
  });
});
