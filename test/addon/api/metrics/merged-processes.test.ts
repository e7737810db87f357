import { describe, expect, it } from 'vitest';
import type { GaugeMode } from '../../../../src/addon/api/metrics/gauge-mode';
import { createMergedProcesses, type MergedProcesses } from '../../../../src/addon/api/metrics/merged-processes';
import type { FamilyUpdate, Row } from '../../../../src/addon/api/metrics/process-update';

const gauge = (mode: GaugeMode, ...row: Row): FamilyUpdate => ({
  name: 'g',
  help: 'h',
  type: 'gauge',
  mode,
  bounds: null,
  labelNames: [],
  rows: new Map([['', row]]),
  gone: [],
});
const counter = (rows: Record<string, number>, more: Partial<FamilyUpdate> = {}): FamilyUpdate => ({
  ...gauge('sum'),
  name: 'c_total',
  type: 'counter',
  mode: null,
  labelNames: ['a'],
  rows: new Map(Object.entries(rows).map(([labels, value]) => [labels, [value]])),
  ...more,
});

function make(keepEnded = 2): MergedProcesses & { readonly problems: string[] } {
  const problems: string[] = [];
  const merged = createMergedProcesses({
    keepEnded,
    refuse: ({ name }) => (name === 'taken' ? 'there is one of that name already' : null),
    leftOut: (name, problem) => problems.push(`${name}: ${problem}`),
  });
  return { ...merged, problems };
}

/** The values of a family by their labels. */
function values(merged: MergedProcesses, name: string): Record<string, number> {
  const family = merged.families().find((each) => each.name === name)!;
  return Object.fromEntries(
    family.values.map(({ metricName, labels, value }) => [
      [metricName?.slice(name.length) ?? '', ...Object.entries(labels).map(([label, of]) => `${label}=${of}`)]
        .join(' ')
        .trim(),
      value,
    ]),
  );
}

describe('gauges of three processes, of which one has ended and one then ends', () => {
  it.each<[GaugeMode, Record<string, number>, Record<string, number>]>([
    ['sum', { '': 13 }, { '': 13 }],
    ['livesum', { '': 5 }, { '': 4 }],
    ['max', { '': 8 }, { '': 8 }],
    ['livemax', { '': 4 }, { '': 4 }],
    ['min', { '': 1 }, { '': 1 }],
    ['livemin', { '': 1 }, { '': 4 }],
    ['all', { 'pid=10': 8, 'pid=11': 1, 'pid=12': 4 }, { 'pid=10': 8, 'pid=11': 1, 'pid=12': 4 }],
    ['liveall', { 'pid=11': 1, 'pid=12': 4 }, { 'pid=12': 4 }],
  ])('%s', (mode, before, after) => {
    const merged = make();
    for (const [token, value] of [
      ['10', 8],
      ['11', 1],
      ['12', 4],
    ] as const)
      merged.update(token, token, [gauge(mode, value)]);
    merged.end('10');
    expect(values(merged, 'g')).toEqual(before);
    merged.end('11');
    expect(values(merged, 'g')).toEqual(after);
    merged.end('12');
    expect(values(merged, 'g')).toEqual(
      mode.startsWith('live') ? {} : mode === 'all' ? { 'pid=11': 1, 'pid=12': 4 } : after,
    );
  });

  it.each<[GaugeMode, number, number | undefined]>([
    ['mostrecent', 8, 8],
    ['livemostrecent', 1, undefined],
  ])('%s has what was set last, and nothing before anybody has set it', (mode, first, last) => {
    const merged = make();
    merged.update('a', 'a', [gauge(mode, 0, 0)]);
    expect(values(merged, 'g')).toEqual({});
    merged.update('a', 'a', [gauge(mode, 8, 30)]);
    merged.update('b', 'b', [gauge(mode, 1, 20)]);
    merged.end('a');
    expect(values(merged, 'g')['']).toBe(first);
    merged.end('b');
    expect(values(merged, 'g')['']).toBe(last);
  });
});

describe('counts', () => {
  it('are the sum of all processes, the ended ones included, each with its last value', () => {
    const merged = make();
    merged.update('one', '1', [counter({ 'a="x"': 1 })]);
    merged.update('one', '1', [counter({ 'a="x"': 3, 'a="y"': 1 })]);
    merged.update('two', '2', [counter({ 'a="x"': 10 })]);
    expect(values(merged, 'c_total')).toEqual({ 'a=x': 13, 'a=y': 1 });
    merged.end('one');
    merged.update('two', '2', [counter({ 'a="x"': 11 })]);
    expect(values(merged, 'c_total')).toEqual({ 'a=x': 14, 'a=y': 1 });
  });

  it('of a process id that comes again are added to those before', () => {
    const merged = make();
    for (const token of ['first run', 'second run', 'third run']) {
      merged.update(token, '4711', [counter({ 'a="x"': 5 })]);
      merged.end(token);
    }
    expect(values(merged, 'c_total')).toEqual({ 'a=x': 15 });
  });

  it('go without the series that a process has removed', () => {
    const merged = make();
    merged.update('one', '1', [counter({ 'a="x"': 1, 'a="y"': 1 })]);
    merged.update('one', '1', [counter({}, { gone: ['a="x"', 'a="never"'] })]);
    expect(values(merged, 'c_total')).toEqual({ 'a=y': 1 });
  });

  it('of histograms and summaries are added up bucket by bucket', () => {
    const merged = make();
    const histogram = (...row: number[]): FamilyUpdate =>
      counter({}, { name: 'h', type: 'histogram', bounds: [1, 5], rows: new Map([['', row]]) });
    const summary = (...row: number[]): FamilyUpdate =>
      counter({}, { name: 's', type: 'summary', rows: new Map([['', row]]) });
    merged.update('one', '1', [histogram(1, 2, 30, 3), summary(7, 2)]);
    merged.update('two', '2', [histogram(0, 1, 2, 1), summary(1, 1)]);
    merged.end('one');
    expect(values(merged, 'h')).toEqual({
      '_bucket le=1': 1,
      '_bucket le=5': 3,
      '_bucket le=+Inf': 4,
      _sum: 32,
      _count: 4,
    });
    expect(values(merged, 's')).toEqual({ _sum: 8, _count: 3 });
  });
});

describe('a gauge of each process', () => {
  it('keeps the last ended ones only', () => {
    const merged = make(2);
    for (const name of ['1', '2', '3']) {
      merged.update(name, name, [gauge('all', Number(name))]);
      merged.end(name);
    }
    expect(values(merged, 'g')).toEqual({ 'pid=2': 2, 'pid=3': 3 });
  });

  it('has nothing of the process that had the name before', () => {
    const merged = make();
    merged.update('first run', '5', [gauge('all', 1), { ...gauge('all', 2), name: 'other' }]);
    merged.end('first run');
    merged.update('second run', '5', [gauge('all', 3)]);
    expect(values(merged, 'g')).toEqual({ 'pid=5': 3 });
    expect(values(merged, 'other')).toEqual({});
  });
});

describe('a metric that cannot be merged is left out, and the reason told:', () => {
  it.each<[string, FamilyUpdate, string]>([
    ['another type', counter({ '': 1 }, { name: 'g' }), 'g: one process has it as gauge and another as counter'],
    ['another mode', gauge('max', 1), 'g: one process has it with the mode all and another with max'],
    [
      'other buckets',
      counter({}, { name: 'h', type: 'histogram', bounds: [2] }),
      'h: two processes have it with different buckets',
    ],
    ['a name that is taken', { ...gauge('all', 1), name: 'taken' }, 'taken: there is one of that name already'],
    [
      'a label of the merge’s own',
      { ...gauge('all', 1), name: 'p', labelNames: ['pid'] },
      'p: its label “pid” is kept',
    ],
  ])('%s', (_what, update, problem) => {
    const merged = make();
    merged.update('one', '1', [gauge('all', 7), counter({}, { name: 'h', type: 'histogram', bounds: [1] })]);
    merged.update('two', '2', [update, counter({ '': 1 })]);
    expect(merged.problems).toEqual([expect.stringContaining(problem)]);
    expect(values(merged, 'g')).toEqual({ 'pid=1': 7 });
    expect(values(merged, 'c_total')).toEqual({ '': 1 });
  });

  it('more values than can be served', () => {
    const merged = make();
    const many = (prefix: string): FamilyUpdate =>
      counter(Object.fromEntries(Array.from({ length: 150_000 }, (_, n) => [`a="${prefix}${n}"`, 1])));
    merged.update('one', '1', [many('x')]);
    merged.update('two', '2', [many('y')]);
    expect(merged.problems).toEqual([expect.stringContaining('more than 200000 values')]);
    expect(merged.families()[0]!.values).toHaveLength(200_000);
    // What ended makes room only where it was folded with others.
    merged.end('one');
    merged.end('two');
    merged.update('three', '3', [counter({ 'a="x0"': 1 })]);
    expect(merged.problems).toHaveLength(2);
  });
});

it('ten thousand ended processes leave one series a label set, and the same list of them', () => {
  const merged = make();
  merged.update('live', '1', [counter({ 'a="x"': 1 }), gauge('all', 1)]);
  for (let n = 0; n < 10_000; n++) {
    merged.update(`run ${n}`, String(n + 2), [counter({ 'a="x"': 2, 'a="y"': 1 }), gauge('all', n)]);
    merged.end(`run ${n}`);
  }
  expect(values(merged, 'c_total')).toEqual({ 'a=x': 20_001, 'a=y': 10_000 });
  expect(Object.keys(values(merged, 'g'))).toHaveLength(3);
  const series = (): unknown => merged.families()[0]!.table!.series;
  const before = series();
  merged.update('live', '1', [counter({ 'a="x"': 2 })]);
  expect(series()).toBe(before);
});
