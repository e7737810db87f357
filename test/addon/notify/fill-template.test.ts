import { describe, expect, test } from 'vitest';
import { fillTemplate, inWords, shortened } from '../../../src/addon/notify/fill-template';

describe('a template', () => {
  test('is text with placeholders and nothing else', () => {
    const values = { job: '{reason} ${x} $& {{', reason: 'why', constructor: 'c' };
    expect(fillTemplate('{job}: {reason} {nothing} {toString} {{job}}', { ...values, job: 'a' })).toBe(
      'a: why {nothing} {toString} {a}',
    );
    expect(fillTemplate('{job}', values)).toBe('{reason} ${x} $& {{');
  });

  test('empty values leave no blanks behind, and the length is bounded', () => {
    expect(fillTemplate('a {reason} b {reason}', { reason: '' })).toBe('a b');
    expect(fillTemplate('{job}{job}', { job: 'x'.repeat(1_500) })).toHaveLength(2_000);
  });

  test('a character is not cut in halves', () => {
    expect(shortened('ab😀c', 4)).toBe('ab…');
  });
});

test.each([
  [0, '0 s'],
  [59.6, '1 min'],
  [200, '3 min 20 s'],
  [7_500, '2 h 5 min'],
  [273_600, '3 d 4 h'],
])('%d seconds are %s', (seconds, words) => {
  expect(inWords(seconds)).toBe(words);
});
