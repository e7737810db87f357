import { expect, test } from 'vitest';
import { createPatternMatch } from '../../../src/main/preferences/pattern-match';

const HOSTILE = '(?:a+)+b';
const TEXT = 'a'.repeat(40);

test('a whole text matches, or not', () => {
  const matches = createPatternMatch();
  expect(matches('[a-z]+|\\d{3}', 'abc')).toBe(true);
  expect(matches('[a-z]+|\\d{3}', 'abc1')).toBe(false);
  expect(matches('(', 'abc')).toBe(false);
});

test('patterns that run for ever take no more than the budget of a second together', () => {
  let time = 0;
  const start = performance.now();
  const matches = createPatternMatch(() => time + performance.now() - start);
  for (let i = 0; i < 100; i++) expect(matches(HOSTILE, TEXT)).toBe(false);
  expect(performance.now() - start).toBeLessThan(900);
  // The rest of this second is gone for others of the add-on too.
  expect(matches('a+', TEXT)).toBe(false);
  time = 1_000;
  expect(matches('a+', TEXT)).toBe(true);
});
