import { describe, expect, it } from 'vitest';
import type { Job } from '../../../src/shared/jobs';
import { jobTable } from '../../../src/renderer/model/job-table';
import { queueEntries } from '../../../src/renderer/model/queue-entries';
import { matcherOf, stateCounts } from '../../../src/renderer/model/queue-filter';
import { sampleJob } from '../../helpers/samples';

const queued = (id: number, change: Partial<Job> = {}): Job =>
  sampleJob({ id, name: `shot ${id}`, state: 'queued', position: id, ...change });
const jobs = jobTable([
  queued(1),
  queued(2, { priority: 5 }),
  queued(3),
  queued(4, { state: 'failed', finishedAt: 4, reason: 'The disk is full.' }),
  queued(5, { state: 'completed', finishedAt: 5 }),
]);
const plain = { listed: null, sort: null, unfolded: true } as const;

describe('the lines of the queue', () => {
  it('are run order, a heading for each of several priorities, and what has ended below', () => {
    expect(queueEntries(jobs, plain)).toEqual(['priority 5', 2, 'priority 0', 1, 3, 'finished', 5, 4]);
    expect(queueEntries(jobs, { ...plain, unfolded: false })).toEqual([
      'priority 5',
      2,
      'priority 0',
      1,
      3,
      'finished',
    ]);
    expect(queueEntries(jobTable([queued(1), queued(2)]), plain)).toEqual([1, 2]);
  });

  it('find what is looked for though it is folded, and have no heading above nothing', () => {
    const listed = matcherOf({ text: 'disk', states: [], machine: null, open: true });
    expect(queueEntries(jobs, { ...plain, listed, unfolded: false })).toEqual(['finished', 4]);
    const third = matcherOf({ text: '#3', states: [], machine: null, open: true });
    expect(queueEntries(jobs, { ...plain, listed: third })).toEqual(['priority 0', 3]);
  });

  it('are one list where they are sorted', () => {
    expect(queueEntries(jobs, { ...plain, sort: { column: 'number', descending: true } })).toEqual([5, 4, 3, 2, 1]);
  });
});

describe('the filter', () => {
  const finds = (text: string, job: Job): boolean => matcherOf({ text, states: [], machine: null, open: true })(job);
  it('wants every word, in name, scene, reason or number, large letters or small', () => {
    const job = queued(12, { name: 'Kitchen', reason: 'the GPU is gone' });
    for (const text of ['kitch', 'KITCHEN gpu', '12', '#12', 'turntable.glb', '  '])
      expect(finds(text, job)).toBe(true);
    for (const text of ['kitchen cpu', '1', '#2', '123']) expect(finds(text, job)).toBe(false);
  });

  it('takes a number that is in a name for one of its words', () => {
    expect(finds('104', queued(7, { name: 'shot_104' }))).toBe(true);
  });

  it('counts states, and lists those that are chosen', () => {
    expect(stateCounts(jobs)).toMatchObject({ queued: 3, failed: 1, completed: 1, paused: 0 });
    expect(matcherOf({ text: '', states: ['failed', 'paused'], machine: null, open: true })(jobs.byId.get(4)!)).toBe(
      true,
    );
    expect(matcherOf({ text: '', states: ['paused'], machine: null, open: true })(jobs.byId.get(4)!)).toBe(false);
  });

  it('lists the jobs that a machine has had frames of', () => {
    const onLeft = matcherOf({ text: '', states: [], machine: 'left', open: false });
    expect(onLeft(sampleJob({ machines: ['right', 'left'] }))).toBe(true);
    expect(onLeft(sampleJob({ machines: ['right'] }))).toBe(false);
  });
});
