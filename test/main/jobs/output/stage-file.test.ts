import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { stage } from '../../../../src/main/jobs/output/stage-file';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const OTHER_DISK = '/dev/shm';
const TRY = { host: null, jobId: 3, frame: 1, lease: 7 };

it.skipIf(!existsSync(OTHER_DISK) || statSync(OTHER_DISK).dev === statSync(tmpdir()).dev)(
  'follows no link that somebody put where a copy will be',
  async () => {
    const folder = mkdtempSync(join(OTHER_DISK, 'framegauge-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [image, own] = [join(temporaryFolder(), '0001.png'), join(folder, 'notes.txt')];
    writeFileSync(image, 'pixels');
    writeFileSync(own, 'dear diary');
    symlinkSync(own, join(folder, '.framegauge-job-3-frame-1-lease-7-copy-0001.png'));
    const { from } = await stage(image, join(folder, '0001.png'), TRY, { own: true });
    expect([readFileSync(from, 'utf8'), readFileSync(own, 'utf8')]).toEqual(['pixels', 'dear diary']);
  },
);

const OWN = { own: true };

/** An image in the folder of its try. */
function rendered(): { readonly folder: string; readonly image: string } {
  const folder = temporaryFolder();
  const image = join(folder, '.framegauge-job-3-frame-1-lease-7', 'image.png');
  mkdirSync(dirname(image));
  writeFileSync(image, 'pixels');
  return { folder, image };
}

it('moves an image out of the folder of its try, unless its name is too long for that or taken', async () => {
  const { folder, image } = rendered();
  const copy = join(folder, '.framegauge-job-3-frame-1-lease-7-copy-0001.png');
  const long = join(folder, `${'x'.repeat(245)}.png`);
  expect(await stage(image, long, TRY, OWN)).toMatchObject({ from: image, to: long });
  expect(await stage(image, join(folder, 'depth.png'), TRY, { own: false })).toMatchObject({ from: image });
  mkdirSync(copy);
  expect(await stage(image, join(folder, '0001.png'), TRY, OWN)).toMatchObject({ from: image });
  rmSync(copy, { recursive: true });
  const staged = await stage(image, join(folder, '0001.png'), TRY, OWN);
  expect(staged.from).toBe(copy);
  expect(staged.sha256).toBe(createHash('sha256').update('pixels').digest('hex'));
  expect([existsSync(image), readFileSync(copy, 'utf8')]).toEqual([false, 'pixels']);
});

it('says what is missing of an image that was deleted, as one that was flushed as it arrived', async () => {
  const { folder, image } = rendered();
  rmSync(image);
  await expect(stage(image, join(folder, '0001.png'), TRY, { own: true, flushed: 'abc' })).rejects.toThrow(
    /was deleted before it was moved/,
  );
});
