import { expect, it } from 'vitest';
import { isWithinLimits } from '../../../src/main/addons/admit-message';

it('takes what add-ons send', () => {
  expect(
    isWithinLimits({
      type: 'status',
      status: {
        text: 'x'.repeat(1_000),
        links: Array.from({ length: 100 }, () => ({ url: 'http://127.0.0.1', label: null })),
      },
    }),
  ).toBe(true);
});

it.each([
  ['too deep', '['.repeat(50_000) + ']'.repeat(50_000)],
  ['too many in all', JSON.stringify(Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => [1])))],
  ['a long list', JSON.stringify(Array(101).fill(1))],
  ['many fields', JSON.stringify(Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`f${n}`, n])))],
  ['a long text', JSON.stringify('x'.repeat(20_001))],
  ['a long name', JSON.stringify({ ['x'.repeat(20_001)]: 1 })],
])('refuses what is %s', (_name, json) => {
  expect(isWithinLimits(JSON.parse(json))).toBe(false);
});
