import { expect, test } from 'vitest';
import type { MetricFamily } from '../../src/shared/addon-protocol';
import { mergeFamilies } from '../../src/shared/merge-families';

type Values = MetricFamily['values'];
const family = (
  name: string,
  type: MetricFamily['type'],
  values: Values = [{ value: 1, labels: {} }],
): MetricFamily => ({ name, help: `help of ${name}`, type, values });

function merge(...sources: [string, MetricFamily[]][]): { families: MetricFamily[]; reports: string[] } {
  const reports: string[] = [];
  return {
    families: mergeFamilies(
      sources.map(([from, families]) => ({ from, families })),
      (text) => reports.push(text),
    ),
    reports,
  };
}

test('families of different names are put together in order', () => {
  const { families, reports } = merge(
    ['a', [family('x', 'gauge'), family('y_total', 'counter')]],
    ['b', [family('z', 'histogram', [])]],
  );
  expect(families.map(({ name }) => name)).toEqual(['x', 'y_total', 'z']);
  expect(reports).toEqual([]);
});

test('families of the same name and type become one, the same series only once, and what was given is not changed', () => {
  const one = family('x', 'gauge', [{ value: 1, labels: { a: '1', b: 2 } }]);
  const two = family('x', 'gauge', [
    { value: 2, labels: { b: '2', a: 1 } },
    { value: 3, labels: { a: '2' } },
  ]);
  const { families, reports } = merge(['first', [one]], ['second', [two]]);
  expect(families).toEqual([
    {
      ...one,
      values: [
        { value: 1, labels: { a: '1', b: 2 } },
        { value: 3, labels: { a: '2' } },
      ],
    },
  ]);
  expect(reports).toEqual(['A series of the metric “x” of second is left out: first has the same one.']);
  expect(one.values).toHaveLength(1);
});

test.each<[string, MetricFamily, MetricFamily, string]>([
  ['another type', family('x', 'gauge'), family('x', 'counter'), 'it is a counter, but first has it as a gauge'],
  [
    'a counter that OpenMetrics would name like a gauge',
    family('x', 'gauge'),
    family('x_total', 'counter'),
    'first has series named “x” already',
  ],
  [
    'a gauge named like a histogram’s series',
    family('x', 'histogram'),
    family('x_count', 'gauge'),
    'first has series named “x_count” already',
  ],
  [
    'a gauge named like an info’s series',
    family('x', 'info'),
    family('x_info', 'gauge'),
    'first has series named “x_info”',
  ],
  [
    'a counter named like a gaugehistogram’s series',
    family('x', 'gaugehistogram'),
    family('x_gcount', 'counter'),
    'first has series named “x_gcount”',
  ],
  [
    'a counter in both spellings',
    family('x_total', 'counter'),
    family('x', 'counter'),
    'first has series named “x” already',
  ],
])('%s is left out', (_what, one, two, report) => {
  const { families, reports } = merge(['first', [one]], ['second', [two]]);
  expect(families).toEqual([one]);
  expect(reports).toHaveLength(1);
  expect(reports[0]).toContain(report);
});

test.each<[string, MetricFamily, string]>([
  ['name', family('bad-name', 'gauge'), 'its name has characters other than'],
  ['name with a line break', family('x\n# EOF', 'gauge'), 'its name has characters other than'],
  ['type', family('x', 'meter' as 'gauge'), 'its type “meter” is none of'],
  ['label', family('x', 'gauge', [{ value: 1, labels: { 'a"b': '1' } }]), 'its label “a"b” has characters'],
])('a family with a bad %s is left out', (_what, bad, report) => {
  const { families, reports } = merge(['it', [bad, family('fine', 'gauge')]]);
  expect(families.map(({ name }) => name)).toEqual(['fine']);
  expect(reports[0]).toContain(report);
});

test('prom-client’s gauges that end in _total stand beside those without it', () => {
  const { families } = merge([
    'host',
    [family('nodejs_active_handles', 'gauge'), family('nodejs_active_handles_total', 'gauge')],
  ]);
  expect(families).toHaveLength(2);
});
