import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JobList } from '../../../../src/main/jobs/store/job-list';
import { JobEntry, type JobRow } from '../../../../src/main/jobs/store/job-row';
import { rowOf } from '../../../../src/main/jobs/store/new-job';
import { sampleSettings } from '../../../helpers/samples';

function entry(id: number, change: Partial<JobRow> = {}): JobEntry {
  const job = { name: `job ${id}`, engine: 'gltf', settings: sampleSettings() } as const;
  return new JobEntry({ id, ...rowOf(job, id, 3), ...change });
}

const ids = (entries: readonly JobEntry[]): number[] => entries.map(({ row }) => row.id);

const list = (...changes: Partial<JobRow>[]): JobList =>
  new JobList(changes.map((change, index) => entry(index + 1, change)));

/** Moves as the store does. @returns the jobs whose position changed */
function move(jobs: JobList, id: number, before: number | null): number[] {
  const positions = jobs.positionsWhenMoved(jobs.get(id), before === null ? null : jobs.get(before));
  jobs.reorder(positions);
  return ids([...positions.keys()]);
}

it('finds jobs by their number', () => {
  const jobs = list({}, {});
  expect(jobs.find(2)?.row.name).toBe('job 2');
  expect(jobs.find(3)).toBeUndefined();
  expect(() => jobs.get(3)).toThrow('There is no job 3.');
});

it('ranks by priority, then by position, whatever changes', () => {
  const jobs = list({}, { priority: 5 }, {}, { priority: 5 });
  expect(ids(jobs.ranked())).toEqual([2, 4, 1, 3]);
  jobs.update(jobs.get(3), { priority: 9 });
  expect(ids(jobs.ranked())).toEqual([3, 2, 4, 1]);
  move(jobs, 4, 2);
  expect(ids(jobs.ranked())).toEqual([3, 4, 2, 1]);
  jobs.add(entry(5, { priority: 9, place: jobs.nextPosition() }));
  jobs.remove(jobs.get(4));
  expect(ids(jobs.ranked())).toEqual([3, 5, 2, 1]);
});

it('knows which jobs have not ended', () => {
  const jobs = list({ state: 'completed' }, {}, { state: 'paused' }, { state: 'failed' });
  expect([ids(jobs.unfinished()), jobs.unfinishedCount]).toEqual([[2, 3], 2]);
  jobs.update(jobs.get(1), { state: 'queued' });
  jobs.update(jobs.get(3), { state: 'cancelled' });
  expect(ids(jobs.unfinished())).toEqual([1, 2]);
  expect(ids(jobs.inStates(['queued']))).toEqual([1, 2]);
  expect(ids(jobs.inStates(['queued', 'failed']))).toEqual([1, 2, 4]);
  expect(ids(jobs.inStates())).toEqual([1, 2, 3, 4]);
  jobs.remove(jobs.get(2));
  expect([ids(jobs.unfinished()), jobs.unfinishedCount]).toEqual([[1], 1]);
});

it('has a few unfinished jobs among many in queue order', () => {
  const jobs = list(...Array.from({ length: 50 }, (): Partial<JobRow> => ({ state: 'completed' })));
  for (const id of [40, 3, 17]) jobs.update(jobs.get(id), { state: 'queued' });
  move(jobs, 40, 1);
  expect(ids(jobs.unfinished())).toEqual([40, 3, 17]);
});

it('knows which jobs come after one', () => {
  const jobs = list({}, { comes_after: '[1]' }, { comes_after: '[1,2]' });
  expect([1, 2, 3].map((id) => jobs.followers(id))).toEqual([[2, 3], [3], []]);
  jobs.update(jobs.get(3), { comes_after: '[2]' });
  expect(jobs.followers(1)).toEqual([2]);
  jobs.remove(jobs.get(3));
  expect(jobs.followers(2)).toEqual([]);
});

describe('moving', () => {
  it('changes the position of the moved job only', () => {
    const jobs = list({}, {}, {});
    expect(move(jobs, 3, 1)).toEqual([3]);
    expect(ids(jobs.all())).toEqual([3, 1, 2]);
    expect(move(jobs, 3, null)).toEqual([3]);
    expect(ids(jobs.all())).toEqual([1, 2, 3]);
    expect(move(jobs, 2, 2)).toEqual([2]);
    expect(ids(jobs.all())).toEqual([1, 2, 3]);
  });

  it('numbers all anew once two have no room between them', () => {
    const jobs = list({}, {}, {});
    let changed: number[] = [];
    for (let turn = 0; turn < 60 && changed.length < 3; turn++) changed = move(jobs, turn % 2 === 0 ? 1 : 2, 3);
    expect(changed).toHaveLength(3);
    expect(jobs.all().map(({ row }) => row.place)).toEqual([1, 2, 3]);
  });

  it('gives the order that was asked for, however often', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(7), fc.option(fc.nat(7)))), (moves) => {
        const jobs = list({}, {}, {}, {}, {}, {}, {}, {});
        let expected = ids(jobs.all());
        for (const [from, to] of moves) {
          const [id, before] = [from + 1, to === null ? null : to + 1];
          if (id !== before) {
            const others = expected.filter((other) => other !== id);
            others.splice(before === null ? others.length : others.indexOf(before), 0, id);
            expected = others;
          }
          move(jobs, id, before);
          expect(ids(jobs.all())).toEqual(expected);
        }
      }),
    );
  });
});
