import { expect, test } from 'vitest';
import { createRestartPlan } from '../../../src/main/addons/restart-plan';

const HOUR = 3_600_000;

test('pauses grow, end when there were too many crashes lately, and begin anew once they are forgotten', () => {
  let now = 0;
  const plan = createRestartPlan({ pauses: [1, 5], memory: 100 }, () => now);
  expect(plan.restarts).toBe(true);
  expect([plan.crashed(), plan.crashed()]).toEqual([{ pause: 1 }, { pause: 5 }]);
  expect(plan.crashed()).toEqual({ gaveUp: 'it has ended by itself 3 times in a short time' });
  plan.forget();
  expect(plan.crashed()).toEqual({ pause: 1 });
  now = 100;
  // The first one counts towards the pause for an hour.
  expect([plan.crashed(), plan.crashed()]).toEqual([{ pause: 5 }, { pause: 5 }]);
  now = 100 + HOUR;
  expect(plan.crashed()).toEqual({ pause: 1 });
});

test('one that ends again and again is given up at the tenth time within an hour, however slowly it does', () => {
  let now = 0;
  const plan = createRestartPlan({}, () => now);
  const every = (interval: number, times: number): unknown[] =>
    Array.from({ length: times }, () => {
      now += interval;
      return plan.crashed();
    });
  expect(every(40_000, 10)).toEqual([
    ...[250, 1_000, 4_000, ...Array.from({ length: 6 }, () => 15_000)].map((pause) => ({ pause })),
    { gaveUp: 'it has ended by itself 10 times within an hour' },
  ]);
  plan.forget();
  expect(every(HOUR / 8, 100)).not.toContainEqual(expect.objectContaining({ gaveUp: expect.anything() }));
});

test('without a pause nothing is restarted', () => {
  const plan = createRestartPlan({ pauses: [] });
  expect(plan.restarts).toBe(false);
  expect(plan.crashed()).toHaveProperty('gaveUp');
});
