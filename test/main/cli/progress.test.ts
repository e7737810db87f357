import { describe, expect, it } from 'vitest';
import { formatDuration, progressLine } from '../../../src/main/cli/progress';
import type { Job } from '../../../src/shared/jobs';
import { sampleJob } from '../../helpers/samples';

const job = (done: number, change: Partial<Job> = {}): Job =>
  sampleJob({
    frames: { total: 48, done, skipped: 0, failed: 0, waiting: 48 - done, rendering: 0 },
    framesPerMinute: 120,
    secondsLeft: 12,
    ...change,
  });

describe('progressLine', () => {
  it('fits the terminal, however narrow', () => {
    for (const columns of [20, 40, 80, 200])
      for (const done of [0, 24, 48])
        expect(progressLine(job(done), columns).length).toBeLessThan(Math.max(21, columns));
  });
  it('shows frames, pace and time left', () =>
    expect(progressLine(job(24), 80)).toMatch(/^█+░+ {2}24\/48 frames · 120\.0 frames\/min · 0:12 left$/));
  it('names what was skipped or failed', () => {
    const line = progressLine(
      job(1, { frames: { total: 4, done: 1, skipped: 2, failed: 1, waiting: 0, rendering: 0 } }),
      100,
    );
    expect(line).toContain('4/4 frames · 2 skipped · 1 failed');
    expect(line).not.toContain('left');
  });
});

it.each([
  [0, '0:00'],
  [7.4, '0:07'],
  [750, '12:30'],
  [3723, '1:02:03'],
  [-1, '0:00'],
] as const)('%d seconds are %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
