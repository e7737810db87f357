import { describe, expect, test } from 'vitest';
import type { AddonPreference, PreferenceValue } from '../../../src/shared/addons';
import { UserError } from '../../../src/shared/user-error';
import { coercePreference, effectivePreferences, maskSecrets } from '../../../src/main/preferences/preference-value';

const base = { key: 'k', label: 'Label', description: '' };
const kinds = {
  string: { ...base, type: 'string', default: '' },
  pattern: { ...base, type: 'string', default: '', pattern: '[a-z]+|\\d{3}' },
  hostile: { ...base, type: 'string', default: '', pattern: '(a+)+b' },
  path: { ...base, type: 'path', default: '' },
  secret: { ...base, type: 'secret', default: '', pattern: '.{4,}' },
  integer: { ...base, type: 'integer', default: 1, min: 1, max: 10 },
  number: { ...base, type: 'number', default: 0, min: -1 },
  boolean: { ...base, type: 'boolean', default: false },
  enum: { ...base, type: 'enum', default: 'a', values: ['a', 'b'] },
} as const satisfies Record<string, unknown>;
const declared = (kind: keyof typeof kinds): AddonPreference => kinds[kind] as unknown as AddonPreference;

describe('coercePreference', () => {
  test.each<[keyof typeof kinds, PreferenceValue, PreferenceValue]>([
    ['string', 'any thing', 'any thing'],
    ['string', 5, '5'],
    ['path', '/a b/c', '/a b/c'],
    ['pattern', 'abc', 'abc'],
    ['pattern', '123', '123'],
    ['secret', 'hunter2', 'hunter2'],
    ['integer', '7', 7],
    ['integer', ' 10 ', 10],
    ['integer', 1, 1],
    ['number', '-0.5', -0.5],
    ['number', '1e3', 1000],
    ['boolean', 'true', true],
    ['boolean', 'Off', false],
    ['boolean', '1', true],
    ['boolean', false, false],
    ['enum', 'b', 'b'],
  ])('%s: %j becomes %j', (kind, given, expected) => {
    expect(coercePreference(declared(kind), given)).toBe(expected);
  });

  test.each<[keyof typeof kinds, PreferenceValue, string]>([
    ['pattern', 'ABC', '“ABC” does not fit “Label”: it must match [a-z]+|\\d{3}.'],
    ['pattern', 'abc1', 'it must match'],
    ['pattern', '1234', 'it must match'],
    ['integer', '', 'a number is expected'],
    ['integer', 'seven', 'a number is expected'],
    ['integer', '1.5', 'a whole number is expected'],
    ['integer', 0, 'the smallest is 1'],
    ['integer', '11', 'the largest is 10'],
    ['integer', true, 'a number is expected'],
    ['number', 'Infinity', 'a number is expected'],
    ['number', -2, 'the smallest is -1'],
    ['boolean', 'maybe', 'write true or false'],
    ['enum', 'c', 'choose one of a, b'],
    ['string', 'x'.repeat(10_001), 'at most 10000 characters'],
  ])('%s: %j is refused', (kind, given, message) => {
    const attempt = (): unknown => coercePreference(declared(kind), given);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(UserError);
    expect(attempt).toThrow(expect.objectContaining({ kind: 'arguments' }));
  });

  test('a refused secret is not in the message', () => {
    expect(() => coercePreference(declared('secret'), 'abc')).toThrow('“••••••” does not fit');
  });

  test('a pattern made to run for ever is given up after a moment', () => {
    // Without the limit this would not end in a lifetime.
    expect(() => coercePreference(declared('hostile'), 'a'.repeat(40))).toThrow('it must match');
  });
});

test('stored values that no longer fit or are not declared give way to the defaults', () => {
  const preferences = [
    { ...kinds.integer, key: 'size' },
    { ...kinds.enum, key: 'mode' },
    { ...kinds.boolean, key: 'on' },
  ] as unknown as AddonPreference[];
  expect(effectivePreferences(preferences, { size: 99, mode: 'b', gone: 'x' })).toEqual({
    size: 1,
    mode: 'b',
    on: false,
  });
  expect(effectivePreferences(preferences, { __proto__: { on: true } } as never)).toEqual({
    size: 1,
    mode: 'a',
    on: false,
  });
});

test('only secrets that are set are hidden', () => {
  const preferences = [
    { ...kinds.secret, key: 'one' },
    { ...kinds.secret, key: 'two' },
    { ...kinds.string, key: 'three' },
  ] as unknown as AddonPreference[];
  expect(maskSecrets(preferences, { one: 'x', two: '', three: 'y' })).toEqual({ one: '••••••', two: '', three: 'y' });
});
