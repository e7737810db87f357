import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import { paperJob } from '../../../helpers/paper-queue';
import { temporaryFolder } from '../../../helpers/temporary-folder';

it('finds jobs by the folders that they write to', () => {
  const folder = temporaryFolder();
  const store = new JobStore(folder);
  onTestFinished(() => store.close());
  const at = (...path: string[]): string => join(folder, ...path);
  for (const to of [at('shot'), at('shot', 'v2'), at('shot-2'), at('shot'), at('shos')])
    store.add(paperJob(folder, { output: join(to, '####.png') }));
  store.setState(5, 'cancelled', 'by the test');
  const { outputs } = store;
  expect(outputs.jobsIn(at('shot'))).toEqual([4, 1]);
  expect(outputs.jobsBelow(at('shot'), 9)).toEqual([4, 2, 1]);
  expect(outputs.jobsBelow(at('shot'), 2)).toEqual([4, 2]);
  expect(outputs.jobsIn(at('none'))).toEqual([]);
  expect(outputs.unfinishedFolders()).toEqual([at('shot'), at('shot', 'v2'), at('shot-2')]);
  for (const id of [4, 1]) store.setState(id, 'cancelled', 'by the test');
  expect(outputs.endedFolders(9).sort()).toEqual([at('shos'), at('shot')]);
  expect(outputs.endedFolders(1)).toHaveLength(1);
  expect(outputs.patterns().sort()).toEqual(
    [at('shos'), at('shot'), at('shot', 'v2'), at('shot-2')].map((to) => join(to, '####.png')).sort(),
  );
});
