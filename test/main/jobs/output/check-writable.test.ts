import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkNameLengths, checkWritable } from '../../../../src/main/jobs/output/check-writable';
import { sampleSettings } from '../../../helpers/samples';
import { temporaryFolder } from '../../../helpers/temporary-folder';

it('follows no link that somebody put where a probe will be', async () => {
  const folder = temporaryFolder();
  const own = join(temporaryFolder(), 'notes.txt');
  writeFileSync(own, 'dear diary');
  symlinkSync(own, join(folder, `.framegauge-${process.pid}.tmp`));
  await checkWritable(sampleSettings({ output: join(folder, '####.png') }));
  expect(readFileSync(own, 'utf8')).toBe('dear diary');
  expect(readdirSync(folder)).toEqual([`.framegauge-${process.pid}.tmp`]);
});

it.each([
  // A name has 255 bytes at most.
  { names: ['x'.repeat(248)], frames: '1-3', views: [''] },
  { names: ['x'.repeat(247)], frames: '1-3', views: [''], fits: true },
  { names: ['é'.repeat(124)], frames: '1-3', views: [''] },
  { names: ['x'.repeat(247)], frames: '-3-99', views: [''] },
  { names: ['x'.repeat(247)], frames: '5,12345', views: [''] },
  { names: ['x'.repeat(246)], frames: '1-3', views: ['', '_L'] },
  { names: ['made', 'x'.repeat(256), 'f_'], frames: '1-3', views: [''] },
  { names: Array.from({ length: 30 }, () => 'x'.repeat(200)), frames: '1', views: [''] },
  { names: Array.from({ length: 30 }, () => 'made'), frames: '1', views: [''], fits: true },
])('tells a name that is too long before anything is made: $frames, $views', async ({ names, fits, ...rest }) => {
  const folder = temporaryFolder();
  const settings = (...to: string[]) => sampleSettings({ output: `${join(folder, ...to)}####.png`, ...rest });
  for (const to of [names, ['there', ...names]]) {
    const checked = checkNameLengths(settings(...to));
    if (fits) await checked;
    else
      await expect(checked).rejects.toMatchObject({ kind: 'arguments', message: expect.stringContaining('too long') });
    mkdirSync(join(folder, 'there'), { recursive: true });
  }
  expect(readdirSync(folder)).toEqual(['there']);
});
