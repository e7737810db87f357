import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ImageVerifier, UndecidedError } from '../../../../src/main/images/verify-image';
import { existingImage } from '../../../../src/main/jobs/output/existing-image';
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
  expect(await existingImage(undecided, file, { format: 'png', width: 8, height: 5 })).toEqual({
    other: `${file} is there already with 8×4 pixels, and this job renders 8×5`,
  });
  expect(inspected).toBe(0);
  expect(await existingImage(undecided, file, { format: 'png', width: 8, height: 4 })).toEqual({
    other: `${file} is there already, and nobody knows whether it is whole: The image took too long to decode`,
  });
});
