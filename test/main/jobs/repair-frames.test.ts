import { existsSync, mkdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ImageVerifier } from '../../../src/main/images/verify-image';
import { hashFile } from '../../../src/main/jobs/output/hash-file';
import type { JournaledFile } from '../../../src/main/jobs/output/output-stamps';
import { repairFrames, repairHalfStates } from '../../../src/main/jobs/repair-frames';
import { JobStore } from '../../../src/main/jobs/store/job-store';
import { paperJob } from '../../helpers/paper-queue';
import { makePng } from '../../helpers/png';
import { temporaryFolder } from '../../helpers/temporary-folder';

/** Where a hash says what a file is, nobody decodes it. */
const noImages: ImageVerifier = {
  verify: () => expect.fail('verified an image'),
  inspect: () => expect.fail('inspected an image'),
};

/** A job whose frame 1 a host had in work when it was killed. */
function interrupted(views: readonly string[] = ['']) {
  const folder = temporaryFolder();
  const store = new JobStore(folder);
  onTestFinished(() => store.close());
  const job = store.add(paperJob(folder, { frames: '1', views: [...views] }));
  store.setState(job.id, 'rendering', null);
  const held = { jobId: job.id, frame: 1, lease: store.tries.start(job.id, 1, 1).lease };
  mkdirSync(join(folder, 'out'));
  const file = (view = ''): string => join(folder, 'out', `0001${view}.png`);
  /** Writes a file as it was when it waited in the folder of its try, and what the journal says of it. */
  const journaled = async (path: string, bytes: Uint8Array): Promise<JournaledFile> => {
    writeFileSync(path, bytes);
    const { size, mtimeMs, ino } = statSync(path);
    return { path, bytes: size, modifiedAt: mtimeMs, inode: ino, sha256: await hashFile(path) };
  };
  return { folder, store, id: job.id, held, file, journaled };
}

describe('a frame that was in work when the host was killed', () => {
  it('is done where its file has the journal’s bytes, whatever its clock and number say', async () => {
    const { store, id, held, file, journaled } = interrupted();
    const entry = await journaled(file(), makePng(8, 6, 1));
    store.tries.writeJournal(held, { files: [{ ...entry, modifiedAt: 1, inode: 1 }], fingerprint: 'what it shows' });
    utimesSync(file(), 1, 2_000_000_000);
    await repairHalfStates(store, noImages);
    expect(store.frames.get(id, 1)).toMatchObject({ state: 'done', file: file(), attempts: 1 });
    expect(store.frames.record(id, 1)).toMatchObject({ fingerprint: 'what it shows', stamps: [{ path: file() }] });
    expect(store.job(id)).toMatchObject({ state: 'queued', frames: { done: 1, rendering: 0 } });
  });

  it('waits again where nothing was moved between the journal and the rename', async () => {
    const { store, id, held, file, journaled } = interrupted();
    const waiting = join(dirname(file()), `.framegauge-job-${id}-frame-1-lease-7`);
    mkdirSync(waiting);
    const entry = await journaled(join(waiting, 'image.png'), makePng(8, 6, 1));
    store.tries.writeJournal(held, { files: [{ ...entry, path: file() }], fingerprint: null });
    await repairHalfStates(store, noImages);
    expect(store.frames.get(id, 1)).toMatchObject({ state: 'waiting', reason: null });
    expect(store.frames.stamps(id)).toEqual([]);
    expect([existsSync(waiting), existsSync(file())]).toEqual([false, false]);
  });

  it.each([
    ['other bytes of the same number', (bytes: Buffer) => Buffer.from(bytes).fill(0, bytes.length - 20)],
    ['only its beginning', (bytes: Buffer) => bytes.subarray(0, 40)],
  ])('waits again where its file has %s, though the time and the number are right', async (_what, spoil) => {
    const { store, id, held, file, journaled } = interrupted();
    const png = Buffer.from(makePng(8, 6, 1));
    const entry = await journaled(file(), png);
    store.tries.writeJournal(held, { files: [entry], fingerprint: null });
    writeFileSync(file(), spoil(png));
    utimesSync(file(), entry.modifiedAt / 1000, entry.modifiedAt / 1000);
    await repairHalfStates(store, noImages);
    expect(store.frames.get(id, 1)).toMatchObject({ state: 'waiting' });
    // It is not the job's own: nobody knows whose it is.
    expect(store.frames.stamps(id)).toEqual([]);
  });

  it('waits again where some of its files were moved, and those are the job’s own', async () => {
    const { store, id, held, file, journaled } = interrupted(['_L', '_R']);
    const left = await journaled(file('_L'), makePng(8, 6, 1));
    store.tries.writeJournal(held, { files: [left, { ...left, path: file('_R') }], fingerprint: null });
    await repairHalfStates(store, noImages);
    expect(store.frames.get(id, 1)).toMatchObject({ state: 'waiting' });
    expect(store.frames.stamps(id).map(({ path }) => path)).toEqual([file('_L')]);
  });

  it('waits again where the image before it had the same bytes, and its own files are still to be moved', async () => {
    const { folder, store, id, held, file, journaled } = interrupted();
    const waiting = join(dirname(file()), `.framegauge-job-${id}-frame-1-lease-${held.lease}`);
    mkdirSync(waiting);
    const image = await journaled(join(waiting, 'image.png'), makePng(8, 6, 1));
    const depth = await journaled(join(waiting, 'depth.exr'), Buffer.from('depth'));
    writeFileSync(file(), makePng(8, 6, 1));
    const files = [
      { ...image, path: file() },
      { ...depth, path: join(folder, 'depth.exr') },
    ];
    store.tries.writeJournal(held, { files, fingerprint: null });
    await repairHalfStates(store, noImages);
    expect(store.frames.get(id, 1)).toMatchObject({ state: 'waiting' });
  });

  it('of an older version’s journal is known by time or number, and decoded', async () => {
    const { store, id, held, file, journaled } = interrupted();
    const { sha256: _none, ...entry } = await journaled(file(), makePng(8, 6, 1));
    store.tries.writeJournal(held, { files: [entry], fingerprint: null });
    const inspected: string[] = [];
    const images: ImageVerifier = {
      ...noImages,
      inspect: (path) => {
        inspected.push(path);
        return Promise.resolve({ format: 'png', width: 8, height: 6 });
      },
    };
    const older = join(dirname(file()), `.framegauge-job-${id}-frame-1`);
    mkdirSync(older);
    await repairHalfStates(store, images);
    expect(store.frames.get(id, 1)).toMatchObject({ state: 'done' });
    expect(inspected).toEqual([file()]);
    expect(existsSync(older)).toBe(false);
  });

  // Reading the first byte of a process's memory is an I/O error.
  it.skipIf(process.platform !== 'linux')('is left as it is while the disk reports an error', async () => {
    const { store, id, held, file, journaled } = interrupted();
    const entry = await journaled(file(), makePng(8, 6, 1));
    rmSync(file());
    symlinkSync('/proc/self/mem', file());
    store.tries.writeJournal(held, { files: [{ ...entry, bytes: 0 }], fingerprint: null });
    expect((await repairHalfStates(store, noImages))?.message).toBe(
      `The image ${file()} cannot be read (the disk or share reports an error): see whether the disk or share is in order.`,
    );
    expect(store.frames.get(id, 1)?.state).toBe('rendering');
    expect(store.tries.interrupted()).toMatchObject([{ journal: { files: [{ sha256: entry.sha256 }] } }]);
    expect(store.job(id)?.state).toBe('rendering');
  });

  it('is left alone where it is in work indeed', async () => {
    const { store, id } = interrupted();
    await repairFrames(store, noImages, ({ jobId, frame }) => jobId === id && frame === 1);
    expect(store.frames.get(id, 1)?.state).toBe('rendering');
  });

  it('takes along copies that were on their way to another disk', async () => {
    const { folder, store, id, held, file, journaled } = interrupted();
    const passes = join(folder, 'passes');
    mkdirSync(passes);
    const copy = join(passes, `.framegauge-job-${id}-frame-1-lease-7-copy-depth.exr`);
    const depth = await journaled(copy, Buffer.from('depth'));
    store.tries.writeJournal(held, {
      files: [
        { ...depth, path: file() },
        { ...depth, path: join(passes, 'depth.exr') },
      ],
      fingerprint: null,
    });
    await repairHalfStates(store, noImages);
    expect(existsSync(copy)).toBe(false);
  });
});
