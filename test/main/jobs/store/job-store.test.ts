import { expect, it, onTestFinished } from 'vitest';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import { paperJob } from '../../../helpers/paper-queue';
import { temporaryFolder } from '../../../helpers/temporary-folder';

function open(folder = temporaryFolder()): { store: JobStore; folder: string } {
  const store = new JobStore(folder);
  onTestFinished(() => store.close());
  return { store, folder };
}

/** Everything that there is of jobs and frames, and again after a restart: nothing may differ. */
function expectSameAfterRestart(store: JobStore, folder: string): void {
  const all = (from: JobStore): unknown =>
    from.jobs().map((job) => [{ ...job, framesPerMinute: null }, from.frames.list(job.id), from.folder(job.id)]);
  const before = all(store);
  store.close();
  expect(all(open(folder).store)).toEqual(before);
}

it('keeps what a job was taken with', () => {
  const { store, folder } = open();
  store.add(paperJob(folder));
  const job = store.add({
    ...paperJob(folder, { frames: '3,2,1,7', order: 'list' }),
    priority: 4,
    after: [1],
    startAt: 99,
    warnings: ['The texture is missing.'],
    fingerprint: 'red',
    folder: '/resolved',
  });
  expect(job).toMatchObject({
    id: 2,
    state: 'queued',
    position: 2,
    priority: 4,
    after: [1],
    startAt: 99,
    warnings: ['The texture is missing.'],
    waitsFor: 'job 1 (paper) to complete',
    frames: { total: 4, waiting: 4 },
  });
  expect(store.frames.numbers(2, ['waiting'])).toEqual([3, 2, 1, 7]);
  expect([store.fingerprint(2), store.folder(2)]).toEqual(['red', '/resolved']);
  expectSameAfterRestart(store, folder);
});

it('puts frames in work back to waiting with every state but rendering', () => {
  const { store, folder } = open();
  const { id } = store.add(paperJob(folder));
  store.setState(id, 'rendering', null);
  store.tries.start(id, 2);
  expect(store.setState(id, 'paused', 'paused by the user')).toMatchObject({
    state: 'paused',
    reason: 'paused by the user',
    frames: { waiting: 3, rendering: 0 },
  });
  expect(store.frames.get(id, 2)?.state).toBe('waiting');
  expect(() => store.setState(id, 'completed', null)).toThrow('Job 1 cannot become completed: it is paused.');
  expect(store.job(id)?.state).toBe('paused');
  expectSameAfterRestart(store, folder);
});

it('lets failed frames, or all, wait as if they had never been tried', () => {
  const { store, folder } = open();
  const { id } = store.add(paperJob(folder));
  store.setState(id, 'rendering', null);
  const [first, second] = [1, 2].map((frame) => ({ jobId: id, frame, lease: store.tries.start(id, frame).lease }));
  store.tries.done(first!, { file: '/out/1.png', seconds: 1, suspicion: 'It is black.' });
  store.tries.fail(second!, 'No.');
  store.setState(id, 'failed', '1 frame failed');
  expect(store.requeue(id, 'failed')).toMatchObject({
    state: 'queued',
    reason: null,
    finishedAt: null,
    suspicious: 1,
    frames: { done: 1, failed: 0, waiting: 2 },
  });
  expect(store.frames.get(id, 2)).toMatchObject({ state: 'waiting', attempts: 0, reason: null });
  expect(store.requeue(id, 'all')).toMatchObject({ suspicious: 0, frames: { done: 0, waiting: 3 } });
  expectSameAfterRestart(store, folder);
});

it('keeps the state of frames that are in the new range too, in the new order', () => {
  const { store, folder } = open();
  const { id } = store.add(paperJob(folder, { frames: '1-4' }));
  store.setState(id, 'rendering', null);
  for (const frame of [1, 3]) {
    const { lease } = store.tries.start(id, frame);
    store.tries.done({ jobId: id, frame, lease }, { file: `/out/${frame}.png`, seconds: 1 });
  }
  store.tries.skip({ jobId: id, frame: 2 }, '/out/2.png');
  store.setState(id, 'paused', null);
  const settings = { ...store.settings(id), frames: '6,3,2', order: 'list' } as const;
  expect(store.setSettings(id, settings, 'none', '/elsewhere')).toMatchObject({
    frames: { total: 3, done: 1, skipped: 1, waiting: 1 },
  });
  expect(store.frames.list(id).map(({ frame, state }) => `${frame} ${state}`)).toEqual([
    '6 waiting',
    '3 done',
    '2 skipped',
  ]);
  expect(store.folder(id)).toBe('/elsewhere');
  expect(store.setSettings(id, settings, 'skipped').frames).toMatchObject({ done: 1, skipped: 0, waiting: 2 });
  expect(store.setSettings(id, settings, 'images').frames).toMatchObject({ done: 0, waiting: 3 });
  expectSameAfterRestart(store, folder);
});

it('frees the jobs after one that had completed when it is removed, and no others', () => {
  const { store, folder } = open();
  for (let job = 0; job < 2; job++) store.add(paperJob(folder));
  store.add({ ...paperJob(folder), after: [1, 2] });
  store.setState(1, 'rendering', null);
  store.setState(1, 'completed', null);
  store.remove(1);
  store.remove(2);
  expect(store.job(3)).toMatchObject({ after: [2], waitsFor: expect.stringMatching(/^job 2, which was removed/) });
  expect(store.frames.list(1)).toEqual([]);
  expect(store.followers(2)).toEqual([3]);
  expect(store.job(1)).toBeNull();
  expectSameAfterRestart(store, folder);
});

it('changes schedule and order', () => {
  const { store, folder } = open();
  for (let job = 0; job < 3; job++) store.add(paperJob(folder));
  store.setSchedule(2, { priority: 7, after: [3], startAt: 5 });
  expect(store.standing(2)).toEqual({
    engine: 'gltf',
    state: 'queued',
    priority: 7,
    position: 2,
    startAt: 5,
    finishedAt: null,
  });
  expect(store.standing(4)).toBeNull();
  expect(store.ranked()).toEqual([2, 1, 3]);
  expect(store.move(3, 1).map(({ id }) => id)).toEqual([3]);
  expect(store.ids()).toEqual([3, 1, 2]);
  expectSameAfterRestart(store, folder);
});

it('keeps each warning once, and no more than fifty', () => {
  const { store, folder } = open();
  const { id } = store.add(paperJob(folder));
  expect(store.addWarnings(id, ['one', 'two', 'one'])).toBe(true);
  expect(store.addWarnings(id, ['two'])).toBe(false);
  expect(
    store.addWarnings(
      id,
      Array.from({ length: 80 }, (_value, index) => `more ${index}`),
    ),
  ).toBe(true);
  expect(store.job(id)!.warnings).toHaveLength(50);
  expect(store.job(id)!.warnings.slice(0, 2)).toEqual(['one', 'two']);
});

it('keeps notes about the queue', () => {
  const { store, folder } = open();
  expect(store.notes.note('state')).toBeNull();
  store.notes.setNote('state', 'paused');
  store.notes.setNote('state', 'running');
  store.close();
  expect(open(folder).store.notes.note('state')).toBe('running');
});
