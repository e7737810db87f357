import { readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkWritable } from '../../../../src/main/jobs/output/check-writable';
import { temporaryFolder } from '../../../helpers/temporary-folder';

it('follows no link that somebody put where a probe will be', async () => {
  const folder = temporaryFolder();
  const own = join(temporaryFolder(), 'notes.txt');
  writeFileSync(own, 'dear diary');
  symlinkSync(own, join(folder, `.framegauge-${process.pid}.tmp`));
  await checkWritable(folder);
  expect(readFileSync(own, 'utf8')).toBe('dear diary');
  expect(readdirSync(folder)).toEqual([`.framegauge-${process.pid}.tmp`]);
});
