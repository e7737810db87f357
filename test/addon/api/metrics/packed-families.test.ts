import { deserialize, serialize } from 'node:v8';
import { Counter, Histogram, Registry, Summary } from 'prom-client';
import { expect, test } from 'vitest';
import type { CollectedFamily } from '../../../../src/addon/api/context';
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
  const families = createUnpacker().unpack('one', await pack(), {
    foreign: true,
    report: (name, problem) => expect.fail(`${name}: ${problem}`),
  });
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
    (unpacker.unpack(from, await pack(), { foreign: true, report: () => {} })[0] as { table?: { series: unknown } })
      .table!.series;
  const first = await series('one');
  counter.inc({ x: 'a "b"\\c\nd' });
  expect(await series('one')).toBe(first);
  expect(await series('two')).not.toBe(first);
  counter.inc({ x: 'new' });
  expect(await series('one')).not.toBe(first);
});

/** What comes out, and what is said of the rest. */
function unpack(packed: Uint8Array): { families: CollectedFamily[]; reports: string[] } {
  const reports: string[] = [];
  return {
    families: createUnpacker().unpack('x', packed, {
      foreign: true,
      report: (name, problem) => void reports.push(`${name}: ${problem}`),
    }),
    reports,
  };
}

test('a table that an add-on might send instead is left out, and the others stay', async () => {
  const { pack } = example();
  const good = deserialize(await pack()) as Record<string, unknown>[];
  const names = unpack(serialize(good)).families.map(({ name }) => name);
  expect(names).toHaveLength(4);
  const refused = (index: number, change: object): void => {
    const copy = structuredClone(good);
    Object.assign(copy[index]!, change);
    const { families, reports } = unpack(serialize(copy));
    expect(
      families.map(({ name }) => name),
      JSON.stringify(change),
    ).toEqual(names.filter((_, at) => at !== index));
    expect(reports).toHaveLength(1);
  };
  for (const series of [
    'x="a"} 1\nforged 2\ny{x="b"',
    'x="a',
    'x=a',
    'x="a",',
    '1x="a"',
    'x="a""',
    'x="\\q"',
    'le="1"',
    '__name__="up"',
    'x="a",x="b"',
    `x="${'a'.repeat(3_000)}"`,
    'x="\0"',
  ]) {
    refused(0, { series });
  }
  refused(0, { series: 'x="a"\nx="a"', count: 2, values: new Float64Array(2) });
  refused(0, { count: 2 });
  refused(0, { count: -1 });
  refused(0, { values: new Float64Array(2) });
  refused(0, { values: [1] });
  refused(0, { type: 'histogram' });
  refused(0, { values: new Float64Array([-1]) });
  refused(0, { values: new Float64Array([Number.NaN]) });
  refused(1, { bounds: null });
  refused(1, { bounds: ['0.1', '1'] });
  refused(1, { bounds: [1, 0.1] });
  refused(1, { labelNames: ['le'] });
  refused(1, { values: new Float64Array([2, 1, 3, 3]) });
  refused(1, { values: new Float64Array([0, 1, Number.POSITIVE_INFINITY, 1]) });
});

test.each<[string, Uint8Array]>([
  ['no bytes', new Uint8Array(0)],
  ['other bytes', new Uint8Array([1, 2, 3, 4])],
  ['a text', serialize('families')],
  ['an object', serialize({ length: 1, 0: { name: 'x' } })],
])('%s instead of families are none', (_what, packed) => {
  const { families, reports } = unpack(packed);
  expect(families).toEqual([]);
  expect(reports).toEqual(['null: they are not a list of metric families']);
});
