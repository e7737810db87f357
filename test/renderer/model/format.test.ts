import { describe, expect, it } from 'vitest';
import {
  describeFrame,
  formatAbout,
  formatBytes,
  formatDuration,
  formatMoment,
  formatRate,
  formatSeconds,
  formatTimeLeft,
  formatTimeWithDay,
  jobProgress,
} from '../../../src/renderer/model/format';
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
  it('writes times that are only estimates without false digits', () => {
    expect([0.2, 45, 89, 90, 754, 3_600, 11_229, 90_000, 187_200].map(formatAbout)).toEqual([
      '1 s',
      '45 s',
      '89 s',
      '2 min',
      '13 min',
      '1 h',
      '3 h 7 min',
      '1 d 1 h',
      '2 d 4 h',
    ]);
  });
  it('writes the time left with what suffices nine times out of ten', () => {
    expect(formatTimeLeft(null, 5)).toBeNull();
    expect(formatTimeLeft(720, null)).toBe('12 min');
    expect(formatTimeLeft(720, 1_080)).toBe('12 min (up to 18)');
    expect(formatTimeLeft(50, 110)).toBe('50 s (up to 2 min)');
    expect(formatTimeLeft(720, 725)).toBe('12 min');
    expect(formatTimeLeft(9_420, 12_000)).toBe('2 h 37 min (up to 3 h 20 min)');
  });
  it('writes moments with their day where that is another one', () => {
    const now = new Date(2026, 10, 21, 9).getTime();
    expect(formatMoment(new Date(2026, 10, 21, 18, 5).getTime(), now)).toBe('18:05');
    expect(formatMoment(new Date(2026, 10, 22, 2).getTime(), now)).toMatch(/^Sun,? 22 Nov, 02:00$/);
  });
  it('writes times with seconds and, where it is another one, their day', () => {
    const now = new Date(2026, 10, 21, 9).getTime();
    expect(formatTimeWithDay(new Date(2026, 10, 21, 18, 5, 7).getTime(), now)).toBe('18:05:07');
    expect(formatTimeWithDay(new Date(2026, 10, 20, 2, 0, 9).getTime(), now)).toMatch(/^Fri,? 20 Nov, 02:00:09$/);
  });
  it('counts as progress only images that are there', () => {
    expect(
      jobProgress(sampleJob({ frames: { total: 10, waiting: 4, rendering: 1, done: 2, failed: 1, skipped: 2 } })),
    ).toBe(0.4);
  });
  it('says the state of a frame, and why it failed', () => {
    expect(describeFrame(3, undefined)).toBe('Frame 3, not in this job');
    expect(describeFrame(3, undefined, 'loading')).toBe('Frame 3: its record is being read…');
    expect(describeFrame(3, undefined, null)).toBe('Frame 3');
    expect(describeFrame(3, sampleFrame(3, 'done'))).toBe('Frame 3, done in 0.50 s');
    expect(describeFrame(3, sampleFrame(3, 'skipped'))).toBe('Frame 3, skipped: its image was there already');
    expect(describeFrame(3, sampleFrame(3, 'failed', { reason: 'No camera.' }))).toBe('Frame 3 failed: No camera.');
    expect(describeFrame(3, sampleFrame(3, 'waiting', { attempts: 1, reason: 'The page crashed.' }))).toBe(
      'Frame 3, waiting for another attempt: The page crashed.',
    );
  });
});
