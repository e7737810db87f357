import { describe, expect, it } from 'vitest';
import type { Job } from '../../../src/shared/jobs';
import { causeOf, endsOf } from '../../../src/renderer/model/job-ends';
import { sampleJob } from '../../helpers/samples';

const failed = (id: number, reason: string | null, change: Partial<Job> = {}): Job =>
  sampleJob({ id, name: `shot ${id}`, state: 'failed', finishedAt: 9, reason, ...change });

describe('the cause of an end', () => {
  it('is the same but for numbers and what names the job', () => {
    expect(causeOf(failed(1, 'frame 3 of /scenes/turntable.glb failed'))).toBe(
      causeOf(
        failed(2, 'frame 12 of /scenes/other.glb failed', {
          settings: { ...sampleJob().settings, scene: '/scenes/other.glb' },
        }),
      ),
    );
    expect(causeOf(failed(1, 'shot 1 is gone'))).toBe(causeOf(failed(2, 'shot 2 is gone')));
    expect(causeOf(failed(1, 'the disk is full'))).not.toBe(causeOf(failed(2, 'the scene is gone')));
    expect(causeOf(failed(1, null))).not.toBe(causeOf(failed(1, null, { state: 'completed' })));
  });
});

describe('the sentence about several ends', () => {
  const single = { level: 'error', text: 'shot 1 failed: the disk is full' } as const;
  it('is the job’s own for one, and names the first of many', () => {
    const jobs = [1, 2, 3, 4].map((id) => failed(id, 'the disk is full'));
    expect(endsOf(jobs.slice(0, 1), single)).toBe(single);
    expect(endsOf(jobs.slice(0, 2), single).text).toBe('2 jobs failed (shot 1, shot 2): the disk is full');
    expect(endsOf(jobs, single).text).toBe('4 jobs failed (shot 1, shot 2 and 2 others): the disk is full');
  });

  it('adds up what was rendered', () => {
    const done = (id: number): Job =>
      sampleJob({
        id,
        name: 'lamp',
        state: 'completed',
        frames: { total: 9, waiting: 0, rendering: 0, done: 9, failed: 0, skipped: 0 },
      });
    expect(endsOf([done(1), done(2)], { level: 'success', text: '' })).toEqual({
      level: 'success',
      text: '2 jobs are done, with 18 frames rendered: lamp.',
    });
  });
});
