import { describe, expect, it } from 'vitest';
import { formatMessage, parseMessage, placeholdersOf, type Values } from '../../../src/shared/texts/message-format';

const inEnglish = (text: string, values: Values): string =>
  formatMessage(
    parseMessage(text),
    values,
    (value) => new Intl.NumberFormat('en').format(value),
    (value) => new Intl.PluralRules('en').select(value),
  );

describe('message format', () => {
  it('fills in values, numbers as in the language', () => {
    expect(inEnglish('{name} (job {id})', { name: '{id}', id: 1_234 })).toBe('{id} (job 1,234)');
    expect(inEnglish('# 1 of {total}', { total: '2' })).toBe('# 1 of 2');
  });
  it('chooses forms by a number', () => {
    const text = '{count, plural, =0 {Nothing} one {# job of {who}} other {# jobs of {who}}} here';
    expect([0, 1, 2_000].map((count) => inEnglish(text, { count, who: 'Ada' }))).toEqual([
      'Nothing here',
      '1 job of Ada here',
      '2,000 jobs of Ada here',
    ]);
  });
  it('shows a placeholder without a value', () => {
    expect(inEnglish('by {who}', {})).toBe('by {who}');
  });
  it('lists placeholders', () => {
    expect(placeholdersOf(parseMessage('{b} {count, plural, one {{a}} other {{b} {c}}}'))).toEqual([
      'a',
      'b',
      'c',
      'count',
    ]);
  });
  it.each(['{', '}', '{a', '{a, plural, one {x}}', '{a, select, other {x}}', '{a, plural, some {x} other {y}}'])(
    'refuses %s',
    (text) => expect(() => parseMessage(text)).toThrow(SyntaxError),
  );
});
