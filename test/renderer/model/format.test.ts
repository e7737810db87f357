import { describe, expect, it } from 'vitest';
import { describeFrame, formatBytes, formatDuration, formatRate, formatSeconds, jobProgress } from '../../../src/renderer/model/format';
import { sampleFrame, sampleJob } from '../../helpers/samples';

describe('numbers for people', () => {
  it('writes durations as clocks', () => {
    expect([0, 7.4, 754, 11_229, 187_200].map(formatDuration)).toEqual(['0:00', '0:07', '12:34', '3:07:09', '2 d 4 h']);
  });
  it('writes seconds with the digits that matter', () => {
    expect([0.0421, 0.42, 12.34, 75].map(formatSeconds)).toEqual(['0.042 s', '0.42 s', '12.3 s', '1:15']);
  });
  it('writes sizes and rates', () => {
    expect([12, 1_500, 549_000, 4_200_000_000].map(formatBytes)).toEqual(['12 B', '1.5 kB', '549 kB', '4.2 GB']);
    expect([3.149, 99.94, 1234.4].map(formatRate)).toEqual(['3.1', '99.9', '1,234']);
  });
  it('counts as progress what needs no more work', () => {
    expect(jobProgress(sampleJob({ frames: { total: 10, waiting: 4, rendering: 1, done: 2, failed: 1, skipped: 2 } }))).toBe(0.5);
  });
  it('says the state of a frame, and why it failed', () => {
    expect(describeFrame(3, undefined)).toBe('Frame 3, not in this job');
    expect(describeFrame(3, sampleFrame(3, 'done'))).toBe('Frame 3, done in 0.50 s');
    expect(describeFrame(3, sampleFrame(3, 'skipped'))).toBe('Frame 3, skipped: its image was there already');
    expect(describeFrame(3, sampleFrame(3, 'failed', { reason: 'No camera.' }))).toBe('Frame 3, failed: No camera.');
    expect(describeFrame(3, sampleFrame(3, 'waiting', { attempts: 1, reason: 'The page crashed.' }))).toBe('Frame 3, waiting for another try: The page crashed.');
  });
});
