import { expect, it } from 'vitest';
import { type EstimateStart, createQueueEstimates } from '../../../../src/main/jobs/eta/queue-estimates';
import { sampleFrame, sampleJob } from '../../../helpers/samples';

const counts = (waiting: number) => ({ total: waiting, waiting, rendering: 0, done: 0, failed: 0, skipped: 0 });
const nothingSeen = (frames: number): EstimateStart => ({
  outstanding: Array.from({ length: frames }, (_, index) => index + 1),
  rendering: [],
  seen: [],
});

/** Estimates with one worker that has rendered the first frames of job 1, two seconds each. */
function afterFrames(done: number, workers = 1) {
  const starts: number[] = [];
  const estimates = createQueueEstimates({
    start(id) {
      starts.push(id);
      return nothingSeen(10);
    },
    workers: () => workers,
  });
  const job = sampleJob({ id: 1, frames: counts(10) });
  for (let frame = 1; frame <= done; frame++) {
    estimates.frame(job, sampleFrame(frame, 'rendering'), (frame - 1) * 2_000);
    estimates.frame(job, sampleFrame(frame, 'done', { seconds: 2, slot: 1, writtenAt: frame * 2_000 }), frame * 2_000);
  }
  return { estimates, job, starts };
}

it('tells nothing before a frame was written, and reads a job’s frames once', () => {
  const { estimates, job, starts } = afterFrames(0);
  expect(estimates.job(job, 0)).toBeNull();
  expect(estimates.queue([job], 0)).toBeNull();
  expect(estimates.queue([], 0)).toEqual({ p50: 0, p90: 0 });
  expect(starts).toEqual([]);
  expect(afterFrames(4).starts).toEqual([1]);
});

it('tells a job’s time and the queue’s, jobs of the same kind included', () => {
  const { estimates, job } = afterFrames(5);
  const like = sampleJob({ id: 2, state: 'queued', frames: counts(48) });
  expect(estimates.job(job, 10_000)!.p50).toBeCloseTo(10, 0);
  expect(estimates.job(like, 10_000)!.p50).toBeCloseTo(96, 0);
  const both = estimates.queue([job, like], 10_000)!;
  expect(both.p50).toBeCloseTo(106, 0);
  expect(both.p90).toBeGreaterThan(both.p50);
});

it('guesses with less certainty what a job of another kind takes, for the queue alone', () => {
  const { estimates, job } = afterFrames(5);
  const other = sampleJob({ id: 2, state: 'queued', frames: counts(48) }, { scene: '/scenes/other.glb' });
  const like = sampleJob({ id: 3, state: 'queued', frames: counts(48) });
  expect(estimates.job(other, 10_000)).toBeNull();
  expect(estimates.queue([job, other], 10_000)!.p90).toBeGreaterThan(estimates.queue([job, like], 10_000)!.p90 * 1.3);
});

it('leaves out jobs that are paused, and those that ended', () => {
  const { estimates, job } = afterFrames(5);
  expect(estimates.queue([job, sampleJob({ id: 2, state: 'paused', frames: counts(48) })], 10_000)!.p50).toBeCloseTo(
    10,
    0,
  );
  expect(estimates.job({ ...job, state: 'completed' }, 10_000)).toBeNull();
});

it('remembers what frames took when a job was requeued, and begins it anew', () => {
  const { estimates, job, starts } = afterFrames(10);
  expect(estimates.job(job, 20_000)).toEqual({ p50: 0, p90: 0 });
  estimates.forget(job);
  expect(estimates.job(job, 20_000)!.p50).toBeCloseTo(20, 0);
  estimates.frame(job, sampleFrame(1, 'rendering'), 20_000);
  expect(starts).toEqual([1, 1]);
});

it('follows frames that are given up or wait again, and how many workers there are', () => {
  const { estimates, job } = afterFrames(6, 2);
  expect(estimates.job(job, 12_000)!.p50).toBeCloseTo(4, 0);
  estimates.frame(job, sampleFrame(7, 'failed'), 12_000);
  estimates.frame(job, sampleFrame(8, 'skipped'), 12_000);
  expect(estimates.job(job, 12_000)!.p50).toBeCloseTo(2, 0);
  estimates.frame(job, sampleFrame(8, 'waiting'), 12_000);
  estimates.frame(job, sampleFrame(7, 'waiting'), 12_000);
  expect(estimates.job(job, 12_000)!.p50).toBeCloseTo(4, 0);
  // A job may be allowed less than all.
  expect(estimates.job({ ...job, settings: { ...job.settings, workers: 1 } }, 12_000)!.p50).toBeCloseTo(8, 0);
});
