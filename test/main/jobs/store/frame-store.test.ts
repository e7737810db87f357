import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../../src/main/jobs/store/database';
import { firstOf } from '../../../../src/main/jobs/store/frame-store';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import { paperJob } from '../../../helpers/paper-queue';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const stamp = (frame: number) => ({ path: `/out/${frame}.png`, bytes: frame, modifiedAt: 1 });

/** Frames 5 to 1 of job 2: 5 is done, 4 failed on slot 1, 3 failed once on slot 2 and waits, 2 is in work, 1 waits. */
function halfway(): JobStore {
  const folder = temporaryFolder();
  const store = new JobStore(folder);
  onTestFinished(() => store.close());
  store.add(paperJob(folder));
  const jobId = store.add(paperJob(folder, { frames: '5,4,3,2,1', order: 'list' })).id;
  store.setState(jobId, 'rendering', null);
  const start = (frame: number, slot: number) => ({ jobId, frame, lease: store.tries.start(jobId, frame, slot).lease });
  store.tries.done(start(5, 1), {
    file: '/out/5.png',
    seconds: 2,
    stamps: [stamp(5)],
    fingerprint: 'red',
    suspicion: 'It is black.',
  });
  store.tries.fail(start(4, 1), 'No.', [stamp(4)]);
  store.tries.release(start(3, 2), 'Not yet.');
  start(2, 1);
  return store;
}

it('lists frames in their order, page by page, of all states or of some', () => {
  const { frames } = halfway();
  const numbers = (...asked: Parameters<typeof frames.list>): number[] =>
    frames.list(...asked).map(({ frame }) => frame);
  expect(numbers(2)).toEqual([5, 4, 3, 2, 1]);
  expect(numbers(2, { offset: 1, limit: 2 })).toEqual([4, 3]);
  expect(numbers(2, { states: ['waiting', 'done'] })).toEqual([5, 3, 1]);
  expect(numbers(2, { states: ['waiting', 'done'], offset: 1, limit: 1 })).toEqual([3]);
  expect(numbers(7)).toEqual([]);
});

it('finds single frames', () => {
  const { frames } = halfway();
  expect(frames.get(2, 4)).toMatchObject({ frame: 4, state: 'failed', reason: 'No.', file: null });
  expect(frames.get(2, 9)).toBeNull();
  expect(frames.firstFailed(2)?.frame).toBe(4);
  expect(frames.firstSuspicious(2)?.frame).toBe(5);
  expect([frames.firstFailed(1), frames.firstSuspicious(1)]).toEqual([null, null]);
  expect([3, 5, 9].map((frame) => frames.failures(2, frame))).toEqual([1, 0, 0]);
});

it('tells which frame is next, and not where it failed just now', () => {
  const { frames, tries } = halfway();
  expect(frames.numbers(2, ['waiting'])).toEqual([3, 1]);
  expect([frames.nextWaiting(2), frames.nextWaiting(2, 1), frames.nextWaiting(2, 2)]).toEqual([3, 3, 1]);
  for (const frame of [3, 1]) tries.start(2, frame);
  expect(frames.nextWaiting(2)).toBeNull();
});

it('finds the next frame without going through those before it', () => {
  const folder = temporaryFolder();
  const { database } = openDatabase(join(folder, 'queue.sqlite'));
  onTestFinished(() => void database.close());
  for (const query of [firstOf('waiting'), firstOf('failed', '*'), firstOf('waiting', 'frame', 'AND slot IS NOT 1')])
    expect(database.prepare(`EXPLAIN QUERY PLAN ${query}`).all(1)).toMatchObject([
      { detail: 'SEARCH frames USING INDEX frames_by_state (job_id=? AND state=?)' },
    ]);
});

it('knows what a job wrote', () => {
  const { frames } = halfway();
  expect(frames.stamps(2)).toEqual([stamp(5), stamp(4)]);
  expect([frames.stamps(2, 4), frames.stamps(2, 3)]).toEqual([[stamp(4)], []]);
  const record = { job: 2, frame: 5, position: 0, fingerprint: 'red', writtenAt: expect.any(Number) };
  expect(frames.record(2, 5)).toEqual({ ...record, stamps: [stamp(5)] });
  expect(frames.record(2, 3)).toBeNull();
  const partial = { job: 2, frame: 4, position: 1, fingerprint: null, writtenAt: null };
  expect(frames.recordsAfter(2, -1, 5)).toEqual([record, partial]);
  expect(frames.recordsAfter(2, -1, 1)).toEqual([record]);
  expect(frames.recordsAfter(2, 0, 5)).toEqual([partial]);
});

it('tells an estimate what it begins with', () => {
  expect(halfway().frames.estimateStart(2)).toEqual({
    outstanding: [3, 2, 1],
    rendering: [{ frame: 2, startedAt: expect.any(Number) }],
    seen: [{ frame: 5, seconds: 2, slot: 1, writtenAt: expect.any(Number) }],
  });
});
