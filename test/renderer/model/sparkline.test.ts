import { expect, it } from 'vitest';
import { sparklinePath } from '../../../src/renderer/model/sparkline';

it('draws from left to right, the smallest value at the bottom', () => {
  expect(sparklinePath([0, 10, 5], 100, 24)).toBe('M0 22h0.01L50 2L100 12');
});

it('leaves gaps, draws a flat line in the middle, and nothing for no values', () => {
  expect(sparklinePath([1, null, 1], 100, 24)).toBe('M0 12h0.01M100 12h0.01');
  expect(sparklinePath([7], 100, 24)).toBe('M0 12h0.01');
  expect(sparklinePath([null, null], 100, 24)).toBe('');
  expect(sparklinePath([], 100, 24)).toBe('');
  expect(sparklinePath([-Number.MAX_VALUE, Number.MAX_VALUE], 100, 24)).toBe('M0 12h0.01L100 12');
});
