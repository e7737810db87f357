import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { expect, test } from 'vitest';
import type { CollectedFamily } from '../../../../src/addon/api/context';
import { createRegistryReader } from '../../../../src/addon/api/metrics/read-registry';

const plain = (families: readonly CollectedFamily[]): unknown =>
  families.map(({ name, help, type, values }) => ({
    name,
    help,
    type,
    values: values.map(({ value, labels, metricName }) => ({ value, labels: texts(labels), metricName })),
  }));
const texts = (labels: Record<string, string | number>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]));

/** What prom-client itself says, for comparison. */
const theirs = async (registry: Registry): Promise<unknown> =>
  plain((await registry.getMetricsAsJSON()) as unknown as CollectedFamily[]);

test('reads what prom-client reads, whatever happens between two readings', async () => {
  const registry = new Registry();
  const registers = [registry];
  const counter = new Counter({ name: 'a_total', help: 'A', labelNames: ['x', 'y'], registers });
  const gauge = new Gauge({ name: 'b', help: 'B', labelNames: ['text'], registers });
  const histogram = new Histogram({
    name: 'c',
    help: 'C',
    labelNames: ['x'],
    buckets: [0.01, 0.5, 1, 10, 1e9],
    registers,
  });
  const single = new Histogram({ name: 'd', help: 'D', registers });
  new Summary({ name: 'e', help: 'E', percentiles: [0.5, 1], registers }).observe(4);
  let asked = 0;
  const computed = new Gauge({
    name: 'f',
    help: 'F',
    registers: [],
    async collect() {
      await Promise.resolve();
      this.set(++asked);
    },
  });
  registry.registerMetric(computed);
  const read = createRegistryReader(registry);
  const check = async (): Promise<CollectedFamily[]> => {
    const families = await read();
    asked--;
    expect(plain(families)).toEqual(await theirs(registry));
    return families;
  };
  await check();
  counter.inc({ x: 'one', y: 2 }, 3);
  counter.inc({ y: 'only' });
  gauge.set({ text: 'a "b"\\c\nd, e="f"' }, -1.5);
  gauge.set({ text: '' }, NaN);
  for (let i = 0; i < 40; i++) histogram.observe({ x: i % 3 }, 0.004 * 3 ** (i % 9));
  single.observe(3);
  const before = await check();
  histogram.observe({ x: 1 }, 0.2);
  single.observe(30);
  const after = await check();
  const series = (families: CollectedFamily[], name: string): unknown =>
    families.find((family) => family.name === name)!.table!.series;
  expect(series(after, 'c')).toBe(series(before, 'c'));
  histogram.remove({ x: 1 });
  histogram.observe({ x: 9 }, 7);
  expect(series(await check(), 'c')).not.toBe(series(before, 'c'));
  // As many values, but not the same ones.
  single.reset();
  single.observe(2);
  single.observe(2);
  counter.reset();
  await check();
  histogram.reset();
  await check();
});

test('a reset histogram with the same count is read anew', async () => {
  const registry = new Registry();
  const histogram = new Histogram({ name: 'c', help: 'C', labelNames: ['x'], buckets: [1, 10], registers: [registry] });
  const read = createRegistryReader(registry);
  const shown = async (): Promise<unknown> => (await read())[0]!.values.map(({ value }) => value);
  histogram.observe({ x: 1 }, 5);
  expect(await shown()).toEqual([0, 1, 1, 5, 1]);
  histogram.reset();
  histogram.observe({ x: 1 }, 0.5);
  expect(await shown()).toEqual([1, 1, 1, 0.5, 1]);
});

test('leaves to prom-client what is not just its own: default labels, labels of a bucket’s name, other classes', async () => {
  const registry = new Registry();
  new Gauge({ name: 'odd', help: 'O', labelNames: ['le'], registers: [registry] }).set({ le: '1' }, 2);
  registry.registerMetric({
    name: 'mine',
    get: async () => ({ name: 'mine', help: 'M', type: 'gauge', values: [{ value: 1, labels: {} }] }),
  } as never);
  const read = createRegistryReader(registry);
  const families = await read();
  expect(plain(families)).toEqual(await theirs(registry));
  expect(families.map((family) => family.table)).toEqual([undefined, undefined]);
  registry.setDefaultLabels({ host: 'box' });
  expect(plain(await read())).toEqual(await theirs(registry));
});

test('default labels do not make one metric’s fault that of all, and an empty summary stays empty', async () => {
  const registry = new Registry();
  const registers = [registry];
  registry.setDefaultLabels({ host: 'box' });
  const broken = new Gauge({
    name: 'broken',
    help: 'B',
    registers: [],
    collect() {
      throw new Error('no value.');
    },
  });
  registry.registerMetric(broken);
  registry.registerMetric(new Summary({ name: 'idle', help: 'I', percentiles: [0.5], registers: [] }));
  new Counter({ name: 'a_total', help: 'A', labelNames: ['host', 'x'], registers }).inc({ host: 'own', x: '1' });
  const problems: string[] = [];
  const read = createRegistryReader(registry, (name, problem) => problems.push(`${name}: ${problem}`));
  const seen = new Set<object>();
  const families = await read(seen);
  expect(families.map(({ name, values }) => [name, values.map(({ labels, value }) => [labels, value])])).toEqual([
    [
      'idle',
      [
        [{ quantile: 0.5, host: 'box' }, NaN],
        [{ host: 'box' }, 0],
        [{ host: 'box' }, 0],
      ],
    ],
    ['a_total', [[{ host: 'own', x: '1' }, 1]]],
  ]);
  expect(problems).toEqual(['broken: no value']);
  // Without these labels they are other series.
  expect(seen.size).toBe(0);
});
