import { expect, it } from 'vitest';
import { READING } from '../../../../src/main/addons/kit/jobs-use';
import { operations } from '../../../../src/shared/host-api';

it('calls reading what the host lets readers do', () => {
  const operationOf = (name: string): keyof typeof operations =>
    name === 'jobs.queue' ? 'queue.get' : (name.replace('jobs.', 'job.') as keyof typeof operations);
  const ofJobs = [...READING].filter((name) => name.startsWith('jobs.'));
  expect(ofJobs.map((name) => operations[operationOf(name)].access)).toEqual(ofJobs.map(() => 'read'));
});
