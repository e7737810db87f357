import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FrameError, type RenderedFile } from '../../../../src/main/engines/render-engine';
import type { ImageVerifier } from '../../../../src/main/images/verify-image';
import { makeFrameFolder } from '../../../../src/main/jobs/output/frame-folder';
import { hashFile } from '../../../../src/main/jobs/output/hash-file';
import { imagesOf } from '../../../../src/main/jobs/output/image-path';
import {
  type FrameSpec,
  PartialRenameError,
  type ReadyFile,
  clearAway,
  clearEarly,
  isTaken,
  journalOf,
  makeReady,
  renameFiles,
} from '../../../../src/main/jobs/output/frame-output';
import { paperJob } from '../../../helpers/paper-queue';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const whole: ImageVerifier = {
  verify: () => Promise.resolve(),
  inspect: () => Promise.resolve({ format: 'png', width: 8, height: 6 }),
};

/** A frame with two views and a depth file, as a worker delivers it. */
async function delivered(change: { preview?: boolean } = {}) {
  const folder = temporaryFolder();
  const { settings } = paperJob(folder, { views: ['_L', '_R'], ...change });
  const work: FrameSpec = { host: 'ab12', jobId: 3, frame: 7, lease: 11, settings };
  const [left, right] = imagesOf(settings, 7) as [string, string];
  const depth = join(folder, 'passes', 'depth.bin');
  const own = await makeFrameFolder(left, work);
  const file = (name: string, target: RenderedFile['target']): RenderedFile => {
    writeFileSync(join(own, name), `bytes of ${name}`);
    return { path: join(own, name), target };
  };
  const files = [file('l', { view: '_L' }), file('r', { view: '_R' }), file('d', { file: depth })];
  const rendered = { files, seconds: 1, peakBytes: null, warnings: [], log: [] };
  const ready = async (images = whole): Promise<ReadyFile[]> => {
    const all: ReadyFile[] = [];
    for await (const one of makeReady(work, rendered, images)) all.push(one);
    return all;
  };
  return { work, own, left, right, depth, files, ready };
}

const nothing = { further: false, wrote: () => false };

describe('what a worker delivered', () => {
  it('is ready with its hash where every file is whole', async () => {
    const { ready, left, right, depth } = await delivered();
    const files = await ready();
    expect(files.map(({ to, own }) => [to, own])).toEqual([
      [left, true],
      [right, true],
      [depth, false],
    ]);
    for (const { from, sha256 } of files) expect(sha256).toBe(await hashFile(from));
    expect(isTaken(files)).toBe(false);
    writeFileSync(right, 'somebody’s');
    expect(isTaken(files)).toBe(true);
  });

  it('is no frame with a view that the job does not have, by which its path would be made', async () => {
    const { files, ready, own } = await delivered();
    files.push({ path: join(own, 'l'), target: { view: '/../../elsewhere' } });
    await expect(ready()).rejects.toMatchObject({ kind: 'image', final: false });
  });

  it('has the preview of an OpenEXR beside it, under its name', async () => {
    /** Nothing but its images and a preview. */
    const withPreview = async (of: string): ReturnType<typeof delivered> => {
      const made = await delivered();
      const path = join(made.own, 'p');
      writeFileSync(path, 'bytes of p');
      made.files.push({ path, target: { previewOf: of } });
      return made;
    };
    await expect((await withPreview('_L')).ready()).rejects.toThrow(
      'The worker delivered a preview, which only an OpenEXR has.',
    );
    const { files, own, work } = await withPreview('_L');
    const exr = {
      ...work,
      settings: { ...work.settings, format: 'exr' as const, output: join(own, '..', 'f_####.exr') },
    };
    const made: ReadyFile[] = [];
    for await (const one of makeReady(exr, { files, seconds: 1, peakBytes: null, warnings: [], log: [] }, whole))
      made.push(one);
    expect(made.map(({ to, own: isOwn }) => [basename(to), isOwn])).toEqual([
      ['f_0007_L.exr', true],
      ['f_0007_R.exr', true],
      ['depth.bin', false],
      ['f_0007_L.jpg', false],
    ]);
    await expect((await withPreview('_X')).ready()).rejects.toMatchObject({ kind: 'image' });
  });

  it('is no frame where a view is missing, or a file is damaged or gone', async () => {
    const missing = await delivered();
    missing.files.splice(1, 1);
    await expect(missing.ready()).rejects.toThrow('The worker delivered no image of the view “_R”.');
    const damaged = await delivered();
    const verify = () => Promise.reject(new Error('The image ends early.'));
    await expect(damaged.ready({ ...whole, verify })).rejects.toMatchObject({
      message: 'The image ends early.',
      kind: 'image',
      final: false,
    });
    const empty = await delivered();
    writeFileSync(empty.files[2]!.path, '');
    await expect(empty.ready()).rejects.toThrow(/depth\.bin is empty/);
  });

  it('may not name a further file by half a path', async () => {
    const { files, ready } = await delivered();
    files[2] = { ...files[2]!, target: { file: '../depth.bin' } };
    await expect(ready()).rejects.toMatchObject({ final: true, kind: 'output' });
  });

  it('of a quick look is its images alone', async () => {
    const { ready } = await delivered({ preview: true });
    expect((await ready()).map(({ own }) => own)).toEqual([true, true]);
  });
});

describe('renaming files to their output paths', () => {
  it('does so with all of them, and tells how they are then', async () => {
    const { ready, left, right, depth, own } = await delivered();
    const files = await ready();
    const journal = journalOf(files);
    expect(journal.map(({ path, sha256 }) => [path, sha256])).toEqual(files.map(({ to, sha256 }) => [to, sha256]));
    const { stamps, kept } = renameFiles(files, journal, nothing);
    expect([stamps.map(({ path }) => path), kept, readdirSync(own)]).toEqual([[left, right, depth], [], []]);
    expect(stamps[0]).not.toHaveProperty('sha256');
    expect(readFileSync(depth, 'utf8')).toBe('bytes of d');
  });

  it.each([
    ['is kept', nothing, 'somebody’s'],
    ['is replaced where the job may overwrite', { ...nothing, further: true }, 'bytes of d'],
    ['is replaced where the job wrote it', { ...nothing, wrote: () => true }, 'bytes of d'],
  ])('a further file that lies there already %s', async (_what, may, content) => {
    const { ready, depth } = await delivered();
    mkdirSync(dirname(depth));
    writeFileSync(depth, 'somebody’s');
    const files = await ready();
    const { kept } = renameFiles(files, journalOf(files), may);
    expect([readFileSync(depth, 'utf8'), kept]).toEqual([content, content === 'somebody’s' ? [depth] : []]);
  });

  it('says which are there when it fails half-way', async () => {
    const { ready, right, depth, left } = await delivered();
    const files = await ready();
    const journal = journalOf(files);
    mkdirSync(right);
    const failure = (): unknown => {
      try {
        return renameFiles(files, journal, nothing);
      } catch (error) {
        return error;
      }
    };
    const error = failure();
    expect(error).toBeInstanceOf(PartialRenameError);
    expect((error as PartialRenameError).renamed.map(({ path }) => path)).toEqual([left, depth]);
    expect((error as PartialRenameError).message).toMatch(/0007_R\.png cannot be moved into place/);
  });

  it('can be tried again where somebody deleted a file meanwhile', async () => {
    const { ready, own, work } = await delivered();
    const files = await ready();
    await clearAway(work, files);
    expect(existsSync(own)).toBe(false);
    expect(() => journalOf(files)).toThrow(FrameError);
  });
});

it('keeps a folder as long as a file in it, however deep, is to be moved', async () => {
  const output = temporaryFolder();
  const folder = join(output, 'try');
  const from = join(folder, 'passes', 'beside_0002_L.png');
  mkdirSync(dirname(from), { recursive: true });
  writeFileSync(from, 'image');
  const file = { from, to: join(output, 'beside_0002_L.png'), sha256: '', own: false };
  expect(await clearEarly(folder, [file])).toBe(false);
  expect(existsSync(from)).toBe(true);
  expect(await clearEarly(folder, [{ ...file, from: join(output, 'copy') }])).toBe(true);
  expect(existsSync(folder)).toBe(false);
});
