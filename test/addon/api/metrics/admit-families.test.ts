import { describe, expect, test } from 'vitest';
import { admitFamilies } from '../../../../src/addon/api/metrics/admit-families';
import { METRIC_LIMITS } from '../../../../src/addon/api/metrics/metric-limits';
import type { MetricFamily } from '../../../../src/addon/api/context';

type Values = MetricFamily['values'];
const gauge = (values: unknown = [{ value: 1, labels: {} }], more: object = {}): MetricFamily => ({
  name: 'shop_open',
  help: 'h',
  type: 'gauge',
  values: values as Values,
  ...more,
});
const fine: MetricFamily = {
  name: 'fine_total',
  help: 'h',
  type: 'counter',
  values: [{ value: 1, labels: { a: 'x' } }],
};

const info = (values: unknown): object => ({ name: 'shop_build', help: 'h', type: 'info', values });
const version = { metricName: 'shop_build_info', value: 1, labels: { version: '1' } };

function admit(given: unknown, foreign = true): { names: string[]; reports: string[] } {
  const reports: string[] = [];
  const families = admitFamilies(given, {
    foreign,
    report: (name, problem) => void reports.push(name === null ? problem : `${name}: ${problem}`),
  });
  return { names: families.map(({ name }) => name), reports };
}

const labelled = (labels: unknown): MetricFamily => gauge([{ value: 1, labels }]);
const histogram = (values: Values): MetricFamily => ({ name: 'h_seconds', help: 'h', type: 'histogram', values });
const bucket = (value: number, labels: Record<string, string | number> = { le: '+Inf' }): Values[number] => ({
  metricName: 'h_seconds_bucket',
  value,
  labels,
});

const sum = (value: number): Values[number] => ({ metricName: 'h_seconds_sum', value, labels: {} });
const count = (value: number): Values[number] => ({ metricName: 'h_seconds_count', value, labels: {} });

describe('one bad family is left out alone', () => {
  test.each<[string, unknown, string]>([
    [
      'a label’s name that forges a line',
      gauge([{ value: 1, labels: { 'a="x"} 1\nframegauge_up 0\nb{c': 'y' } }], { labelNames: [] }),
      'its label',
    ],
    [
      'a label’s value that is an object',
      labelled({ a: { toString: 1 } }),
      'its label “a” has a value that is neither text nor number',
    ],
    ['a label’s value that is true', labelled({ a: true }), 'neither text nor number'],
    ['labels that are a Map', labelled(new Map([['a', 'b']])), 'not names with values'],
    ['labels that are a text of its own kind', labelled(Object('x'.repeat(1_000))), 'not names with values'],
    ['no labels', labelled(null), 'not names with values'],
    ['a label of Prometheus’s own', labelled({ __name__: 'framegauge_up' }), 'begins with __'],
    ['a bucket’s label on a gauge', labelled({ le: '1' }), 'kept for the bounds'],
    ['a long value', labelled({ a: 'x'.repeat(METRIC_LIMITS.labelLength + 1) }), 'longer than 1000'],
    ['a zero character', labelled({ a: 'x\0y' }), 'no scraper reads'],
    ['half a character', labelled({ a: 'x\ud800' }), 'no scraper reads'],
    [
      'many labels',
      labelled(Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`l${n}`, 'x']))),
      'more than 32 labels',
    ],
    ['a name of the program', gauge(undefined, { name: 'framegauge_up' }), 'kept for Framegauge'],
    ['a name of a scrape', gauge(undefined, { name: 'up' }), 'kept for Framegauge and Prometheus'],
    ['a name with a line break', gauge(undefined, { name: 'x\n# EOF' }), 'its name'],
    ['a name that is none', gauge(undefined, { name: { toString: 1 } }), 'its name'],
    ['a help that is none', gauge(undefined, { help: 7 }), 'its help'],
    ['a long help', gauge(undefined, { help: 'x'.repeat(3_000) }), 'its help'],
    ['a type that is none', gauge(undefined, { type: 'x 1\nforged' }), 'its type'],
    ['a value that is text', gauge([{ value: '1', labels: {} }]), 'is not a number'],
    ['values that are none', gauge('values'), 'no list of values'],
    ['a hole instead of a value', gauge(Array(3)), 'not a sample'],
    ['a list of holes without end', gauge(Array(4_000_000_000)), 'more than 200000 samples'],
    [
      'another metric’s series',
      gauge([{ value: 1, labels: {}, metricName: 'framegauge_up' }]),
      'has no series named “framegauge_up”',
    ],
    [
      'a histogram’s series of a gauge',
      gauge([{ value: 1, labels: {}, metricName: 'shop_open_count' }]),
      'has no series named',
    ],
    ['a counter below 0', { ...fine, values: [{ value: -1, labels: {} }] }, 'from 0 on'],
    ['a counter that is NaN', { ...fine, values: [{ value: Number.NaN, labels: {} }] }, 'from 0 on'],
    ['a bucket without a bound', histogram([bucket(1, {})]), 'no bound'],
    [
      'many labels without a value',
      labelled(Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`l${n}`, undefined]))),
      'more than 32 labels',
    ],
    ['a bound that only JavaScript takes for a number', histogram([bucket(1, { le: '0x10' })]), 'kept for the bounds'],
    ['a bound with a line’s end', histogram([bucket(1, { le: '1\n' })]), 'kept for the bounds'],
    ['a bucket with a bound that is none', histogram([bucket(1, { le: 'much' })]), 'kept for the bounds'],
    ['a bucket below 0', histogram([bucket(-1)]), 'counts that rise'],
    ['a time of creation that is none', gauge(undefined, { created: Number.NaN }), 'time of creation'],
    [
      'an exemplar with long labels',
      {
        ...fine,
        values: [{ value: 1, labels: {}, exemplar: { labelSet: { a: 'x'.repeat(200) }, value: 1, timestamp: 1 } }],
      },
      'longer than 128',
    ],
    ['an exemplar that is none', { ...fine, values: [{ value: 1, labels: {}, exemplar: 'x' }] }, 'exemplars'],
    ['an info that is not 1', info([{ ...version, value: 2 }]), 'an info’s value is not 1'],
    ['an info’s series named as its family', info([{ value: 1, labels: {} }]), 'has no series named “shop_build”'],
    ['a state between', gauge([{ value: 0.5, labels: { shop_open: 'a' } }], { type: 'stateset' }), 'neither 0 nor 1'],
    ['a state without a name', gauge(undefined, { type: 'stateset' }), 'no label “shop_open”, which names the state'],
    ['a unit that the name has not', gauge(undefined, { unit: 'seconds' }), 'its unit'],
    ['a unit with a line break', gauge(undefined, { unit: 'open\n# EOF' }), 'its unit'],
    ['a unit of an info', { ...info([version]), unit: 'build' }, 'its unit'],
    [
      'a series that is there twice',
      gauge([
        { value: 1, labels: { a: '1', b: 'x' } },
        { value: 2, labels: { a: '2' } },
        { value: 3, labels: { b: 'x', c: '', a: 1, d: undefined } },
      ]),
      'one of its series is there twice',
    ],
    ['a histogram’s sum that is there twice', histogram([bucket(1), sum(2), count(1), sum(2)]), 'there twice'],
    ['buckets out of order', histogram([bucket(1), bucket(1, { le: 0.5 })]), 'not in the order of their bounds'],
    ['buckets that fall', histogram([bucket(2, { le: 0.5 }), bucket(1)]), 'counts that rise'],
    [
      'one label set of two without a bucket +Inf',
      histogram([bucket(1, { a: '1', le: 1 }), bucket(2, { a: '2', le: '+Inf' })]),
      'no bucket +Inf',
    ],
    ['a count that the buckets have not', histogram([bucket(1), sum(2), count(3)]), 'not that of the bucket +Inf'],
    ['a time that is none', gauge([{ value: 1, labels: {}, timestamp: Number.NaN }]), 'times is not a number'],
    ['a time of creation of one series', gauge([{ value: 1, labels: {}, created: '1' }]), 'times of creation'],
    ['nothing', null, 'not a metric family'],
  ])('%s', (_what, bad, why) => {
    const { names, reports } = admit([bad, fine]);
    expect(names).toEqual(['fine_total']);
    expect(reports).toHaveLength(1);
    expect(reports[0]).toContain(why);
    // eslint-disable-next-line no-control-regex
    expect(reports[0]).not.toMatch(/[\0-\x1f]|undefined|\[object/);
  });
});

test('what is fine stays: NaN and infinite gauges, empty quantiles, labels that are numbers or missing, text in every script', () => {
  const summary = {
    name: 's_seconds',
    help: 'h',
    type: 'summary',
    values: [
      { value: Number.NaN, labels: { quantile: 0.5 } },
      { metricName: 's_seconds_sum', value: 0, labels: {} },
      { metricName: 's_seconds_count', value: 0, labels: {} },
    ],
  };
  const families = [
    gauge([
      { value: Number.NaN, labels: { a: 1, b: undefined, c: '夜 🌙\n\t"\\' } },
      { value: -Infinity, labels: { a: 2 } },
    ]),
    summary,
    histogram([
      bucket(1, { le: -0.5 }),
      bucket(1, { a: 'x', le: 0.5 }),
      bucket(2),
      bucket(2, { a: 'x', le: Infinity }),
      sum(-3),
      count(2),
    ]),
    fine,
    info([version]),
    gauge([{ value: 0, labels: { shop_door: 'open' } }], { name: 'shop_door', type: 'stateset' }),
    gauge([{ value: -1, labels: {}, timestamp: 1.5 }], { name: 'shop_age_seconds', type: 'unknown', unit: 'seconds' }),
    {
      name: 'shop_sizes',
      help: 'h',
      type: 'gaugehistogram',
      values: [
        { metricName: 'shop_sizes_bucket', value: 1, labels: { le: '+Inf' } },
        { metricName: 'shop_sizes_gcount', value: 1, labels: {} },
        { metricName: 'shop_sizes_gsum', value: -1, labels: {} },
      ],
    },
  ];
  expect(admit(families)).toEqual({
    names: [
      'shop_open',
      's_seconds',
      'h_seconds',
      'fine_total',
      'shop_build',
      'shop_door',
      'shop_age_seconds',
      'shop_sizes',
    ],
    reports: [],
  });
});

test('the program’s own add-ons may use its names', () => {
  expect(admit([gauge(undefined, { name: 'framegauge_up' })], false).names).toEqual(['framegauge_up']);
});

test('a plain family’s own word for its labels’ names does not count', () => {
  expect(
    admitFamilies([{ ...fine, labelNames: [] }], { foreign: true, report: () => expect.fail() })[0],
  ).not.toHaveProperty('labelNames');
});

test('more than anybody can use is cut off: families, samples, characters and mistakes', () => {
  const many = (count: number, values: Values): MetricFamily[] =>
    Array.from({ length: count }, (_, n) => ({ name: `m${n}`, help: 'h', type: 'gauge', values }));
  expect(admit(many(1_500, [])).names).toHaveLength(METRIC_LIMITS.families);
  const sample: Values = Array.from({ length: 1_000 }, (_, n) => ({ value: 1, labels: { n } }));
  expect(admit(many(300, sample)).names).toHaveLength(200);
  // One text that stands for gigabytes.
  const long: Values = Array.from({ length: 10_000 }, (_, n) => ({ value: 1, labels: { a: 'x'.repeat(1_000), n } }));
  expect(admit(many(10, long)).names).toHaveLength(3);
  const { names, reports } = admit([...Array.from({ length: 50 }, () => null), fine]);
  expect(names).toEqual([]);
  expect(reports).toHaveLength(21);
});
