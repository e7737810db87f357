import { describe, expect, it } from 'vitest';
import type { MetricFamily } from '../../../../src/addon/api/context';
import { createEnum, createStateSet } from '../../../../src/addon/api/metrics/state-metrics';

const declared = { name: 'shop_door', help: 'Door.', states: ['closed', 'open', 'broken'] };
const on = ({ values }: MetricFamily): unknown[] =>
  values.filter(({ value }) => value === 1).map(({ labels }) => labels);

describe('an enum', () => {
  it('has a series a state, of which exactly one is 1, the first at the start', async () => {
    const door = createEnum(declared);
    expect((await door.get()).values.map(({ labels, value }) => [labels, value])).toEqual([
      [{ shop_door: 'closed' }, 1],
      [{ shop_door: 'open' }, 0],
      [{ shop_door: 'broken' }, 0],
    ]);
    door.state('broken');
    expect(on(await door.get())).toEqual([{ shop_door: 'broken' }]);
    door.reset();
    expect(on(await door.get())).toEqual([{ shop_door: 'closed' }]);
  });

  it('has states of their own for each label set', async () => {
    const door = createEnum({ ...declared, labelNames: ['floor'] });
    expect((await door.get()).values).toEqual([]);
    door.state({ floor: 1 }, 'open');
    door.state({ floor: 2 }, 'closed');
    expect(on(await door.get())).toEqual([
      { floor: 1, shop_door: 'open' },
      { floor: 2, shop_door: 'closed' },
    ]);
  });

  it('refuses a state that is none, and stays in the one that it was in', async () => {
    const door = createEnum(declared);
    door.state('open');
    expect(() => door.state('ajar')).toThrow('has no state “ajar”: there are closed, open, broken.');
    expect(on(await door.get())).toEqual([{ shop_door: 'open' }]);
  });
});

it('a stateset has any number of states on, none at the start', async () => {
  const warnings = createStateSet({ ...declared, labelNames: ['floor'] });
  warnings.set({ floor: 1 }, 'open', false);
  expect(on(await warnings.get())).toEqual([]);
  warnings.set({ floor: 1 }, 'open', true);
  warnings.set({ floor: 1 }, 'broken', true);
  warnings.set({ floor: 1 }, 'open', true);
  expect(on(await warnings.get())).toHaveLength(2);
  warnings.set({ floor: 1 }, 'open', false);
  expect(on(await warnings.get())).toEqual([{ floor: 1, shop_door: 'broken' }]);
  expect(() => warnings.set({ floor: 1 }, 'ajar', true)).toThrow(/no state “ajar”/);
});

it.each<[string, object, RegExp]>([
  ['no states', { states: [] }, /list of 1 to 100 different words/],
  ['a state twice', { states: ['a', 'a'] }, /different words/],
  ['a name that cannot be a label', { name: 'shop:door' }, /cannot have a “:”/],
  ['a label of its own name', { labelNames: ['shop_door'] }, /holds the state/],
])('refuses %s', (_what, change, sentence) => {
  expect(() => createEnum({ ...declared, ...change })).toThrow(sentence);
});
