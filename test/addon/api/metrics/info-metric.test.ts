import { expect, it } from 'vitest';
import { createInfo } from '../../../../src/addon/api/metrics/info-metric';

const declared = { name: 'shop_build', help: 'Build.' };

it('is one series with the facts as labels, and another once they changed', async () => {
  const info = createInfo(declared);
  info.set({ version: '1.2', revision: 7 });
  info.set({ version: '1.3' });
  expect(await info.get()).toEqual({
    name: 'shop_build',
    help: 'Build.',
    type: 'info',
    values: [{ metricName: 'shop_build_info', labels: { version: '1.3' }, value: 1 }],
  });
});

it('has one series a label set, until that is removed', async () => {
  const info = createInfo({ ...declared, labelNames: ['disk'] });
  info.set({ disk: 'a' }, { model: 'x' });
  info.set({ disk: 'b' }, { model: 'y' });
  info.remove({ disk: 'a' });
  expect((await info.get()).values.map(({ labels }) => labels)).toEqual([{ disk: 'b', model: 'y' }]);
  info.reset();
  expect((await info.get()).values).toEqual([]);
});

it('may be named as its series is', () => {
  expect(createInfo({ ...declared, name: 'shop_build_info' }).name).toBe('shop_build');
});

it.each<[string, () => unknown, RegExp]>([
  ['a label that is none', () => createInfo(declared).set({ 'a b': 'x' }), /“a b” has characters other than/],
  ['labels that it has not', () => createInfo(declared).set({ disk: 'a' }, { model: 'x' }), /no labels: “disk”/],
  [
    'a fact of a label’s name',
    () => createInfo({ ...declared, labelNames: ['a'] }).set({ a: '1' }, { a: '2' }),
    /already/,
  ],
  ['no help', () => createInfo({ ...declared, help: '' }), /has no help/],
  ['a name that is none', () => createInfo({ ...declared, name: 'shop build' }), /“shop build” has others/],
])('refuses %s', (_what, make, sentence) => {
  expect(make).toThrow(sentence);
});
