import { expect, test } from 'vitest';
import { createRestartPlan } from '../../../src/main/addons/restart-plan';

test('pauses grow, end, and begin anew once the crashes are old or forgotten', () => {
  let now = 0;
  const plan = createRestartPlan({ pauses: [1, 5], memory: 100 }, () => now);
  expect(plan.limit).toBe(2);
  expect([plan.crashed(), plan.crashed(), plan.crashed(), plan.crashed()]).toEqual([1, 5, null, null]);
  plan.forget();
  expect(plan.crashed()).toBe(1);
  now = 99;
  expect(plan.crashed()).toBe(5);
  now = 100;
  // Only the one of 99 is young enough to count.
  expect(plan.crashed()).toBe(5);
  now = 1_000;
  expect(plan.crashed()).toBe(1);
});
