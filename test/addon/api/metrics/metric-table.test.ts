import fc from 'fast-check';
import { expect, it } from 'vitest';
import { columnsOf, familyOf, type MetricTable, writeLabels } from '../../../../src/addon/api/metrics/metric-table';

const counter: MetricTable = {
  name: 'frames_total',
  help: 'Frames.',
  type: 'counter',
  labelNames: ['engine'],
  series: ['engine="gltf"', ''],
  bounds: null,
  values: new Float64Array([3, 4]),
};

it('has one column, or one for each bound, the sum and the count', () => {
  expect(columnsOf({ bounds: null })).toBe(1);
  expect(columnsOf({ bounds: [] })).toBe(2);
  expect(columnsOf({ bounds: [1, 2, 4] })).toBe(5);
});

it('is a family with the values of each series', () => {
  expect(familyOf({ ...counter, created: 12 })).toMatchObject({ created: 12, labelNames: ['engine'], type: 'counter' });
  expect(familyOf(counter).values).toEqual([
    { value: 3, labels: { engine: 'gltf' } },
    { value: 4, labels: {} },
  ]);
});

it('unfolds a histogram into its buckets, sum and count', () => {
  const values = new Float64Array([1, 3, 9.5, 4]);
  const table: MetricTable = { ...counter, name: 's', type: 'histogram', series: ['a="x"'], bounds: [1, 5], values };
  expect(familyOf(table).values).toEqual([
    { value: 1, metricName: 's_bucket', labels: { le: 1, a: 'x' } },
    { value: 3, metricName: 's_bucket', labels: { le: 5, a: 'x' } },
    { value: 4, metricName: 's_bucket', labels: { le: '+Inf', a: 'x' } },
    { value: 9.5, metricName: 's_sum', labels: { a: 'x' } },
    { value: 4, metricName: 's_count', labels: { a: 'x' } },
  ]);
});

it('does not go along into a copy with other values', () => {
  const family = familyOf(counter);
  expect(family.table).toBe(counter);
  expect('table' in { ...family, values: [] }).toBe(false);
});

it('reads back any labels that it has written', () => {
  const labels = fc.dictionary(fc.stringMatching(/^[a-z_]\w{0,8}$/), fc.string({ unit: 'binary' }), { maxKeys: 5 });
  fc.assert(
    fc.property(labels, (given) => {
      const family = familyOf({ ...counter, series: [writeLabels(given)], values: new Float64Array([1]) });
      expect({ ...family.values[0]!.labels }).toEqual({ ...given });
    }),
  );
  expect(writeLabels({ a: 'x', left: undefined, b: 2 })).toBe('a="x",b="2"');
});
