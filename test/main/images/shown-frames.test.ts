import { mkdirSync, realpathSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { OutsideError } from '../../../src/main/data/allowed-folders';
import { bytesOf, createFrameImages } from '../../../src/main/images/frame-images';
import { type NotShownError, type ShownFrames, createShownFrames } from '../../../src/main/images/shown-frames';
import { makePng } from '../../helpers/png';
import { makeExr, makeTarga, slope } from '../../helpers/image-files';
import { temporaryFolder } from '../../helpers/temporary-folder';

const THREAD = resolve(import.meta.dirname, '../../../out/worker/image-worker.mjs');

/** Frames of a job, whose files have these names; the frame 9 has none. */
function framesOf(...names: string[]): { shown: ShownFrames; folder: string } {
  const folder = temporaryFolder();
  const images = createFrameImages({ thread: THREAD, cache: join(folder, 'cache') });
  onTestFinished(() => images.close());
  const within = { open: [realpathSync(folder)], closed: realpathSync(folder) + '/data', openInClosed: null };
  const shown = createShownFrames(images, async (_job, frame) =>
    frame === 9 ? null : { file: join(folder, names[frame - 1]!), within },
  );
  return { shown, folder };
}

/** Why a request fails. */
const failure = (asked: Promise<unknown>): Promise<NotShownError> =>
  asked.then(
    () => {
      throw new Error('It was answered.');
    },
    (error: NotShownError) => error,
  );

it('have no image where none was written, and where its file is gone', async () => {
  const { shown } = framesOf('gone.png', 'no-folder/gone.png');
  for (const frame of [1, 2, 9]) {
    expect(await shown.image(1, frame)).toBeNull();
    expect(await shown.image(1, frame, 64)).toBeNull();
    expect(await shown.pixels(1, frame)).toBeNull();
  }
});

it('say why an image that is there is not shown', async () => {
  const { shown, folder } = framesOf('1.tga', 'folder', 'cut.exr');
  writeFileSync(join(folder, '1.tga'), makeTarga(9, 5, slope(9, 5)));
  mkdirSync(join(folder, 'folder'));
  writeFileSync(join(folder, 'cut.exr'), makeExr(9, 5, () => [1, 1, 1, 1]).subarray(0, 300));
  const targa = await failure(shown.image(1, 1));
  expect(targa.message).toMatch(/there is no preview/);
  expect(targa.again).toBe(false);
  expect((await failure(shown.image(1, 2))).message).toBe(`“${join(folder, 'folder')}” is not a file.`);
  expect((await failure(shown.pixels(1, 3))).again).toBe(false);
});

it('are worth another try while others are being decoded', async () => {
  const { shown, folder } = framesOf('1.exr');
  writeFileSync(
    join(folder, '1.exr'),
    makeExr(9, 5, () => [1, 1, 1, 1]),
  );
  const asked = Array.from({ length: 5 }, () => shown.pixels(1, 1));
  const busy = await failure(asked.pop()!);
  expect(busy.message).toBe('The host is decoding other images: try again.');
  expect(busy.again).toBe(true);
  for (const pixels of await Promise.all(asked)) expect(pixels).not.toBeNull();
});

it.skipIf(process.platform === 'win32')(
  'are not shown where a link leads out of their folder, in any size or format',
  async () => {
    const { shown, folder } = framesOf('job/1.png', 'job/2.exr');
    const elsewhere = temporaryFolder();
    for (const place of [join(folder, 'job'), join(folder, 'data'), elsewhere]) {
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, '1.png'), makePng(9, 5));
      writeFileSync(
        join(place, '2.exr'),
        makeExr(9, 5, () => [1, 1, 1, 1]),
      );
    }
    expect(await shown.image(1, 1)).toMatchObject({ type: 'image/png' });
    renameSync(join(folder, 'job'), join(folder, 'moved'));
    for (const target of [elsewhere, join(folder, 'data')]) {
      symlinkSync(target, join(folder, 'job'));
      const asks = [
        () => shown.image(1, 1),
        () => shown.image(1, 1, 64),
        () => shown.image(1, 2),
        () => shown.pixels(1, 2),
      ];
      for (const ask of asks) {
        const refused = await failure(ask());
        expect(refused.message).toMatch(/is not shown, since a link leads out of the folder that its job was given/);
        expect(refused.again).toBe(false);
      }
      renameSync(join(folder, 'job'), join(folder, 'before'));
    }
  },
);

it.skipIf(process.platform === 'win32')(
  'are not read where their folder is replaced after they were looked at',
  async () => {
    const { shown, folder } = framesOf('job/1.png');
    const elsewhere = temporaryFolder();
    for (const place of [join(folder, 'job'), elsewhere]) {
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, '1.png'), makePng(9, 5));
    }
    const image = (await shown.image(1, 1))!;
    renameSync(join(folder, 'job'), join(folder, 'moved'));
    symlinkSync(elsewhere, join(folder, 'job'));
    await expect(bytesOf(image)).rejects.toBeInstanceOf(OutsideError);
  },
);
