import { spawnSync } from 'node:child_process';
import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { describe, expect, test } from 'vitest';
import type { MetricFamily } from '../../../../src/addon/api/context';
import { needs, pathOf } from '../../../helpers/needs';
import {
  filterFamilies,
  writeExposition as writeBytes,
  type ExpositionFormat,
} from '../../../../src/addon/api/metrics/exposition';

const writeExposition = (families: readonly MetricFamily[], format: ExpositionFormat): string =>
  writeBytes(families, format).toString();

async function exampleFamilies(): Promise<{ registry: Registry; families: MetricFamily[] }> {
  const registry = new Registry();
  const registers = [registry];
  new Counter({ name: 'b_frames_total', help: 'Frames', labelNames: ['engine'], registers }).inc({ engine: 'gltf' }, 3);
  new Counter({ name: 'a_events', help: 'Named without total', registers }).inc(2);
  new Gauge({ name: 'c_odd', help: 'Line one\nback\\slash "quoted"', labelNames: ['text'], registers }).set(
    { text: 'a "b"\\c\nd' },
    -1.5e-7,
  );
  const histogram = new Histogram({
    name: 'd_seconds',
    help: 'Time',
    labelNames: ['engine'],
    buckets: [0.01, 0.5, 1, 10],
    registers,
  });
  histogram.observe({ engine: 'gltf' }, 0.2);
  histogram.observe({ engine: 'gltf' }, 20);
  new Summary({ name: 'e_seconds', help: 'Time', percentiles: [0.5, 1], registers }).observe(4);
  return { registry, families: (await registry.getMetricsAsJSON()) as unknown as MetricFamily[] };
}

describe('the text format', () => {
  test('has every kind of metric, escaped, families sorted by name', async () => {
    const { families } = await exampleFamilies();
    expect(writeExposition(families.toReversed(), 'text')).toBe(
      [
        '# HELP a_events Named without total',
        '# TYPE a_events counter',
        'a_events 2',
        '# HELP b_frames_total Frames',
        '# TYPE b_frames_total counter',
        'b_frames_total{engine="gltf"} 3',
        '# HELP c_odd Line one\\nback\\\\slash "quoted"',
        '# TYPE c_odd gauge',
        'c_odd{text="a \\"b\\"\\\\c\\nd"} -1.5e-7',
        '# HELP d_seconds Time',
        '# TYPE d_seconds histogram',
        'd_seconds_bucket{le="0.01",engine="gltf"} 0',
        'd_seconds_bucket{le="0.5",engine="gltf"} 1',
        'd_seconds_bucket{le="1",engine="gltf"} 1',
        'd_seconds_bucket{le="10",engine="gltf"} 1',
        'd_seconds_bucket{le="+Inf",engine="gltf"} 2',
        'd_seconds_sum{engine="gltf"} 20.2',
        'd_seconds_count{engine="gltf"} 2',
        '# HELP e_seconds Time',
        '# TYPE e_seconds summary',
        'e_seconds{quantile="0.5"} 4',
        'e_seconds{quantile="1"} 4',
        'e_seconds_sum 4',
        'e_seconds_count 1',
        '',
      ].join('\n'),
    );
  });

  test('writes the values that are not numbers', () => {
    const values = [NaN, Infinity, -Infinity, 0, 1e21].map((value, i) => ({ value, labels: { i } }));
    expect(
      writeExposition([{ name: 'x', help: '', type: 'gauge', values }], 'text')
        .split('\n')
        .slice(2, 7),
    ).toEqual(['x{i="0"} NaN', 'x{i="1"} +Inf', 'x{i="2"} -Inf', 'x{i="3"} 0', 'x{i="4"} 1e+21']);
  });

  test('leaves out labels without a value, and a family without series keeps its head', () => {
    const families: MetricFamily[] = [
      { name: 'a', help: 'h', type: 'gauge', values: [{ value: 1, labels: { gone: undefined as unknown as string } }] },
      { name: 'b', help: 'h', type: 'gauge', values: [] },
    ];
    expect(writeExposition(families, 'text')).toBe('# HELP a h\n# TYPE a gauge\na 1\n# HELP b h\n# TYPE b gauge\n');
  });

  needs.promtool('checked by promtool', () => {
    test('is read without a complaint', async () => {
      const { families } = await exampleFamilies();
      const text = writeExposition(
        families.filter((family) => family.name !== 'a_events'),
        'text',
      );
      const promtool = spawnSync(pathOf('promtool'), ['check', 'metrics'], { input: text, encoding: 'utf8' });
      expect(promtool.stderr + promtool.stdout).toBe('');
      expect(promtool.status).toBe(0);
    });
  });
});

describe('OpenMetrics', () => {
  test('names counters its way, has bounds as floats, escapes quotes in help, and ends with # EOF', async () => {
    const { families } = await exampleFamilies();
    const lines = writeExposition(families, 'openmetrics').split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '# TYPE b_frames counter',
        'b_frames_total{engine="gltf"} 3',
        '# TYPE a_events counter',
        'a_events_total 2',
        '# HELP c_odd Line one\\nback\\\\slash \\"quoted\\"',
        'd_seconds_bucket{le="1.0",engine="gltf"} 1',
        'd_seconds_bucket{le="+Inf",engine="gltf"} 2',
        'e_seconds{quantile="1.0"} 4',
      ]),
    );
    expect(lines.slice(-2)).toEqual(['# EOF', '']);
    expect(lines.filter((line) => line === '')).toHaveLength(1);
  });
});

describe('the filter of ?name[]=', () => {
  test('keeps families by name, and single series of a histogram', async () => {
    const { families } = await exampleFamilies();
    const names = (...wanted: string[]): string[] =>
      filterFamilies(families, new Set(wanted)).map((family) => `${family.name}/${family.values.length}`);
    expect(names('c_odd')).toEqual(['c_odd/1']);
    expect(names('b_frames_total')).toEqual(['b_frames_total/1']);
    expect(names('b_frames')).toEqual(['b_frames_total/1']);
    expect(names('d_seconds')).toEqual(['d_seconds/7']);
    expect(names('d_seconds_count', 'e_seconds_sum')).toEqual(['d_seconds/1', 'e_seconds/1']);
    expect(names('missing')).toEqual([]);
  });
});

test('writes many series whole, with characters of several bytes', () => {
  const values = Array.from({ length: 5_000 }, (_, i) => ({ value: i, labels: { name: `Bühne ${i}` } }));
  const lines = writeExposition([{ name: 'x', help: 'Größe', type: 'gauge', values }], 'text').split('\n');
  expect(lines.slice(2, -1)).toEqual(values.map(({ value, labels }) => `x{name="${labels.name}"} ${value}`));
});

test('writes what prom-client writes, line for line', async () => {
  const { registry, families } = await exampleFamilies();
  const lines = (text: string): string[] => text.split('\n').filter(Boolean).sort();
  expect(lines(writeExposition(families, 'text'))).toEqual(lines(await registry.metrics()));
});
