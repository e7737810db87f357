import { expect, it } from 'vitest';
import { createLabelSets } from '../../../../src/addon/api/metrics/label-sets';

it('tells label sets apart by their values, in whatever order they are given', () => {
  const sets = createLabelSets<string>('x', ['a', 'b'], () => '');
  sets.set({ a: '1', b: '2' }, 'first');
  sets.set({ b: 2, a: 1 }, 'second');
  sets.set({ a: '1,', b: '2' }, 'third');
  expect(sets.get({ a: '1', b: '2' })).toBe('second');
  expect([...sets.entries()].map(({ value }) => value)).toEqual(['second', 'third']);
});

it('keeps no tie to the labels that were given', () => {
  const sets = createLabelSets<number>('x', ['a'], () => 0);
  const labels = { a: '1' };
  sets.set(labels, 1);
  labels.a = '2';
  expect([...sets.entries()]).toEqual([{ labels: { a: '1' }, value: 1 }]);
});

it('starts with the one series where there are no labels', () => {
  const sets = createLabelSets('x', [], () => 'initial');
  sets.set({}, 'changed');
  sets.reset();
  expect([...sets.entries()]).toEqual([{ labels: {}, value: 'initial' }]);
});

it.each<[string, object, RegExp]>([
  ['a label too many', { a: '1', c: '2' }, /the labels a: “c” is none of them/],
  ['a label too few', {}, /“a” is missing/],
  ['a value that is no text', { a: {} }, /neither text nor number/],
  ['a list', ['a'], /“a” is missing/],
])('refuses %s', (_what, labels, sentence) => {
  expect(() => createLabelSets('x', ['a'], () => 0).set(labels as never, 1)).toThrow(sentence);
});
