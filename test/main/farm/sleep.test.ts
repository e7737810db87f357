import { expect, it } from 'vitest';
import { sleepOf } from '../../../src/main/farm/sleep';

/** A Monday. */
const TEN = Date.parse('2026-11-30T10:00:00Z');
const always = { sleep: '', idleMinutes: null };

it('is asleep by its schedule, in its own time', () => {
  const settings = { ...always, sleep: 'mon-fri 8:00-18:00' };
  expect(sleepOf('left', settings, { idleSeconds: null, utcOffset: 0 }, TEN)).toEqual({
    reason: '“left” is asleep by its schedule: mon-fri 8:00-18:00.',
    handsBack: false,
  });
  expect(sleepOf('left', settings, { idleSeconds: null, utcOffset: -180 }, TEN)).toBeNull();
});

it('is asleep while somebody uses it, and hands its frames back', () => {
  const settings = { ...always, idleMinutes: 10 };
  const idle = (idleSeconds: number | null): ReturnType<typeof sleepOf> =>
    sleepOf('left', settings, { idleSeconds, utcOffset: 0 }, TEN);
  expect(idle(599)).toMatchObject({ handsBack: true, reason: expect.stringContaining('is in use') as unknown });
  expect(idle(600)).toBeNull();
  expect(idle(null)?.reason).toMatch(/^“left” can’t tell whether somebody uses it/);
  expect(sleepOf('left', always, { idleSeconds: 0, utcOffset: 0 }, TEN)).toBeNull();
});
