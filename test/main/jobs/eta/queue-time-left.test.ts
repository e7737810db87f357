import { describe, expect, it } from 'vitest';
import { guessWork, queueTimeLeft } from '../../../../src/main/jobs/eta/queue-time-left';

describe('the time left of the queue', () => {
  const work = (seconds: number, workers = 8) => ({ seconds, variance: 0, frame: 1, workers });

  it('takes jobs one after another with all workers', () => {
    expect(queueTimeLeft([work(100), work(60)], 1).p50).toBe(160);
    expect(queueTimeLeft([work(100), work(60)], 4).p50).toBeCloseTo(40, 0);
    expect(queueTimeLeft([], 4)).toEqual({ p50: 0, p90: 0 });
  });

  it('lets the next job have the workers that one may not use', () => {
    // 100 s with one worker; beside it 3 × 60 s with three.
    expect(queueTimeLeft([work(100, 1), work(180)], 4).p50).toBeCloseTo(100, 0);
    expect(queueTimeLeft([work(100, 1), work(600)], 4).p50).toBeCloseTo(175, 0);
  });

  it('is less certain of jobs that nothing is known of', () => {
    const alike = queueTimeLeft([guessWork(100, 2, 8, true)], 1);
    const unknown = queueTimeLeft([guessWork(100, 2, 8, false)], 1);
    expect(alike.p50).toBe(200);
    expect(unknown.p50).toBe(200);
    expect(unknown.p90 / 200).toBeGreaterThan((alike.p90 / 200) * 1.5);
  });

  it('ends whatever the figures of a job are', () => {
    for (const seconds of [Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_VALUE, -1])
      expect(queueTimeLeft([work(seconds), work(60)], 2).p50).not.toBe(0);
  });
});
