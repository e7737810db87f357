import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  type OutputChoice,
  chooseOutput,
  folderOf,
  versionAfter,
} from '../../../../src/main/jobs/output/choose-output';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import type { JobSettings } from '../../../../src/shared/jobs';
import { imageVerifier } from '../../../helpers/image-verifier';
import { paperJob } from '../../../helpers/paper-queue';
import { makePng } from '../../../helpers/png';
import { temporaryFolder } from '../../../helpers/temporary-folder';

function opened() {
  const folder = temporaryFolder();
  const store = new JobStore(folder);
  onTestFinished(() => store.close());
  return {
    folder,
    store,
    choose: (change: Partial<JobSettings> = {}, choice?: OutputChoice) =>
      chooseOutput(store, imageVerifier, null, paperJob(folder, change).settings, 'red.1', choice),
    occupy(): void {
      mkdirSync(join(folder, 'out'), { recursive: true });
      writeFileSync(join(folder, 'out', '0001.png'), makePng(8, 6, 200));
    },
  };
}

it('takes the output that is wanted where nothing is in the way', async () => {
  const { folder, choose } = opened();
  const { settings } = paperJob(folder);
  expect(await choose()).toEqual({ settings, folder: join(folder, 'out'), conflict: null, there: 0, warnings: [] });
  // Not even where a new version would be rendered.
  expect((await choose({}, { newVersion: true })).settings).toEqual(settings);
});

it('says what is in the way, or renders a new version beside it', async () => {
  const { folder, choose, occupy } = opened();
  occupy();
  expect((await choose()).conflict).toMatchObject({ frames: 1, job: null });
  expect(await choose({}, { newVersion: true })).toMatchObject({
    settings: { output: join(folder, 'out', 'v002', '####.png') },
    folder: join(folder, 'out', 'v002'),
    conflict: null,
  });
});

it('counts a version on beyond those of jobs that have rendered nothing yet', async () => {
  const { folder, store } = opened();
  const output = join(folder, 'out', '####.png');
  expect(await versionAfter(store, output)).toBe(join(folder, 'out', 'v002', '####.png'));
  store.add(paperJob(folder, { output: join(folder, 'out', 'v007', '####.png') }));
  expect(await versionAfter(store, output)).toBe(join(folder, 'out', 'v008', '####.png'));
});

it('gives two scenes of one name folders of their own, where nobody chose one', async () => {
  const { folder, store, choose } = opened();
  const sceneFolder = join(folder, 'shot');
  const output = join(sceneFolder, '####.png');
  const place = async (scene: string, choice: OutputChoice = { sceneFolder }) =>
    (await choose({ scene, output, overwrite: true }, choice)).settings.output;
  const add = (scene: string, where: string) => store.add(paperJob(folder, { scene, output: where }));
  expect(await place('/a/shot.glb')).toBe(output);
  add('/a/shot.glb', output);
  expect(await place('/a/shot.glb')).toBe(output);
  expect(await place('/b/shot.glb')).toBe(join(folder, 'shot-2', '####.png'));
  add('/b/shot.glb', join(folder, 'shot-2', 'below', '####.png'));
  expect(await place('/c/shot.glb')).toBe(join(folder, 'shot-3', '####.png'));
  add('/a/shot.glb', join(folder, 'sho', '####.png'));
  // Somebody chose it.
  expect(await place('/b/shot.glb', { sceneFolder: null })).toBe(output);
  expect(await place('/b/shot.glb', { sceneFolder: join(folder, 'sho') })).toBe(output);
});

it('knows a folder by what its links lead to, as far as it is there', async () => {
  const { folder } = opened();
  mkdirSync(join(folder, 'real'));
  symlinkSync(join(folder, 'real'), join(folder, 'link'));
  const { settings } = paperJob(folder, { output: join(folder, 'link', 'new', '####.png') });
  expect(await folderOf(settings)).toBe(join(folder, 'real', 'new'));
});
