import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { refuseOutwardLinks } from '../../../src/main/addons/outward-links';
import { temporaryFolder } from '../../helpers/temporary-folder';

let folder: string;
beforeEach(() => {
  const parent = realpathSync(temporaryFolder());
  folder = join(parent, 'addon');
  mkdirSync(join(folder, 'lib'), { recursive: true });
  mkdirSync(join(parent, 'addon-other'));
  writeFileSync(join(folder, 'lib', 'code.js'), '');
});

it('links within the folder are fine', async () => {
  symlinkSync('lib/code.js', join(folder, 'main.js'));
  symlinkSync('..', join(folder, 'lib', 'up'));
  await refuseOutwardLinks(folder);
});

it.each([
  ['a file of the system', '/etc/passwd'],
  ['a folder above', '../..'],
  ['a neighbour whose name begins alike', '../../addon-other'],
  ['nothing yet', '/tmp/not-there-yet'],
])('a link to %s is refused by name', async (_what, target) => {
  symlinkSync(target, join(folder, 'lib', 'link'));
  await expect(refuseOutwardLinks(folder)).rejects.toThrow(/link that leads out of it, “lib\/link”/);
});
