import { expect, it } from 'vitest';
import { createAllowance, createEscalation } from '../../../src/main/addons/allowance';

it('tells the first time that a limit is passed, stops at the last, and forgets what is long ago', () => {
  let now = 0;
  const steps: string[] = [];
  const passed = createEscalation(
    { within: 1_000, times: 3 },
    { tell: () => steps.push(`told at ${now}`), stop: () => steps.push(`stopped at ${now}`) },
    () => now,
  );
  passed();
  now = 600;
  passed();
  // The first is forgotten, so this is the second.
  now = 1_100;
  passed();
  expect(steps).toEqual(['told at 0']);
  now = 1_200;
  passed();
  expect(steps).toEqual(['told at 0', 'stopped at 1200']);
  now = 9_000;
  passed();
  expect(steps).toEqual(['told at 0', 'stopped at 1200', 'told at 9000']);
});

it('allows so much a second, and counts seconds above that, not what was refused in them', () => {
  let now = 0;
  const steps: string[] = [];
  const allowance = createAllowance(
    2,
    3,
    { tell: () => steps.push('told'), stop: () => steps.push('stopped') },
    () => now,
  );
  for (let second = 0; second < 3; second++) {
    now = second * 1_000;
    expect(steps).toEqual(second === 0 ? [] : ['told']);
    expect([1, 2, 3, 4].map(() => allowance.take())).toEqual([true, true, false, false]);
  }
  expect(steps).toEqual(['told', 'stopped']);
});
