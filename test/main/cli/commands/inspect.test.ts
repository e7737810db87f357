import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TURNTABLE, runCli } from '../../../helpers/cli';
import { makePng } from '../../../helpers/png';
import { temporaryFolder } from '../../../helpers/temporary-folder';

it('inspect shows what a scene contains, in words and as JSON', async () => {
  const data = join(temporaryFolder(), 'data');
  const words = await runCli(['inspect', TURNTABLE, '--data', data]);
  expect(words).toMatchObject({ code: 0, stderr: '' });
  expect(words.stdout).toMatch(/^turntable {2}gltf\n {2}File {8}.*turntable\.glb \([\d.]+ [kM]B\)\n {2}Frames {6}1-/);
  const json = await runCli(['inspect', TURNTABLE, '--json', '--data', data]);
  const facts = JSON.parse(json.stdout) as Record<string, unknown>;
  expect(facts).toMatchObject({ path: TURNTABLE, name: 'turntable', engine: 'gltf', blender: null });
  expect(facts).not.toHaveProperty('thumbnail');
  expect(await runCli(['inspect', join(data, 'missing.glb'), '--data', data])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^[^\n]*missing\.glb[^\n]*\n$/) as unknown,
  });
});

it('render --dry-run tells frames, outputs and what is in the way, and does nothing', async () => {
  const folder = temporaryFolder();
  const output = join(folder, 'x', '####.png');
  const request = ['render', TURNTABLE, '--dry-run', '--frames', '3-12', '--size', '64x36'];
  const dryRun = (...options: string[]): ReturnType<typeof runCli> =>
    runCli([...request, '--output', output, '--data', join(folder, 'data'), ...options]);
  const free = await dryRun();
  expect(free).toMatchObject({ code: 0, stderr: '' });
  expect(free.stdout).toBe(
    [
      'Nothing is rendered: this is a dry run.',
      `  Scene        ${TURNTABLE}`,
      '  Frames       3-12 (10 frames)',
      `  Output       ${output}`,
      `  Files        ${join(folder, 'x', '0003.png')} to ${join(folder, 'x', '0012.png')}`,
      '  Images       64 × 36, 16 samples, PNG',
      '',
    ].join('\n'),
  );
  expect(existsSync(join(folder, 'x'))).toBe(false);

  mkdirSync(join(folder, 'x'));
  writeFileSync(join(folder, 'x', '0004.png'), makePng(64, 36));
  const taken = await dryRun('--json');
  expect(taken.code).toBe(1);
  expect(JSON.parse(taken.stdout)).toMatchObject({
    frames: 10,
    there: 0,
    images: { first: join(folder, 'x', '0003.png') },
    warnings: [],
    conflict: { frames: 1, job: null, sentence: expect.stringMatching(/0004\.png is there already/) as unknown },
    newVersion: join(folder, 'x', 'v002', '####.png'),
  });
  const kept = await dryRun('--keep-existing');
  expect(kept.code).toBe(0);
  expect(kept.stdout).toContain('  Frames       3-12 (10 frames, 1 of them is there)\n');
  expect((await runCli(['jobs', '--json', '--data', join(folder, 'data')])).stdout).toBe('[]\n');
});
