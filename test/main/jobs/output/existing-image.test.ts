import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ImageVerifier, UndecidedError } from '../../../../src/main/images/verify-image';
import { existingImage } from '../../../../src/main/jobs/output/existing-image';
import { imageVerifier } from '../../../helpers/image-verifier';
import { makePng } from '../../../helpers/png';
import { temporaryFolder } from '../../../helpers/temporary-folder';

it('knows an image of another size by its header, and calls none broken of which nobody knows', async () => {
  const file = join(temporaryFolder(), '0001.png');
  writeFileSync(file, makePng(8, 4));
  let inspected = 0;
  const undecided: ImageVerifier = {
    verify: () => expect.fail('nothing was rendered'),
    async inspect() {
      inspected += 1;
      throw new UndecidedError('The image took too long to decode.');
    },
  };
  expect(await existingImage(undecided, file, { format: 'png', width: 8, height: 5, imageSize: null })).toEqual({
    other: `${file} is there already with 8×4 pixels, and this job renders 8×5`,
  });
  expect(inspected).toBe(0);
  expect(await existingImage(undecided, file, { format: 'png', width: 8, height: 4, imageSize: null })).toEqual({
    other: `${file} is there already, and nobody knows whether it is whole: The image took too long to decode`,
  });
});

describe('a file at an output path', () => {
  const wanted = { format: 'png', width: 8, height: 4, imageSize: null } as const;
  const png = makePng(8, 4);
  it.each([
    ['is broken where it is empty', Buffer.alloc(0), 'broken'],
    ['is broken where it is an image that breaks off', png.subarray(0, png.length - 10), 'broken'],
    ['is broken where such an image has no size yet', png.subarray(0, 12), 'broken'],
    ['is another’s where it is a text', Buffer.from('notes\n'), { other: 'FILE is there already and is no image' }],
    [
      'is another’s where it is the start of another image',
      Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10]),
      { other: 'FILE is there already as JPEG, and this job writes PNG' },
    ],
    ['is the same where it is whole', png, 'same'],
  ])('%s', async (_what, bytes, expected) => {
    const file = join(temporaryFolder(), '0001.png');
    writeFileSync(file, bytes);
    const found = await existingImage(imageVerifier, file, wanted);
    expect(typeof found === 'object' ? { other: found.other.replace(file, 'FILE') } : found).toEqual(expected);
  });

  it('is another’s where it is a folder', async () => {
    const file = join(temporaryFolder(), '0001.png');
    mkdirSync(file);
    expect(await existingImage(imageVerifier, file, wanted)).toEqual({
      other: `${file} is there already and is no file`,
    });
  });

  it('is compared with the size that the scene’s images have', async () => {
    const file = join(temporaryFolder(), '0001.png');
    writeFileSync(file, png);
    const cropped = { ...wanted, width: 16, height: 8, imageSize: { width: 8, height: 4 } };
    expect(await existingImage(imageVerifier, file, cropped)).toBe('same');
  });
});
