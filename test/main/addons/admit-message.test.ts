import { deserialize, serialize } from 'node:v8';
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

it('does not go through what a few bytes say a million million times', () => {
  let list: unknown = 1;
  for (let depth = 0; depth < 6; depth++) list = Array(100).fill(list);
  // As the channel of an add-on's process carries it.
  const sent = serialize(list);
  expect(sent.length).toBeLessThan(5_000);
  expect(isWithinLimits(deserialize(sent))).toBe(false);
});
