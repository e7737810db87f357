import { describe, expect, it } from 'vitest';
import type { HostConnection } from '../../../src/main/cli/host-connection';
import { UNFINISHED, jobId, jobIds, listJobs, statesIn } from '../../../src/main/cli/list-jobs';
import { sampleJob } from '../../helpers/samples';

it('numbers of jobs are read with commas and ranges, each once', () => {
  expect(jobIds(['3', '5,7', '6-8'])).toEqual([3, 5, 7, 6, 8]);
  for (const bad of ['', 'x', '0', '1.5', '9-7', '1-9999999', '-3', '3,,4'])
    expect(() => jobIds([bad]), bad).toThrow(expect.objectContaining({ kind: 'arguments' }));
  expect(() => jobId('shot')).toThrow('“shot” is not the number of a job: “framegauge jobs” lists them.');
});

it('states are read with commas', () => {
  expect(statesIn('failed, Cancelled')).toEqual(['failed', 'cancelled']);
  expect(() => statesIn('broken')).toThrow(
    '--state cannot be “broken”: write queued, rendering, paused, completed, failed or cancelled, or several with commas.',
  );
  expect(() => statesIn('queued', ['completed', 'failed'])).toThrow(
    '--state cannot be “queued”: write completed or failed, or several with commas.',
  );
  expect(UNFINISHED).toEqual(['queued', 'rendering', 'paused']);
});

describe('a long list of jobs', () => {
  const all = Array.from({ length: 2_500 }, (_value, index) =>
    sampleJob({ id: index + 1, finishedAt: 10_000 - index }),
  );
  const asked: unknown[] = [];
  /** The least host that has a list: what is tested is what it is asked. */
  const host = {
    call: (operation: string, input: { offset: number; limit: number }) => {
      asked.push([operation, input.offset, input.limit]);
      return Promise.resolve({ jobs: all.slice(input.offset, input.offset + input.limit), total: all.length });
    },
  } as unknown as HostConnection;

  it('is read page by page', async () => {
    asked.length = 0;
    const { jobs, total } = await listJobs(host, { states: null, order: 'queue' });
    expect([jobs.length, total]).toEqual([2_500, 2_500]);
    expect(jobs).toEqual(all);
    expect(asked).toEqual([
      ['job.list', 0, 1_000],
      ['job.list', 1_000, 1_000],
      ['job.list', 2_000, 1_000],
    ]);
  });

  it('is read as far as it is wanted', async () => {
    asked.length = 0;
    expect((await listJobs(host, { states: null, order: 'finished' }, { limit: 30 })).jobs).toHaveLength(30);
    expect(
      (await listJobs(host, { states: null, order: 'finished' }, { before: (job) => job.finishedAt! < 9_500 })).jobs,
    ).toHaveLength(501);
    expect(asked).toEqual([
      ['job.list', 0, 30],
      ['job.list', 0, 1_000],
    ]);
  });
});
