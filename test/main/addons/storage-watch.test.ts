import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { usageOf, watchStorage } from '../../../src/main/addons/storage-watch';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { createFixture } from './fixture';

const MB = 1024 * 1024;
const ENOUGH = { bytes: 100 * MB, entries: 1_000 };

it('adds up files in folders, follows no link, and counts what holes take as nothing', async () => {
  const folder = temporaryFolder();
  const elsewhere = temporaryFolder();
  writeFileSync(join(elsewhere, 'large'), Buffer.alloc(20 * MB, 1));
  mkdirSync(join(folder, 'a', 'b'), { recursive: true });
  writeFileSync(join(folder, 'a', 'b', 'one'), Buffer.alloc(2 * MB, 1));
  writeFileSync(join(folder, 'two'), Buffer.alloc(1 * MB, 1));
  symlinkSync(elsewhere, join(folder, 'link'));
  writeFileSync(join(folder, 'holes'), '');
  truncateSync(join(folder, 'holes'), 50 * MB);
  const { bytes, entries } = await usageOf(folder, ENOUGH);
  expect(entries).toBe(6);
  expect(bytes).toBeGreaterThanOrEqual(3 * MB);
  if (process.platform !== 'win32') expect(bytes).toBeLessThan(4 * MB);
});

it('stops where that is enough, and takes a folder that is gone for empty', async () => {
  const folder = temporaryFolder();
  for (let file = 0; file < 10; file++) writeFileSync(join(folder, String(file)), Buffer.alloc(MB, 1));
  expect((await usageOf(folder, { bytes: 2 * MB, entries: 100 })).entries).toBeLessThan(10);
  expect((await usageOf(folder, { bytes: 100 * MB, entries: 4 })).entries).toBe(5);
  expect(await usageOf(join(folder, 'none'), ENOUGH)).toEqual({ bytes: 0, entries: 0 });
});

it('warns once near the limit and kills above it', async () => {
  vi.useFakeTimers();
  try {
    const told: string[] = [];
    const readings = [50, 85, 90, 120].map((megabytes) => ({ bytes: megabytes * MB, entries: 1 }));
    const close = watchStorage({
      folder: '/nowhere',
      limit: 100,
      every: 10,
      warn: (text) => told.push(text),
      kill: (reason) => told.push(`killed: ${reason}`),
      read: async () => readings.shift() ?? { bytes: 0, entries: 100_001 },
    });
    await vi.advanceTimersByTimeAsync(50);
    close();
    expect(told).toEqual([
      'It stores 85 MB; above 100 MB it is stopped.',
      'killed: it stored more than 100 MB, the most that an add-on may (addons.storageLimit)',
      'killed: it stored more than 100000 files and folders, the most that an add-on may',
    ]);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

it('an add-on that stores too much is stopped, and the reason says so', async () => {
  const main = `import fs from 'node:fs';
    export const register = (ctx) => fs.writeFileSync(ctx.storage.folder + '/much', Buffer.alloc(3 * 1048576, 1));`;
  const f = await createFixture(
    { hoards: { main } },
    { restarts: { pauses: [] }, limits: () => ({ heap: 256, storage: 2 }) },
  );
  try {
    await f.manager.enable('hoards');
    const { reason } = await f.until('hoards', ({ state }) => state === 'failed');
    expect(reason).toBe('it stored more than 2 MB, the most that an add-on may (addons.storageLimit)');
  } finally {
    await f.close();
  }
});
