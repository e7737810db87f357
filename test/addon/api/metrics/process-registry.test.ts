import { expect, it } from 'vitest';
import { createProcessRegistry, type ProcessRegistry } from '../../../../src/addon/api/metrics/process-registry';

function make(): ProcessRegistry & { readonly failures: string[] } {
  const failures: string[] = [];
  return { ...createProcessRegistry({ failed: (name, problem) => failures.push(`${name}: ${problem}`) }), failures };
}

const rows = ({ collectNow }: ProcessRegistry): unknown =>
  collectNow().map(({ name, rows: changed, gone }) => [name, Object.fromEntries(changed), gone]);

it('tells of each metric once, and then of what has changed', () => {
  const registry = make();
  const { factory } = registry;
  const counter = factory.counter({ name: 'c_total', help: 'h', labelNames: ['b', 'a'] });
  const histogram = factory.histogram({ name: 'h', help: 'h', buckets: [0.5, 1] });
  const summary = factory.summary({ name: 's', help: 'h' });
  counter.inc({ a: '1', b: '2' });
  histogram.observe(0.7);
  summary.observe(4);
  expect(rows(registry)).toEqual([
    ['c_total', { 'b="2",a="1"': [1] }, []],
    ['h', { '': [0, 1, 0.7, 1] }, []],
    ['s', { '': [4, 1] }, []],
  ]);
  expect(rows(registry)).toEqual([]);
  // In another order they are the same labels.
  counter.inc({ b: '2', a: '1' });
  counter.inc({ b: '3', a: '1' });
  expect(rows(registry)).toEqual([['c_total', { 'b="2",a="1"': [2], 'b="3",a="1"': [1] }, []]]);
  counter.remove({ a: '1', b: '2' });
  expect(rows(registry)).toEqual([['c_total', {}, ['b="2",a="1"']]]);
  registry.tellWhole();
  counter.remove({ a: '1', b: '3' });
  expect(rows(registry)).toEqual([
    ['c_total', {}, ['b="3",a="1"']],
    ['h', { '': [0, 1, 0.7, 1] }, []],
    ['s', { '': [4, 1] }, []],
  ]);
  expect(rows(registry)).toEqual([]);
});

it('notes when a gauge of the most recent value was set, in whatever way', () => {
  const registry = make();
  const gauge = registry.factory.gauge({ name: 'g', help: 'h', labelNames: ['a'], mode: 'livemostrecent' });
  // The clock that another process would compare with.
  const now = (): number => Number(process.hrtime.bigint()) / 1e6;
  const before = now();
  gauge.set({ a: '1' }, 5);
  gauge.labels('2').set(6);
  gauge.setToCurrentTime({ a: '3' });
  const [family] = registry.collectNow();
  expect([...family!.rows.keys()]).toEqual(['a="1"', 'a="2"', 'a="3"']);
  for (const [, time] of family!.rows.values()) {
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(now());
  }
  expect(() => gauge.inc({ a: '1' })).toThrow(/can only be set/);
});

it('a collect function that fails or never ends leaves its metric as it was, and the others are read', async () => {
  const registry = make();
  registry.factory.gauge({
    name: 'broken',
    help: 'h',
    mode: 'sum',
    collect() {
      throw new Error('no value.');
    },
  });
  registry.factory.gauge({
    name: 'fine',
    help: 'h',
    mode: 'sum',
    collect() {
      this.set(3);
    },
  });
  registry.factory.gauge({ name: 'hung', help: 'h', mode: 'sum', collect: () => new Promise<void>(() => {}) });
  const collected = await registry.collect();
  expect(collected.map(({ name, rows: changed }) => [name, changed.get('')])).toEqual([
    ['broken', [0]],
    ['fine', [3]],
    ['hung', [0]],
  ]);
  expect(registry.failures).toEqual(['broken: no value', 'hung: it took longer than 700 ms']);
});

it('leaves out a series whose labels nobody can read, and no other', () => {
  const registry = make();
  const counter = registry.factory.counter({ name: 'c_total', help: 'h', labelNames: ['a'] });
  counter.inc({ a: 'x\0y' });
  counter.inc({ a: 'fine' });
  expect(rows(registry)).toEqual([['c_total', { 'a="fine"': [1] }, []]]);
});

it.each<[string, (registry: ProcessRegistry) => unknown, RegExp]>([
  ['a name twice', ({ factory }) => factory.gauge({ name: 'c_total', help: 'h' }), /one of that name already/],
  [
    'a mode that there is not',
    ({ factory }) => factory.gauge({ name: 'g', help: 'h', mode: 'avg' as never }),
    /no mode “avg”/,
  ],
  ['a namespace that is none', ({ factory }) => factory.namespace('1'), /cannot begin a metric’s name/],
])('refuses %s', (_what, take, sentence) => {
  const registry = make();
  registry.factory.namespace('c_').counter({ name: 'total', help: 'h' });
  expect(() => take(registry)).toThrow(sentence);
});
