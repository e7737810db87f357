import { expect, it } from 'vitest';
import type { Job, JobState } from '../../../../src/shared/jobs';
import { recentJobs } from '../../../../src/main/jobs/store/recent-jobs';

it('holds every job that is not finished, and those that ended last, in queue order', () => {
  const jobs: Record<number, { state: JobState; finishedAt: number | null }> = {
    4: { state: 'completed', finishedAt: 100 },
    2: { state: 'rendering', finishedAt: null },
    7: { state: 'failed', finishedAt: 300 },
    1: { state: 'queued', finishedAt: null },
    9: { state: 'cancelled', finishedAt: 200 },
    5: { state: 'paused', finishedAt: null },
  };
  const order = [4, 2, 7, 1, 9, 5];
  const store = {
    ranked: () => order,
    standing: (id: number) => ({ ...jobs[id]!, engine: 'gltf', priority: 0, position: id, startAt: null }),
    job: (id: number) => ({ id, ...jobs[id]! }) as unknown as Job,
  };
  expect(recentJobs(store, 2).map(({ id }) => id)).toEqual([2, 7, 1, 9, 5]);
  expect(recentJobs(store).map(({ id }) => id)).toEqual(order);
});
