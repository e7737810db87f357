import { expect, it } from 'vitest';
import type { MetricFamily } from '../../../../src/addon/api/context';
import { foldCreated } from '../../../../src/addon/api/metrics/fold-created';

const family = (name: string, type: MetricFamily['type'], values: MetricFamily['values']): MetricFamily => ({
  name,
  help: 'h',
  type,
  values,
});
const created = (name: string, value = 5): MetricFamily =>
  family(name, 'gauge', [{ labels: { a: '1', b: '2' }, value }]);

it('gives a time of creation to the series of the same labels, in whatever order', () => {
  const counter = family('x_total', 'counter', [
    { labels: { b: '2', a: '1' }, value: 1 },
    { labels: { a: '3', b: '2' }, value: 1 },
  ]);
  expect(foldCreated([counter, created('x_created')])).toEqual([
    { ...counter, values: [{ ...counter.values[0], created: 5 }, counter.values[1]] },
  ]);
});

it.each<[string, MetricFamily[]]>([
  ['of nothing else', [created('x_created')]],
  ['of a gauge', [family('x', 'gauge', []), created('x_created')]],
  ['that is no time', [family('x', 'histogram', []), created('x_created', -1)]],
])('leaves a gauge %s as it is', (_what, families) => {
  expect(foldCreated(families)).toEqual(families);
});
