import { expect, it } from 'vitest';
import { formerVersion, frameBefore } from '../../../src/renderer/model/compare-frames';
import type { Job } from '../../../src/shared/jobs';
import { sampleJob } from '../../helpers/samples';

const job = (id: number, output: string, change: Partial<Job> = {}, versionOf: string | null = null): Job => {
  const made = sampleJob({ id, lastFrame: 1, ...change });
  return { ...made, settings: { ...made.settings, output, versionOf } };
};

it('finds the job that wrote the version before', () => {
  const jobs = [
    job(1, '/out/v001/####.png'),
    job(2, '/out/v002/####.png'),
    job(3, '/out/v003/####.png', { lastFrame: null }),
    job(4, '/out/v004/####.png'),
    job(5, '/other/v003/####.png'),
  ];
  // The third has written nothing.
  expect(formerVersion(jobs[3]!, jobs)?.id).toBe(2);
  expect(formerVersion(jobs[1]!, jobs)?.id).toBe(1);
  expect(formerVersion(jobs[0]!, jobs)).toBeNull();
  expect(formerVersion(job(6, '/out/####.png'), jobs)).toBeNull();
});

it('takes what a first version was made of', () => {
  const first = job(1, '/out/####.png');
  expect(formerVersion(job(2, '/out/v002/####.png', {}, '/out/####.png'), [first])?.id).toBe(1);
  expect(formerVersion(job(2, '/out/v002/####.png'), [first])).toBeNull();
});

it('finds the frame before one among those of its job', () => {
  expect([1, 3, 5, 6].map((frame) => frameBefore('1-9x2', frame))).toEqual([null, 1, 3, 5]);
  expect(frameBefore('20,-3,7', 7)).toBe(-3);
});
