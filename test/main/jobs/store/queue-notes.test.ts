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

it('has an id of its host that stays, and is another in another database', () => {
  const folders = [temporaryFolder(), temporaryFolder()];
  const ids = [...folders, ...folders].map((folder) => {
    const store = new JobStore(folder);
    const { host } = store.notes;
    store.close();
    return host;
  });
  expect(ids[0]).toMatch(/^[0-9a-f]{8}$/);
  expect(ids.slice(2)).toEqual(ids.slice(0, 2));
  expect(ids[1]).not.toBe(ids[0]);
});
