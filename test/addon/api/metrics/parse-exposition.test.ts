import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { MetricFamily } from '../../../../src/addon/api/context';
import { admitFamilies } from '../../../../src/addon/api/metrics/admit-families';
import { type ExpositionFormat, writeExposition } from '../../../../src/addon/api/metrics/exposition';
import { parseExposition } from '../../../../src/addon/api/metrics/parse-exposition';
import { needs, pathOf } from '../../../helpers/needs';

const FUZZ = Number(process.env['FRAMEGAUGE_FUZZ_FACTOR'] ?? 1);

/** Every part of the text format, blanks and comments included. */
const TEXT = `# A comment.
#HELPFUL is one too.

# HELP http_requests_total The total.\\nOf all, in C:\\\\DIR "quoted"
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400",}    3 1395066363000
  msdos_file_access_time_seconds { path = "C:\\\\DIR\\\\FILE.TXT" , error="Cannot find:\\n\\"FILE\\"" } 1.458255915e9
metric_without_timestamp_and_labels 12.47
something_weird{problem="division by zero"} +Inf -3982045
# HELP http_request_duration_seconds A histogram.
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423
http_request_duration_seconds_count 144320
# TYPE rpc_seconds summary
rpc_seconds{quantile="0.01"} NaN
rpc_seconds_sum 1.7560473e+07
rpc_seconds_count 2693
# TYPE empty_help gauge
# HELP empty_help
empty_help -1e-9
`;

/** Every part of OpenMetrics. */
const OPEN = `# HELP requests The total.\\nOf \\"all\\".
# TYPE requests counter
requests_total{code="200"} 5 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67 1520879606.2
requests_created{code="200"} 1520430000.123 1520879607.789
requests_total{code="500"} 1 # {} 1
# TYPE wait_seconds histogram
# UNIT wait_seconds seconds
wait_seconds_bucket{le="0.1"} 8
wait_seconds_bucket{le="1.0"} 11 # {id="a",part="\\"b\\""} 0.7
wait_seconds_bucket{le="+Inf"} 17
wait_seconds_count 17
wait_seconds_sum 324789.3
wait_seconds_created 1520430000.123
# TYPE build info
build_info{entity="controller",version="8.2.7"} 1
# TYPE door stateset
door{door="open"} 1
door{door="closed"} 0
# TYPE rpc_bytes summary
# UNIT rpc_bytes bytes
rpc_bytes{quantile="0.95"} 123.7
rpc_bytes_count 5
rpc_bytes_sum 9e3
# TYPE sizes gaugehistogram
sizes_bucket{le="1.0"} 4
sizes_bucket{le="+Inf"} 5
sizes_gcount 5
sizes_gsum 33
# TYPE odd unknown
odd{path="C:\\\\x\\n"} -Inf
free NaN
# EOF
`;

const EXAMPLES: readonly (readonly [ExpositionFormat, string])[] = [
  ['text', TEXT],
  ['openmetrics', OPEN],
];

describe('the text format', () => {
  const families = parseExposition(TEXT, 'text');
  const find = (name: string): MetricFamily => families.find((family) => family.name === name)!;

  it('has its families in order, with types, helps and values', () => {
    expect(families.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'http_requests_total counter',
      'msdos_file_access_time_seconds unknown',
      'metric_without_timestamp_and_labels unknown',
      'something_weird unknown',
      'http_request_duration_seconds histogram',
      'rpc_seconds summary',
      'empty_help gauge',
    ]);
    expect(find('http_requests_total').help).toBe('The total.\nOf all, in C:\\DIR "quoted"');
    expect(find('http_requests_total').values[1]).toEqual({
      value: 3,
      labels: { method: 'post', code: '400' },
      timestamp: 1_395_066_363,
    });
    expect(find('msdos_file_access_time_seconds').values[0]!.labels).toEqual({
      path: 'C:\\DIR\\FILE.TXT',
      error: 'Cannot find:\n"FILE"',
    });
    expect(find('something_weird').values).toEqual([
      { value: Infinity, labels: { problem: 'division by zero' }, timestamp: -3982.045 },
    ]);
    expect(find('rpc_seconds').values.map(({ metricName, value }) => [metricName, value])).toEqual([
      [undefined, NaN],
      ['rpc_seconds_sum', 17_560_473],
      ['rpc_seconds_count', 2_693],
    ]);
  });

  it('has times of creation where client_python writes them as gauges', () => {
    const parsed = parseExposition(
      `# TYPE a_total counter
a_total{x="1"} 5
# TYPE a_created gauge
a_created{x="1"} 1600000000
# TYPE b summary
b_count 1
b_sum 2
# TYPE b_created gauge
b_created 1700000000.5
# TYPE c_created gauge
c_created 7
`,
      'text',
    );
    expect(parsed.map(({ name, values }) => [name, values.map(({ created }) => created)])).toEqual([
      ['a_total', [1_600_000_000]],
      ['b', [1_700_000_000.5, undefined]],
      ['c_created', [undefined]],
    ]);
  });

  it.each<[string, string, RegExp]>([
    ['without an end', 'x 1', /break off/],
    ['that ends like OpenMetrics', 'x 1\n# EOF', /break off/],
    ['without a value', 'x \n', /Line 1 .*: the value is missing/],
    ['without a blank before the value', 'x.5\n', /no blank before the value/],
    ['with a number that is none', 'x 0x10\n', /“0x10” is not a number/],
    ['with a number that no double holds', 'x 1e999\n', /“1e999” is not a number/],
    ['with an underscore in a number', 'x 1_000\n', /is not a number/],
    ['with a fraction as its time', 'x 1 1.5\n', /whole number of milliseconds/],
    ['with more behind its time', 'x 1 2 3\n', /something behind the time/],
    ['with a name that is none', 'x 1\n7x 1\n', /Line 2 .*no metric’s name/],
    ['with a label without quotes', 'x{a=1} 1\n', /“a” is not in quotes/],
    ['with a label twice', 'x{a="1",a="2"} 1\n', /“a” is there twice/],
    ['with labels that do not end', 'x{a="1" 1\n', /no comma/],
    ['with an unknown escape', 'x{a="\\q"} 1\n', /“\\q” in it/],
    ['with a line break of Windows', 'x 1\r\n', /is not a number/],
    [
      'with a series twice',
      'x{a="1",b="2"} 1\nx{b="2",a="1"} 1\n',
      /“x” cannot be read: a series of “x” is there twice/,
    ],
    ['with a metric in two places', 'x 1\ny 1\nx{a="1"} 2\n', /Line 3 .*“x” are not together/],
    ['with a type after the values', 'x 1\n# TYPE x gauge\n', /after the values/],
    ['with two types', '# TYPE x gauge\n# TYPE x counter\n', /two lines of that kind/],
    ['with a type that is none', '# TYPE x info\n', /no type “info”/],
    ['with a type of a prototype’s', '# TYPE x constructor\n', /no type “constructor”/],
    ['with a help of nothing', '# HELP\n', /names no metric/],
    ['with a bucket without a bound', '# TYPE x histogram\nx_bucket 1\n', /no bound “le”/],
    ['with a quantile above 1', '# TYPE x summary\nx{quantile="2"} 1\n', /from 0 to 1/],
    ['with a series of two metrics', 'x_sum 1\n# TYPE x summary\nx_sum 1\n', /“x_sum” is of another metric too/],
  ])('%s is refused', (_what, text, sentence) => {
    expect(() => parseExposition(text, 'text')).toThrow(sentence);
  });
});

describe('OpenMetrics', () => {
  const families = parseExposition(OPEN, 'openmetrics');

  it('has its families, units, times of creation and exemplars', () => {
    expect(families.map(({ name, type, unit }) => [name, type, unit])).toEqual([
      ['requests_total', 'counter', undefined],
      ['wait_seconds', 'histogram', 'seconds'],
      ['build', 'info', undefined],
      ['door', 'stateset', undefined],
      ['rpc_bytes', 'summary', 'bytes'],
      ['sizes', 'gaugehistogram', undefined],
      ['odd', 'unknown', undefined],
      ['free', 'unknown', undefined],
    ]);
    expect(families[0]!.values).toEqual([
      {
        value: 5,
        labels: { code: '200' },
        timestamp: 1_520_879_607.789,
        created: 1_520_430_000.123,
        exemplar: { labelSet: { trace_id: 'KOO5S4vxi0o' }, value: 0.67, timestamp: 1_520_879_606.2 },
      },
      { value: 1, labels: { code: '500' }, exemplar: { labelSet: {}, value: 1 } },
    ]);
    expect(families[1]!.values.find(({ created }) => created !== undefined)!.metricName).toBe('wait_seconds_count');
    // The last line feed may be left out (`exposition = metricset HASH SP eof [ LF ]`).
    expect(parseExposition(OPEN.trimEnd(), 'openmetrics')).toEqual(families);
    expect(parseExposition('# EOF', 'openmetrics')).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    ['without # EOF', 'x 1\n', /no # EOF at their end/],
    ['without the end of a line', 'x 1\n# EO', /break off/],
    ['with # EOF in a line', 'x 1 # EOF', /break off/],
    ['with more after # EOF', '# EOF\nx 1\n', /Line 2 .*after # EOF/],
    ['with an empty line', '\n# EOF\n', /is empty/],
    ['with a comment', '# hello\n# EOF\n', /none of # HELP/],
    ['with two blanks', 'x  1\n# EOF\n', /the value is missing/],
    ['with a blank at the end', 'x 1 \n# EOF\n', /the time is missing/],
    ['with a comma after the last label', 'x{a="1",} 1\n# EOF\n', /no name/],
    ['with the text format’s type', '# TYPE x untyped\n# EOF\n', /no type “untyped”/],
    ['with a counter without _total', '# TYPE x counter\nx 1\n# EOF\n', /“x” are not together|not together/],
    ['with a counter below 0', '# TYPE x counter\nx_total -1\n# EOF\n', /from 0 on/],
    ['with a counter that is NaN', '# TYPE x counter\nx_total NaN\n# EOF\n', /from 0 on/],
    ['with half a count', '# TYPE x summary\nx_count 1.5\n# EOF\n', /whole number/],
    ['with a histogram without +Inf', '# TYPE x histogram\nx_bucket{le="1.0"} 1\n# EOF\n', /no bucket \+Inf/],
    [
      'with a histogram whose count is another',
      '# TYPE x histogram\nx_bucket{le="+Inf"} 1\nx_sum 1\nx_count 2\n# EOF\n',
      /its count is not/,
    ],
    [
      'with buckets in another order',
      '# TYPE x histogram\nx_bucket{le="2.0"} 1\nx_bucket{le="1.0"} 1\nx_bucket{le="+Inf"} 1\n# EOF\n',
      /in the order of their bounds/,
    ],
    [
      'with label sets that alternate',
      '# TYPE x summary\nx_sum{a="1"} 1\nx_sum{a="2"} 1\nx_count{a="1"} 1\n# EOF\n',
      /not together/,
    ],
    ['with a state that is neither', '# TYPE x stateset\nx{x="a"} 2\n# EOF\n', /neither 0 nor 1/],
    ['with a state without a name', '# TYPE x stateset\nx 1\n# EOF\n', /no label “x”/],
    [
      'with a state named as in a prototype',
      '# TYPE constructor stateset\nconstructor 1\n# EOF\n',
      /no label “constructor”/,
    ],
    ['with an info of 0', '# TYPE x info\nx_info{a="1"} 0\n# EOF\n', /not 1/],
    ['with a unit that the name has not', '# TYPE x gauge\n# UNIT x seconds\nx 1\n# EOF\n', /does not end in its unit/],
    ['with an exemplar of a gauge', '# TYPE x gauge\nx 1 # {} 1\n# EOF\n', /only buckets and counters/],
    ['with a long exemplar', `# TYPE x counter\nx_total 1 # {a="${'b'.repeat(128)}"} 1\n# EOF\n`, /longer than 128/],
    ['with two points of one series', 'x 1 1\nx 2 2\n# EOF\n', /there twice|different times/],
    ['with a clash of names', '# TYPE x counter\nx_total 1\n# TYPE x_total gauge\n# EOF\n', /not together/],
  ])('%s is refused', (_what, text, sentence) => {
    expect(() => parseExposition(text, 'openmetrics')).toThrow(sentence);
  });
});

describe('more than can be served is refused:', () => {
  it.each<[string, () => string, RegExp]>([
    ['characters', () => '#'.repeat(16_000_001), /longer than/],
    ['values', () => 'x 1\n'.repeat(200_001), /more than 200000 values/],
    ['metrics', () => Array.from({ length: 1_001 }, (_, n) => `x${n} 1\n`).join(''), /more than 1000 metrics/],
    ['labels', () => `x{${Array.from({ length: 33 }, (_, n) => `l${n}="1"`).join()}} 1\n`, /more than 32 labels/],
    ['characters of a name', () => `${'x'.repeat(201)} 1\n`, /longer than 200/],
  ])('%s', (_what, text, sentence) => {
    expect(() => parseExposition(text(), 'text')).toThrow(sentence);
  });

  it('takes time in proportion to the size, whatever is in it', () => {
    // Each would take hours if the time rose with the square.
    for (const text of [`x{a="${'\\\\'.repeat(2_000_000)}`, `x{${'a="",'.repeat(2_000_000)}`, ' '.repeat(4_000_000)])
      expect(() => parseExposition(`${text}x\n`, 'text')).toThrow();
  });
});

/** A text that is not far from a good one. */
function damaged(text: string): fc.Arbitrary<string> {
  const lines = text.split('\n');
  const line = fc.nat(lines.length - 1);
  const pieces = [
    '',
    ' ',
    '  ',
    '\t',
    '\\',
    '"',
    '{',
    '}',
    ',',
    '=',
    '#',
    '# ',
    '1',
    '-',
    '.',
    'e5',
    'NaN',
    '+Inf',
    '_total',
    'le="1.0"',
    'ä',
    '\r',
    '\0',
    '\\n',
    '# EOF',
    '_',
    '0',
    '\u2028',
  ];
  const change = fc.oneof(
    // A piece in place of some characters of a line.
    fc
      .tuple(line, fc.nat(60), fc.nat(3), fc.constantFrom(...pieces))
      .map(([at, from, length, piece]) => (all: string[]): void => {
        const old = all[at] ?? '';
        all[at] = old.slice(0, from) + piece + old.slice(from + length);
      }),
    fc.tuple(line, line).map(
      ([from, to]) =>
        (all: string[]) =>
          void all.splice(to, 0, ...all.slice(from, from + 1)),
    ),
    line.map((at) => (all: string[]) => void all.splice(at, 1)),
    fc.tuple(line, line).map(
      ([from, to]) =>
        (all: string[]) =>
          void all.splice(to, 0, ...all.splice(from, 1)),
    ),
  );
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const all = [...lines];
    for (const each of changes) each(all);
    return all.join('\n');
  });
}

function tryParse(text: string, format: ExpositionFormat): MetricFamily[] | null {
  try {
    return parseExposition(text, format);
  } catch (error) {
    expect((error as Error).message).toMatch(/^(?:Line \d+ of the|The) metrics? .*\.$/s);
    return null;
  }
}

describe.each(EXAMPLES)('%s', (format, example) => {
  test('what was read is written and read again as it was', () => {
    const families = parseExposition(example, format);
    const admitted = admitFamilies(families, { foreign: true, report: (name, why) => expect.fail(`${name}: ${why}`) });
    const again = parseExposition(writeExposition(admitted, format).toString(), format);
    const sorted = (list: readonly MetricFamily[]): MetricFamily[] =>
      [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(sorted(again)).toEqual(sorted(families));
  });

  test('a damaged text is read or refused in a sentence, and what is read can be written and read again', () => {
    fc.assert(
      fc.property(damaged(example), (text) => {
        const families = tryParse(text, format);
        if (!families) return;
        const admitted = admitFamilies(families, { foreign: true, report: () => {} });
        parseExposition(writeExposition(admitted, format).toString(), format);
      }),
      { numRuns: 2_000 * FUZZ },
    );
  });

  needs.pythonPrometheusClient('beside the parser of Prometheus’s client for Python', () => {
    test('what is read here is read there, as the same values', () => {
      // Its parser of the text format takes a tab for a part of the name where a blank follows later, and the second word
      // of a comment such as “#x TYPE …” for its first. That of OpenMetrics takes a brace in a label of an exemplar for the
      // end of the labels.
      const misread = /\t|# \{[^\n]*\}[^\n]*\}|^#\S+ +(?:TYPE|HELP) /m;
      const samples = fc.sample(damaged(example), 3_000 * FUZZ).filter((text) => !misread.test(text));
      const texts = [example, ...samples];
      const python = spawnSync(pathOf('pythonPrometheusClient'), [join(import.meta.dirname, 'parse.py')], {
        input: JSON.stringify(texts.map((text) => [format, text])),
        encoding: 'utf8',
        maxBuffer: 1e9,
      });
      expect(python.stderr).toBe('');
      const theirs = JSON.parse(python.stdout) as ([name: string, ...unknown[]][] | null)[];
      let compared = 0;
      for (const [index, text] of texts.entries()) {
        const families = tryParse(text, format);
        if (!families) continue;
        compared++;
        expect({
          text,
          samples: theirs[index]
            ?.filter(isKept)
            .map((sample) => JSON.stringify(sample))
            .sort(),
        }).toEqual({
          text,
          samples: samplesOf(families, format)
            .filter(isKept)
            .map((sample) => JSON.stringify(sample))
            .sort(),
        });
      }
      expect(compared).toBeGreaterThan(texts.length / 50);
    });
  });
});

/** Here a histogram's or summary's time of creation is with its count, and gone where it has none. */
const isKept = ([name]: readonly [name: string, ...unknown[]]): boolean =>
  !/^(?:wait_seconds|rpc_bytes)_created$/.test(name);

/** The samples as parse.py writes them. */
function samplesOf(families: readonly MetricFamily[], format: ExpositionFormat): [name: string, ...unknown[]][] {
  return families.flatMap((family) =>
    family.values.flatMap(({ metricName = family.name, labels, value, timestamp, created }) => {
      // Its parser of the text format adds the suffix that OpenMetrics has.
      const name = family.type === 'counter' && !metricName.endsWith('_total') ? `${metricName}_total` : metricName;
      const time = timestamp === undefined ? null : Math.round(timestamp * 1000) / 1000;
      const series: [string, ...unknown[]][] = [
        [name, labels, Number.isFinite(value) ? value : String(value).replace('Infinity', 'inf').toLowerCase(), time],
      ];
      if (created !== undefined && format === 'openmetrics')
        series.push([`${family.name.replace(/_total$/, '')}_created`, labels, created, time]);
      return series;
    }),
  );
}
