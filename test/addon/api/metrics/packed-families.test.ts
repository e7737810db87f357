import { deserialize, serialize } from 'node:v8';
import { Counter, Histogram, Registry, Summary } from 'prom-client';
import { expect, test } from 'vitest';
import { createUnpacker, packFamilies } from '../../../../src/addon/api/metrics/packed-families';
import { createRegistryReader } from '../../../../src/addon/api/metrics/read-registry';

function example(): { counter: Counter<'x'>; pack: () => Promise<Uint8Array> } {
  const registry = new Registry();
  const registers = [registry];
  const counter = new Counter({ name: 'a_total', help: 'A', labelNames: ['x'], registers });
  counter.inc({ x: 'a "b"\\c\nd' });
  new Histogram({ name: 'c', help: 'C', labelNames: ['x'], buckets: [0.1, 1], registers }).observe({ x: 'ä' }, 0.5);
  registry.registerMetric(new Histogram({ name: 'none', help: 'N', labelNames: ['x'], registers: [] }));
  new Summary({ name: 'e', help: 'E', registers }).observe(4);
  const read = createRegistryReader(registry);
  return { counter, pack: async () => packFamilies(await read()) };
}

test('what was packed comes out as it was', async () => {
  const { pack } = example();
  const families = createUnpacker().unpack('one', await pack());
  expect(families.map(({ name, values }) => [name, values.length])).toEqual([
    ['a_total', 1],
    ['c', 5],
    ['none', 0],
    ['e', 9],
  ]);
  expect(families[0]!.values).toEqual([{ value: 1, labels: { x: 'a "b"\\c\nd' } }]);
  expect(families[1]!.values.map(({ value, labels, metricName }) => [metricName, labels, value])).toEqual([
    ['c_bucket', { le: 0.1, x: 'ä' }, 0],
    ['c_bucket', { le: 1, x: 'ä' }, 1],
    ['c_bucket', { le: '+Inf', x: 'ä' }, 1],
    ['c_sum', { x: 'ä' }, 0.5],
    ['c_count', { x: 'ä' }, 1],
  ]);
});

test('the list of series is the same one while it says the same, of each add-on by itself', async () => {
  const { counter, pack } = example();
  const unpacker = createUnpacker();
  const series = async (from: string): Promise<unknown> =>
    (unpacker.unpack(from, await pack())[0] as { table?: { series: unknown } }).table!.series;
  const first = await series('one');
  counter.inc({ x: 'a "b"\\c\nd' });
  expect(await series('one')).toBe(first);
  expect(await series('two')).not.toBe(first);
  counter.inc({ x: 'new' });
  expect(await series('one')).not.toBe(first);
});

test('what an add-on might send instead is refused', async () => {
  const { pack } = example();
  const good = deserialize(await pack()) as Record<string, unknown>[];
  const refused = (change: (families: Record<string, any>[]) => unknown): void => {
    const copy = structuredClone(good);
    const result = change(copy) ?? copy;
    expect(() => createUnpacker().unpack('x', serialize(result))).toThrow();
  };
  expect(() => createUnpacker().unpack('x', serialize(good))).not.toThrow();
  refused(() => 'families');
  refused(() => [null]);
  refused(() => [{ name: 'x' }]);
  for (const series of ['x="a"} 1\nforged 2\ny{x="b"', 'x="a', 'x=a', 'x="a",', '1x="a"', 'x="a""', 'x="\\q"'])
    refused(([first]) => void Object.assign(first!, { series }));
  refused(([first]) => void Object.assign(first!, { series: 'x="a"\nx="a"', count: 2, values: new Float64Array(2) }));
  refused(([first]) => void Object.assign(first!, { count: 2 }));
  refused(([first]) => void Object.assign(first!, { values: new Float64Array(2) }));
  refused(([first]) => void Object.assign(first!, { values: [1] }));
  refused(([first]) => void Object.assign(first!, { type: 'histogram' }));
  refused(([, second]) => void Object.assign(second!, { bounds: null }));
  refused(([, second]) => void Object.assign(second!, { bounds: ['0.1', '1'] }));
  refused(([, second]) => void Object.assign(second!, { labelNames: ['le'] }));
});
