import { expect, it } from 'vitest';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import { temporaryFolder } from '../../../helpers/temporary-folder';

it('keeps the last text of each key, also for the next start', () => {
  const folder = temporaryFolder();
  const store = new JobStore(folder);
  expect(store.notes.note('state')).toBeNull();
  store.notes.setNote('state', 'running');
  store.notes.setNote('other', 'kept');
  store.notes.setNote('state', 'paused');
  store.close();
  const again = new JobStore(folder);
  expect([again.notes.note('state'), again.notes.note('other')]).toEqual(['paused', 'kept']);
  again.close();
});
