import { expect, it } from 'vitest';
import { readTable } from '../../../../src/addon/api/metrics/read-table';

const unknown = (): null => null;
const sent = {
  name: 'a_total',
  help: 'A.',
  type: 'counter',
  labelNames: ['x'],
  bounds: null,
  series: 'x="1"\nx="2"',
  count: 2,
  values: new Float64Array([1, 2]),
};

it('makes a family of what another process sent', () => {
  expect(readTable(sent, unknown)?.values).toEqual([
    { value: 1, labels: { x: '1' } },
    { value: 2, labels: { x: '2' } },
  ]);
  expect(readTable({ ...sent, series: '', count: 0, values: new Float64Array() }, unknown)?.values).toEqual([]);
  const histogram = { ...sent, type: 'histogram', bounds: [1, 2], series: '', count: 1, values: new Float64Array(4) };
  expect(readTable({ ...histogram, series: 'x="1"' }, unknown)?.type).toBe('histogram');
});

it('takes the series of before where their text is the same', () => {
  const series = ['x="1"', 'x="2"'];
  const known = (name: string, text: string): readonly string[] | null =>
    name === 'a_total' && text === sent.series ? series : null;
  expect(readTable(sent, known)?.table?.series).toBe(series);
  expect(readTable({ ...sent, count: 3 }, known)).toBeNull();
});

it.each([
  ['nothing', null],
  ['a text', 'table'],
  ['a forged line', { ...sent, series: 'x="1"} 1\nup 0', count: 2 }],
  ['a series twice', { ...sent, series: 'x="1"\nx="1"' }],
  ['a series twice, its labels in another order', { ...sent, series: 'x="1",y="2,"\ny="2,",x="1"' }],
  ['a label twice', { ...sent, series: 'x="1",x="2"\nx="3"' }],
  ['a bound among the labels', { ...sent, series: 'le="1"\nx="2"' }],
  ['a name of Prometheus’s own', { ...sent, series: '__name__="up"\nx="2"' }],
  ['another number of series', { ...sent, count: 3 }],
  ['a number of series that is none', { ...sent, count: Number.NaN }],
  ['values of another type', { ...sent, values: [1, 2] }],
  ['a gauge with bounds', { ...sent, type: 'gauge', bounds: [1] }],
  ['bounds that do not rise', { ...sent, type: 'histogram', bounds: [2, 1] }],
  ['bounds with holes', { ...sent, type: 'histogram', bounds: Object.assign([], { length: 2 }) }],
  ['more labels than there may be', { ...sent, labelNames: Array.from({ length: 33 }, (_, index) => `l${index}`) }],
])('takes no %s', (_what, given) => expect(readTable(given, unknown)).toBeNull());
