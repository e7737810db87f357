import { describe, expect, it } from 'vitest';
import { againFrames, endOf, jobStateWords, whyWaiting } from '../../../src/renderer/model/job-sentences';
import { sampleJob } from '../../helpers/samples';

const frames = { total: 48, waiting: 0, rendering: 0, done: 48, failed: 0, skipped: 0 };
const rendering = sampleJob();

describe('what is said of a job', () => {
  it('tells a completed job with failures from one without', () => {
    expect(jobStateWords(sampleJob({ state: 'completed', frames }))).toBe('Completed');
    expect(jobStateWords(sampleJob({ state: 'completed', frames: { ...frames, done: 46, failed: 2 } }))).toBe(
      'Completed with failures',
    );
  });

  it('renders of a cancelled job what remains, and of one that failed what failed, too', () => {
    const left = { ...frames, done: 40, waiting: 6, failed: 2 };
    const asked = (['cancelled', 'failed', 'completed'] as const).map((state) =>
      againFrames(sampleJob({ state, frames: left })),
    );
    expect(asked).toEqual(['remaining', 'failed', 'failed']);
    expect(againFrames(sampleJob({ state: 'cancelled', frames: { ...left, waiting: 0 } }))).toBe('failed');
  });

  it('says why a job waits: in the host’s words, else when it starts', () => {
    const now = new Date(2026, 10, 21, 9).getTime();
    const job = sampleJob({ state: 'queued' });
    expect(whyWaiting({ ...job, waitsFor: 'job 2 (lamp) to complete' }, now)).toBe(
      'Waits for job 2 (lamp) to complete',
    );
    expect(whyWaiting({ ...job, startAt: new Date(2026, 10, 21, 18).getTime() }, now)).toBe('Starts 18:00');
    expect(whyWaiting({ ...job, startAt: now - 1 }, now)).toBe('Waits for its turn');
    expect(whyWaiting({ ...job, settings: { ...job.settings, preview: true } }, now)).toBe('Waits for a free worker');
  });

  it('tells an end once, with what came of it', () => {
    const done = sampleJob({ state: 'completed', frames, startedAt: 1_000, finishedAt: 61_000 });
    expect(endOf(rendering, done)).toEqual({
      level: 'success',
      text: 'turntable is done: 48 frames rendered in 1:00.',
    });
    expect(endOf(done, done)).toBeNull();
    expect(endOf(undefined, done)).toBeNull();
    expect(endOf(rendering, { ...done, frames: { ...frames, done: 46, failed: 2 } })).toEqual({
      level: 'warning',
      text: 'turntable is done with failures: 46 frames rendered in 1:00, 2 failed.',
    });
    expect(endOf(rendering, sampleJob({ state: 'failed', reason: 'no camera' }))).toEqual({
      level: 'error',
      text: 'turntable failed: no camera',
    });
    expect(endOf(rendering, { ...done, frames: { ...frames, done: 0, skipped: 48 } })?.level).toBe('warning');
    expect(endOf(rendering, sampleJob({ state: 'cancelled' }))).toBeNull();
  });
});
