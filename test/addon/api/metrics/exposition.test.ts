import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { MetricFamily } from '../../../../src/addon/api/context';
import { openMetricsFault, promtoolComplaints } from '../../../helpers/exposition';
import { eventually } from '../../../helpers/eventually';
import { needs } from '../../../helpers/needs';
import { startPrometheus } from '../../../helpers/prometheus';
import { createRegistryReader } from '../../../../src/addon/api/metrics/read-registry';
import { temporaryFolder } from '../../../helpers/temporary-folder';
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

/** The types that OpenMetrics has beside those of the text format, with units and times. */
const LATER_TYPES: MetricFamily[] = [
  {
    name: 'f_build',
    help: 'Build',
    type: 'info',
    values: [{ metricName: 'f_build_info', labels: { version: '1.2' }, value: 1 }],
  },
  {
    name: 'g_state',
    help: 'State',
    type: 'stateset',
    values: ['idle', 'busy'].map((state, value) => ({ labels: { worker: 1, g_state: state }, value })),
  },
  {
    name: 'h_age_seconds',
    help: 'Ages',
    type: 'gaugehistogram',
    unit: 'seconds',
    values: [
      { metricName: 'h_age_seconds_bucket', labels: { le: '1' }, value: 3 },
      { metricName: 'h_age_seconds_bucket', labels: { le: '+Inf' }, value: 4 },
      { metricName: 'h_age_seconds_gcount', labels: {}, value: 4 },
      { metricName: 'h_age_seconds_gsum', labels: {}, value: 7 },
    ],
  },
  { name: 'i_odd', help: 'Odd', type: 'unknown', values: [{ labels: {}, value: 5, timestamp: 1_700_000_000.25 }] },
  {
    name: 'j_bytes_total',
    help: 'Bytes',
    type: 'counter',
    unit: 'bytes',
    values: [
      { labels: { disk: 'a' }, value: 5, timestamp: 1_700_000_000.25, created: 1_600_000_000 },
      {
        labels: { disk: 'b' },
        value: 6,
        timestamp: 1_700_000_000.25,
        exemplar: { labelSet: { job: 'x' }, value: 1 },
      },
    ],
  },
];

describe('the text format', () => {
  test('has the types of OpenMetrics as client_python writes them, with times in milliseconds', () => {
    expect(
      writeExposition(LATER_TYPES, 'text')
        .split('\n')
        .filter((line) => !line.startsWith('# HELP')),
    ).toEqual([
      '# TYPE f_build_info gauge',
      'f_build_info{version="1.2"} 1',
      '# TYPE g_state gauge',
      'g_state{worker="1",g_state="idle"} 0',
      'g_state{worker="1",g_state="busy"} 1',
      '# TYPE h_age_seconds histogram',
      'h_age_seconds_bucket{le="1"} 3',
      'h_age_seconds_bucket{le="+Inf"} 4',
      '# TYPE h_age_seconds_gcount gauge',
      'h_age_seconds_gcount 4',
      '# TYPE h_age_seconds_gsum gauge',
      'h_age_seconds_gsum 7',
      '# TYPE i_odd untyped',
      'i_odd 5 1700000000250',
      '# TYPE j_bytes_total counter',
      'j_bytes_total{disk="a"} 5 1700000000250',
      'j_bytes_total{disk="b"} 6 1700000000250',
      '',
    ]);
  });

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
      expect(promtoolComplaints(text)).toEqual([]);
      expect(promtoolComplaints(writeExposition(LATER_TYPES, 'text'))).toEqual([]);
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

/** Families with observations below 0: with a bucket for them, without one, and a summary. */
async function negativeFamilies(): Promise<{ registry: Registry; families: MetricFamily[] }> {
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ['side'];
  const offset = new Histogram({ name: 'a_offset', help: 'Offset', labelNames, buckets: [-2, 0, 1], registers });
  for (const value of [-3, -0.5, 3]) offset.observe({ side: 'left' }, value);
  const drift = new Histogram({ name: 'b_drift', help: 'Drift', labelNames, buckets: [0, 1], registers });
  drift.observe({ side: 'left' }, -4);
  drift.observe({ side: 'right' }, 4);
  new Summary({ name: 'c_change', help: 'Change', percentiles: [0.5], registers }).observe(-4);
  return { registry, families: (await registry.getMetricsAsJSON()) as unknown as MetricFamily[] };
}

describe('observations below 0', () => {
  const samplesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  test('have no sum in OpenMetrics, and a histogram no count without one', async () => {
    const { families } = await negativeFamilies();
    expect(samplesOf(writeExposition(families, 'openmetrics'))).toEqual([
      'a_offset_bucket{le="-2.0",side="left"} 1',
      'a_offset_bucket{le="0.0",side="left"} 2',
      'a_offset_bucket{le="1.0",side="left"} 2',
      'a_offset_bucket{le="+Inf",side="left"} 3',
      'b_drift_bucket{le="0.0",side="left"} 1',
      'b_drift_bucket{le="1.0",side="left"} 1',
      'b_drift_bucket{le="+Inf",side="left"} 1',
      'b_drift_bucket{le="0.0",side="right"} 0',
      'b_drift_bucket{le="1.0",side="right"} 0',
      'b_drift_bucket{le="+Inf",side="right"} 1',
      'c_change_count 1',
    ]);
  });

  test('keep their times of creation', async () => {
    const { families } = await negativeFamilies();
    const text = writeExposition(
      families.map((family) => ({ ...family, created: 12 })),
      'openmetrics',
    );
    expect(samplesOf(text).filter((line) => line.includes('_created'))).toEqual([
      'a_offset_created{side="left"} 12',
      'b_drift_created{side="left"} 12',
      'b_drift_created{side="right"} 12',
      'c_change_created 12',
    ]);
  });

  test('have a sum in the text format', async () => {
    const { families } = await negativeFamilies();
    expect(samplesOf(writeExposition(families, 'text'))).toEqual(
      expect.arrayContaining([
        'a_offset_sum{side="left"} -0.5',
        'a_offset_count{side="left"} 3',
        'b_drift_sum{side="left"} -4',
        'c_change_sum -4',
      ]),
    );
  });

  needs.pythonPrometheusClient('parsed by the Python client', () => {
    test('are accepted, also as they come from a registry', async () => {
      const { registry, families } = await negativeFamilies();
      expect(openMetricsFault(writeExposition(families, 'openmetrics'))).toBe('');
      expect(openMetricsFault(writeExposition(await createRegistryReader(registry)(), 'openmetrics'))).toBe('');
    });
  });
});

describe('the other types of OpenMetrics', () => {
  test('are written with their units, times, times of creation and exemplars', () => {
    expect(
      writeExposition(LATER_TYPES, 'openmetrics')
        .split('\n')
        .filter((line) => !line.startsWith('# HELP')),
    ).toEqual([
      '# TYPE f_build info',
      'f_build_info{version="1.2"} 1',
      '# TYPE g_state stateset',
      'g_state{worker="1",g_state="idle"} 0',
      'g_state{worker="1",g_state="busy"} 1',
      '# TYPE h_age_seconds gaugehistogram',
      '# UNIT h_age_seconds seconds',
      'h_age_seconds_bucket{le="1.0"} 3',
      'h_age_seconds_bucket{le="+Inf"} 4',
      'h_age_seconds_gcount 4',
      'h_age_seconds_gsum 7',
      '# TYPE i_odd unknown',
      'i_odd 5 1700000000.25',
      '# TYPE j_bytes counter',
      '# UNIT j_bytes bytes',
      'j_bytes_total{disk="a"} 5 1700000000.25',
      'j_bytes_created{disk="a"} 1600000000 1700000000.25',
      'j_bytes_total{disk="b"} 6 1700000000.25 # {job="x"} 1',
      '# EOF',
      '',
    ]);
  });

  needs.pythonPrometheusClient('checked by Prometheus’s client for Python', () => {
    test('are read without a complaint', async () => {
      const { families } = await exampleFamilies();
      expect(openMetricsFault(writeExposition([...families, ...LATER_TYPES], 'openmetrics'))).toBe('');
    });
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

needs.prometheus('read by a real Prometheus', () => {
  test.each<ExpositionFormat>(['text', 'openmetrics'])('every type is a series there, from %s', async (format) => {
    // Of now: Prometheus takes no samples that are too old for it.
    const families = LATER_TYPES.map((family) => ({
      ...family,
      values: family.values.map(({ timestamp, ...sample }) =>
        timestamp === undefined ? sample : { ...sample, timestamp: Math.floor(Date.now() / 1000) },
      ),
    }));
    const { families: others } = await exampleFamilies();
    const server = createServer((_request, response) => {
      response.setHeader(
        'content-type',
        format === 'text' ? 'text/plain; version=0.0.4' : 'application/openmetrics-text; version=1.0.0; charset=utf-8',
      );
      response.end(writeBytes([...others, ...families], format));
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const prometheus = await startPrometheus(temporaryFolder(), `127.0.0.1:${(server.address() as AddressInfo).port}`);
    const values: [query: string, value: number][] = [
      ['f_build_info{version="1.2"}', 1],
      ['g_state{g_state="busy"}', 1],
      ['h_age_seconds_bucket{le="+Inf"}', 4],
      ['h_age_seconds_gsum', 7],
      ['i_odd', 5],
      ['j_bytes_total{disk="b"}', 6],
      ['e_seconds{quantile=~"0.5"}', 4],
    ];
    for (const [query, value] of values)
      expect([query, await eventually(query, () => prometheus.query(query), 30_000)]).toEqual([query, value]);
    expect(await prometheus.target()).toMatchObject({ health: 'up', lastError: '' });
  });
});
