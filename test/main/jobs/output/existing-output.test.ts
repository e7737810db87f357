import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ImageVerifier } from '../../../../src/main/images/verify-image';
import { type ScannedJob, scanFrame, scanOutputFiles } from '../../../../src/main/jobs/output/existing-output';
import { imagesOf } from '../../../../src/main/jobs/output/image-path';
import { stampOf } from '../../../../src/main/jobs/output/output-stamps';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import type { JobSettings } from '../../../../src/shared/jobs';
import { imageVerifier } from '../../../helpers/image-verifier';
import { paperJob } from '../../../helpers/paper-queue';
import { makePng } from '../../../helpers/png';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** A job of frames 1 to 6, of which another job wrote 1 (the same content) and 2 (another one), and itself 3. */
async function mixedFolder(change: Partial<JobSettings> = {}) {
  const folder = temporaryFolder();
  const store = new JobStore(folder);
  onTestFinished(() => store.close());
  const job = paperJob(folder, { frames: '1-6', ...change });
  const file = (frame: number): string => imagesOf(job.settings, frame)[0]!;
  mkdirSync(dirname(file(1)));
  const write = async (id: number, frame: number, fingerprint: string): Promise<void> => {
    writeFileSync(file(frame), makePng(8, 6, frame));
    const { lease } = store.tries.start(id, frame);
    const stamps = [(await stampOf(file(frame)))!];
    store.tries.done({ jobId: id, frame, lease }, { file: file(frame), seconds: 1, stamps, fingerprint });
  };
  const other = store.add({ ...job, folder: dirname(file(1)) }).id;
  const own = store.add({ ...job, folder: dirname(file(1)) }).id;
  for (const id of [other, own]) store.setState(id, 'rendering', null);
  await write(other, 1, 'mine.now');
  await write(other, 2, 'theirs.now');
  await write(own, 3, 'mine.before');
  // Nobody here wrote 4; 5 was cut short by some crash; 6 is free.
  writeFileSync(file(4), makePng(8, 6, 4));
  writeFileSync(file(5), makePng(8, 6, 5).subarray(0, 40));
  const scanned: ScannedJob = {
    id: own,
    settings: job.settings,
    fingerprint: 'mine.now',
    folder: dirname(file(1)),
  };
  return { store, scanned, other, file };
}

const FRAMES = [1, 2, 3, 4, 5, 6];

it.each([
  ['as it is', {}, ['there', 'taken', 'replace', 'taken', 'replace', 'render']],
  ['by a job that keeps it', { keepExisting: true }, ['there', 'kept', 'replace', 'kept', 'replace', 'render']],
] as const)('tells of each frame what is to be done with what lies there, %s', async (_how, change, kinds) => {
  const { store, scanned } = await mixedFolder(change);
  const found = await Promise.all(FRAMES.map((frame) => scanFrame(store, imageVerifier, scanned, frame)));
  expect(found.map(({ kind }) => kind)).toEqual(kinds);
});

it('sums up the whole folder, and says whose the first one in the way is', async () => {
  const { store, scanned, other, file } = await mixedFolder();
  const found = await scanOutputFiles(store, imageVerifier, scanned, new Set(FRAMES), true);
  expect(found).toMatchObject({
    there: new Set([1]),
    kept: new Set(),
    replaceable: new Set([3, 5]),
    taken: 2,
    firstTaken: {
      frame: 2,
      job: other,
      what: `${file(2)} is there already: job ${other} rendered it with other settings`,
    },
  });
});

it('opens no image where the answer is not wanted any more', async () => {
  const { store, scanned } = await mixedFolder();
  const images: ImageVerifier = {
    verify: () => expect.fail('verified an image'),
    inspect: () => expect.fail('inspected an image'),
  };
  const found = await scanOutputFiles(store, images, scanned, new Set(FRAMES), true, () => false);
  expect(found).toMatchObject({ taken: 0, firstTaken: null, replaceable: new Set() });
});
