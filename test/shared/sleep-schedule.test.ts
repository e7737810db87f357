import { describe, expect, it } from 'vitest';
import { readSchedule, sleepsNow } from '../../src/shared/sleep-schedule';

/** 2026-11-29 is a Sunday. */
const SUNDAY = Date.parse('2026-11-29T00:00:00Z');
const weekTime = (day: number, hour: number, minute = 0): number => SUNDAY + ((day * 24 + hour) * 60 + minute) * 60_000;

describe('a sleep schedule', () => {
  it.each([
    ['mon-fri 8:00-18:00', weekTime(1, 8), true],
    ['mon-fri 8:00-18:00', weekTime(1, 7, 59), false],
    ['mon-fri 8:00-18:00', weekTime(5, 17, 59), true],
    ['mon-fri 8:00-18:00', weekTime(5, 18), false],
    ['mon-fri 8:00-18:00', weekTime(6, 12), false],
    ['Sat 10:00-12:30', weekTime(6, 12, 29), true],
    ['8:00-18:00', weekTime(0, 9), true],
    ['22:00-6:00', weekTime(3, 5), true],
    ['22:00-6:00', weekTime(3, 12), false],
    ['sat 22:00-6:00', weekTime(0, 5), true],
    ['sat 22:00-6:00', weekTime(1, 5), false],
    ['fri-mon 0:00-24:00', weekTime(0, 12), true],
    ['fri-mon 0:00-24:00', weekTime(2, 0), false],
    ['mon 8:00-9:00, tue 8:00-9:00', weekTime(2, 8, 30), true],
    ['none', weekTime(1, 12), false],
    ['', weekTime(1, 12), false],
  ])('“%s” at %i', (text, now, sleeps) => {
    expect(sleepsNow(readSchedule(text)!, now, 0)).toBe(sleeps);
  });

  it('is in the machine’s own time', () => {
    const times = readSchedule('mon 8:00-9:00')!;
    expect([sleepsNow(times, weekTime(1, 8), 60), sleepsNow(times, weekTime(1, 7), 60)]).toEqual([false, true]);
    expect(sleepsNow(times, weekTime(1, 18), -600)).toBe(true);
  });

  it.each(['8-18', 'mon 8:00', 'mo-fr 8:00-18:00', '8:00-8:00', '25:00-26:00', '8:60-9:00', 'mon,8:00-9:00'])(
    'is not “%s”',
    (text) => expect(readSchedule(text)).toBeNull(),
  );
});
