import { describe, expect, it } from 'vitest';
import { type Demand, workersOf, workersWarning } from '../../../../src/main/jobs/workers/worker-limit';

const GB = 1e9;
const demand = (change: Partial<Demand> = {}): Demand => ({
  useful: 4,
  peakBytes: GB,
  living: 1,
  young: 0,
  cores: 8,
  freeBytes: 100 * GB,
  totalBytes: 128 * GB,
  ...change,
});

describe('room for workers', () => {
  it.each<[number, number | null, number, number]>([
    [0, null, 3, 3],
    [0, 8, 3, 8],
    [2, null, 3, 2],
    [2, 8, 3, 2],
    [4, 1, 3, 4],
    [0, 1, 3, 3],
    [0, 64, 3, 8],
  ])('with a preference of %i and a job that may use %s, where %i help, is %i', (preference, ofJob, useful, expected) =>
    expect(workersOf(preference, ofJob, demand({ useful }))).toBe(expected),
  );

  it.each<[string, Partial<Demand>, number]>([
    ['four fifths of the free memory', { freeBytes: 3 * GB, totalBytes: 4 * GB }, 3],
    ['a tenth of it that stays free', { freeBytes: 3 * GB, totalBytes: 16 * GB }, 2],
    ['what those take that have only started', { freeBytes: 5 * GB, totalBytes: 16 * GB, living: 3, young: 2 }, 4],
    ['those that live', { freeBytes: 0.5 * GB, totalBytes: 16 * GB, living: 2 }, 2],
    ['no memory at all, in which there is one', { freeBytes: 0, living: 0 }, 1],
    ['what one takes as a rule, where none has told', { peakBytes: null, freeBytes: 2.7 * GB, totalBytes: 16 * GB }, 3],
  ])('counts %s', (_what, change, expected) => {
    expect(workersOf(8, null, demand(change))).toBe(expected);
    expect(workersOf(0, 8, demand({ ...change, useful: 8 }))).toBe(expected);
  });

  it('is told where a job asks for more', () => {
    expect(workersWarning(64, 0, 2)).toBe(
      'This job asks for 64 workers and gets 2 at most, as many as the 2 cores of this machine bear; fewer where memory does not suffice.',
    );
    expect(workersWarning(8, 4, 16)).toMatch(/gets 4 at most, as many as the preference render.workers allows; fewer/);
    expect([workersWarning(2, 0, 2), workersWarning(null, 1, 2), workersWarning(4, 4, 2)]).toEqual([null, null, null]);
  });
});
